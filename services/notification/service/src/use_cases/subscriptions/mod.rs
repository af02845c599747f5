//! Subscriptions: who is told what by e-mail, SMS or push, the messages that wait, and their sender.

mod codec;
mod commands;
mod entry;
mod facts;
mod message;
mod metrics;
mod notice;
mod notification;
mod ports;
mod sender;

pub use codec::{StoredSettings, decode_subscription, encode_subscription};
pub use commands::{SUBSCRIPTIONS_MAX, Subscriptions, SubscriptionsDeps};
pub use entry::{SubscriptionEntry, SubscriptionError, SubscriptionWrite, WantedSubscription};
pub use message::{Message, MessageError, Messages};
pub use notice::{Notice, TEST_EVENT};
pub use notification::{
    DayOfChannel, DueNotification, Notification, NotificationAttempt, NotificationAttemptMade,
    NotificationDetail, NotificationEvent, NotificationQuery, NotificationReplay,
    NotificationState, NotificationTally,
};
pub use ports::{
    CatalogueNames, Channels, NotificationQueue, NotificationReadModel, Outgoing, Sent,
    SubscriptionRepository,
};
pub use sender::{NotificationSender, NotificationSenderDeps};
