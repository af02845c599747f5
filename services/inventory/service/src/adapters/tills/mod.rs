//! The list of tills in SQLite, built from their batches in the log, in a file of each process's own.

mod batches;
mod read;
mod view;

pub(crate) use read::SqliteTills;
pub(crate) use view::{due_pos_batches, open_till_list};
