//! Versioned integration events: the only thing that the contexts share.
//!
//! A context translates its own events into these and publishes them as [`CloudEvent`]s, in JSON. Every event carries
//! the full present state of its subject, never a difference, so a consumer needs no history: it keeps the state with
//! the highest version and drops the others, and duplicates and late arrivals do no harm. That matters, because order
//! holds per topic and key only, and each event type is a topic of its own.
//!
//! A published shape never changes: fields may be added, which readers ignore, but a renamed or removed field, a new
//! word in a closed list, or another meaning is a new type ending in `.v2`. The samples in `golden/` are the published
//! contract and are kept for ever; `docs/asyncapi.json` ([`asyncapi()`]) describes it for other languages.

mod alerts;
mod asyncapi;
mod catalogue;
mod cloud_event;
mod event;
mod inventory;
mod order;
mod source_log;
pub mod surrogate_keys;
pub mod topics;

#[cfg(test)]
mod tests;

pub use alerts::{AlertChangedEvent, AlertSeverity};
pub use asyncapi::asyncapi;
pub use catalogue::{
    Location, ProductState, ProductStatus, StoreKind, StoreState, StoreStatus, UnitPrice,
};
pub use cloud_event::{CloudEvent, DecodeError};
pub use event::IntegrationEvent;
pub use inventory::InventoryUpdatedEvent;
pub use order::{ConfirmedLine, OrderConfirmedEvent};
pub use source_log::{Origin, SourceLog};
