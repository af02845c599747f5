//! Translates a context's own events into published messages.

use std::sync::Arc;

use async_trait::async_trait;
use kit_core::RecordedEvent;
use kit_event_bus::Message;
use kit_event_store::EventStoreError;

/// Makes messages of recorded events.
///
/// A function from one event to one message is a translation too.
#[async_trait]
pub trait Translate: Send {
    /// The messages about some events, in the order of the events; the same events may come again.
    async fn translate(
        &mut self,
        events: &[Arc<RecordedEvent>],
    ) -> Result<Vec<Message>, EventStoreError>;
}

#[async_trait]
impl<F> Translate for F
where
    F: FnMut(&RecordedEvent) -> Result<Message, EventStoreError> + Send,
{
    async fn translate(
        &mut self,
        events: &[Arc<RecordedEvent>],
    ) -> Result<Vec<Message>, EventStoreError> {
        events.iter().map(|event| self(event)).collect()
    }
}
