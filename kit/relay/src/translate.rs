//! Translates a context's own events into published messages.

use std::sync::Arc;

use async_trait::async_trait;
use kit_core::RecordedEvent;
use kit_event_bus::Message;
use kit_event_store::EventStoreError;

/// The message about an event, `None` where there is nothing to tell; [`EventStoreError::Corrupt`] where the event cannot be
/// read, which parks its stream.
pub type Told = Result<Option<Message>, EventStoreError>;

/// Makes messages of recorded events.
///
/// A function from one event to what is told of it is a translation too.
#[async_trait]
pub trait Translate: Send {
    /// What is told of some events, one for each and in their order; the same events may come again. What is told of
    /// later events of a stream with an unreadable one is not published.
    async fn translate(
        &mut self,
        events: &[Arc<RecordedEvent>],
    ) -> Result<Vec<Told>, EventStoreError>;
}

#[async_trait]
impl<F> Translate for F
where
    F: FnMut(&RecordedEvent) -> Told + Send,
{
    async fn translate(
        &mut self,
        events: &[Arc<RecordedEvent>],
    ) -> Result<Vec<Told>, EventStoreError> {
        Ok(events.iter().map(|event| self(event)).collect())
    }
}
