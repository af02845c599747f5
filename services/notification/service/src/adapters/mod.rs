//! Adapters of the notification context: its states in SQLite, the followers of the logs, and the way to receivers.

mod alerts;
mod channels;
mod follower;
mod receiver;
mod sqlite;

pub(crate) use alerts::{AlertFollower, AlertNews, SqliteAlerts};
pub(crate) use channels::ConfiguredChannels;
pub use channels::{
    ChannelsConfig, ChannelsError, EmailConfig, InvalidMailbox, InvalidSmtpUrl, MailboxAddress,
    ProviderConfig, Secret, SmtpUrl,
};
pub(crate) use follower::NewsFollower;
pub(crate) use receiver::HttpReceiver;
pub(crate) use sqlite::{OpenError, SqliteWebhooks};
