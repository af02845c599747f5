//! Translates a context's own events into published messages.

use std::sync::Arc;

use async_trait::async_trait;
use kit_core::RecordedEvent;
use kit_event_bus::Message;
use kit_event_store::EventStoreError;

/// The message about an event; [`EventStoreError::Corrupt`] where the event cannot be read, which parks its stream.
pub type Told = Result<Message, EventStoreError>;

/// Makes messages of recorded events.
///
/// A function from one event to one message is a translation too.
#[async_trait]
pub trait Translate: Send {
    /// Whether anything is told of an event; those that are not are passed over.
    fn tells_of(&self, _event: &RecordedEvent) -> bool {
        true
    }

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
