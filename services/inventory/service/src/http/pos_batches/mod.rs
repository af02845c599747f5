//! Batches of tills that were offline, and the tills that sent them.

pub(super) mod body;
pub(super) mod faults;
pub(super) mod get;
pub(super) mod line;
pub(super) mod problems;
pub(super) mod tills;
pub(super) mod upload;
