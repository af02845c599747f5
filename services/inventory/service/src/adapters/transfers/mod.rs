//! The list of transfers in SQLite, built from the log in a file of each process's own.

mod read;
mod view;

pub(crate) use read::SqliteTransfers;
pub(crate) use view::open_transfer_list;
