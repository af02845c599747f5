//! The event store over PostgreSQL, which several processes may write at once.
//!
//! A group of appends is one call of a function in the database (`migrations/`). It takes the log's lock first, so commits come
//! in the order of positions, and it is one statement, so nothing is left open when a client goes away. Readers follow the end
//! of the log by `LISTEN`, with polling behind it.
//!
//! [`views`] is what read models in PostgreSQL share, whatever the log is kept in.

mod connections;
mod database;
mod errors;
mod follower;
mod group;
mod group_rows;
mod leases;
mod load;
mod log_tables;
mod lost;
mod migrations;
mod outcomes;
mod purge;
mod reader;
mod rows;
mod session;
mod shared;
mod store;
mod subject_keys;
mod writer;

pub mod views;

pub use connections::{Arguments, Connection, Connections, QueryError};
pub use database::{Database, DatabaseError};
pub use deadpool_postgres::Transaction;
pub use leases::PostgresLeases;
pub use log_tables::{accept_older_log, incarnation, migrate};
pub use migrations::{Migrated, Migration, Migrations};
pub use store::{PostgresOptions, PostgresStore};
pub use subject_keys::PostgresSubjectKeys;
