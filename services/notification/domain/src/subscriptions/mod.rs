//! Subscriptions: people who are told of events by e-mail, SMS or push, and when.

mod channel;
mod outcome;
mod quiet_hours;
mod recipient;
mod subscription;

pub use channel::{Channel, Language, Severity};
pub use outcome::{ChannelAnswer, judge_answer};
pub use quiet_hours::{InvalidQuietHours, LocalTime, QuietHours, local_text};
pub use recipient::{InvalidRecipient, Recipient};
pub use subscription::{
    Due, GROUPING_MAX, InvalidGrouping, Subscription, SubscriptionRefusal, SubscriptionSettings,
    grouping,
};
