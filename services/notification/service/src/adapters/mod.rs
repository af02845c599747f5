//! Adapters of the notification context: its state in SQLite, the followers of the logs, and the way to receivers.

mod channels;
mod follower;
mod receiver;
mod sqlite;

pub(crate) use channels::ConfiguredChannels;
pub use channels::{
    ChannelsConfig, ChannelsError, EmailConfig, InvalidMailbox, InvalidSmtpUrl, MailboxAddress,
    ProviderConfig, Secret, SmtpUrl,
};
pub(crate) use follower::NewsFollower;
pub(crate) use receiver::HttpReceiver;
pub(crate) use sqlite::{OpenError, SqliteWebhooks};
