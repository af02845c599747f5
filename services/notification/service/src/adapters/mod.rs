//! Adapters of the notification context: its state in SQLite, the followers of the logs, and the way to receivers.

mod follower;
mod receiver;
mod sqlite;

pub(crate) use follower::NewsFollower;
pub(crate) use receiver::HttpReceiver;
pub(crate) use sqlite::{OpenError, SqliteWebhooks};
