//! Publishes what a context's log holds on the bus: log, translation, messages.
//!
//! The log is the outbox. A [`Relay`] reads it in order and publishes what a [`Translate`] makes of it, at least once
//! and in order. It never ends by itself: what fails is tried again with growing pauses.
//!
//! Where it begins depends on the bus. With a durable bus it goes on after the last event that it has published, which
//! it notes in the log's [`Checkpoints`](kit_event_store::Checkpoints) only after publishing, so nothing is ever left
//! out. A bus that forgets is told everything again at each start, since those who listen have forgotten too. What no
//! group of the bus takes is passed over.

mod relay;
mod translate;

pub use relay::{Relay, RelayConfig};
pub use translate::Translate;
