//! What customers and callers hold, kept beside the log: a file that a restart goes on from, and the counts in memory.

mod view;

pub(crate) use view::open_holders;
