//! The notification context's rules: webhooks and subscriptions, what each is told, and when it is tried again; alerts, and when
//! one opens.
//!
//! Nothing here does input or output. Time, chance and answers are arguments: [`decide`] says what a command leads to,
//! [`evolve`] what an event makes of a webhook, [`judge`] what an attempt means for its delivery.

pub mod alerts;
mod command;
mod description;
mod event;
mod event_type;
mod id;
mod judgement;
mod refusal;
mod schedule;
mod subscriptions;
mod url;
mod webhook;

pub use command::{Change, Disable, Register, Remove, RotateSecret, WebhookCommand, decide};
pub use description::{Description, InvalidDescription};
pub use event::WebhookEvent;
pub use event_type::{EventType, EventTypes, InvalidEventTypes};
pub use id::{
    AlertId, AlertRuleId, DeliveryId, NotificationId, ProductId, StoreId, SubscriptionId, WebhookId,
};
pub use judgement::{Answer, FAILING_MAX, Verdict, has_failed_too_long, judge};
pub use refusal::Refusal;
pub use schedule::{ATTEMPTS_MAX, Jitter, RETRY_AFTER_MAX, pause_after};
pub use subscriptions::{
    Channel, ChannelAnswer, Due, GROUPING_MAX, InvalidGrouping, InvalidQuietHours,
    InvalidRecipient, Language, LocalTime, QuietHours, Recipient, Severity, Subscription,
    SubscriptionRefusal, SubscriptionSettings, grouping, judge_answer, local_text,
};
pub use url::{EndpointUrl, InvalidEndpointUrl};
pub use webhook::{
    DisabledReason, InvalidStores, STORES_MAX, Settings, Status, Webhook, evolve, stores,
};
