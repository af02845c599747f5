//! Adapters of the notification context: its states in SQLite, the followers of the logs, and the way to receivers.

mod alerts;
mod follower;
mod receiver;
mod sqlite;

pub(crate) use alerts::{AlertFollower, AlertNews, SqliteAlerts};
pub(crate) use follower::NewsFollower;
pub(crate) use receiver::HttpReceiver;
pub(crate) use sqlite::{OpenError, SqliteWebhooks};
