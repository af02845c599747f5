//! The event store over MySQL or MariaDB, which several processes may write at once.
//!
//! A group of appends is one transaction in two round trips: the first locks the log's one row and reads what the group names,
//! the second writes all that is admitted and commits. Who has the row has the positions, so commits come in their order.
//! Readers follow the end of the log by asking for it.

mod appending;
mod batch;
mod database;
mod durable;
mod errors;
mod follower;
mod leases;
mod load;
mod lookup;
mod lost;
mod migrations;
mod pool;
mod purge;
mod reader;
mod rows;
mod session;
mod shared;
mod sql;
mod storable;
mod store;
mod subject_keys;
mod writer;

pub use database::{Database, DatabaseError};
pub use leases::MysqlLeases;
pub use migrations::{Migrated, accept_older_log, incarnation, migrate};
pub use store::{MysqlOptions, MysqlStore};
pub use subject_keys::MysqlSubjectKeys;
