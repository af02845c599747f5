//! Limits on what a customer and a caller may hold at a time: a gate before the decision of each hold.
//!
//! The gate is in front of the executor, where every hold passes whatever asked for it, and no process waits in it
//! for another. It counts what the log says and what is being decided, in one lock that is held for no input or output. Only a
//! hold that seems to be too much waits: until the ledger has seen all of the log, and then overdue holds are free as well.

mod gate;
mod ledger;
mod limits;
#[cfg(test)]
mod tests;

pub(crate) use gate::{HoldGate, Passage, SharedLedger, is_counted};
pub(crate) use ledger::{HeldLine, HoldLedger, REQUESTERS_KEPT};
pub(crate) use limits::Holder;
pub use limits::{HoldLimit, HoldLimitReached, HoldLimits, HolderKind, Limited};
