//! Publishes what a context's log holds on the bus: log, translation, messages.
//!
//! The log is the outbox. A [`Relay`] reads it in order and publishes what a [`Translate`] makes of it, at least once
//! and in order. It never ends by itself: what fails is tried again with growing pauses. A stream with an event that
//! cannot be read is [parked](kit_event_store::parking).
//!
//! Where it begins depends on the bus. With a durable bus it continues after the last event that it has published,
//! whose position it stores in the log's [`Checkpoints`](kit_event_store::Checkpoints) only after publishing, so
//! nothing is ever left out; while a stream is parked, it stores the position before that. When an older log was put back,
//! a durable bus is told everything again, since the new log has another incarnation. To a bus in memory it publishes
//! everything again at each start, since its subscribers have lost their state too; messages that no group subscribes to
//! are skipped.

mod relay;
mod translate;

pub use relay::{Relay, RelayConfig};
pub use translate::{Told, Translate};
