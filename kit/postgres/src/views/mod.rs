//! What read models in PostgreSQL share: one process follows the log for all, and who may write is told by an epoch.
//!
//! The row of a view in `views_follower` has its checkpoint and the lease of its follower, by the database's clock. A process
//! takes over when the lease has run out, and raises the epoch. A follower compares its epoch in the transaction that has its
//! rows, so one that was paused and wakes up writes nothing.

mod announcements;
mod parking;
mod term;

pub use announcements::announced;
pub use parking::{move_parking, parked_streams, release_stream, set_parking};
pub use term::{LEASE, SharedView, Term, ViewPlace, ViewState};

/// The tables that all views in a schema share: the first of its migrations.
pub const TABLES: &str = include_str!("../../migrations/views.sql");
