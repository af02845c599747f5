//! What the context does, and the ports through which it does it.

pub mod alerts;
mod delivery;
mod dispatcher;
mod entry;
mod errors;
mod event_codec;
mod keyed_id;
mod metrics;
mod news;
mod order_confirmations;
mod ports;
mod secret;
mod sender;
pub mod subscriptions;
mod webhooks;

pub use delivery::{
    Attempt, AttemptMade, DayFigures, Delivery, DeliveryDetail, DeliveryQuery, DeliveryState,
    DueDelivery, Replay, Tally,
};
pub use dispatcher::{Dispatcher, Senders, Task, Work};
pub use entry::{HistoryEntry, Wanted, WebhookEntry};
pub use errors::WriteError;
pub use event_codec::{
    SCHEMA_VERSION, Unreadable, decode_event, decode_settings, encode_event, encode_stores,
    encode_types,
};
pub use keyed_id::KeyReused;
pub(crate) use keyed_id::KeyedId;
pub use metrics::SenderMetrics;
pub use news::{News, NewsSource};
pub use order_confirmations::{
    ConfirmationAnswer, ConfirmationRepository, ConfirmationRequest, OrderConfirmations,
    OrderConfirmationsDeps, PreparedConfirmation,
};
pub use ports::{DeliveryQueue, Received, Receiver, WebhookReadModel, WebhookRepository};
pub use secret::{Secret, Signed, sign};
pub use sender::{Sender, SenderDeps};
pub use webhooks::{OVERLAP_MAX, OVERLAP_USUAL, Range, WEBHOOKS_MAX, Webhooks, WebhooksDeps};
