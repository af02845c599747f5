//! The lists of processes in SQLite: a file for each kind, built from the log by each process for itself.

mod read;
mod view;

pub(crate) use read::SqliteProcesses;
pub(crate) use view::open_process_list;
