//! A transfer: units of one store on their way to another, as one document that loses none of them.
//!
//! A transfer is a place of its own. Its units leave the source's stock levels in one append, are here while they are in
//! transit, and arrive in parts. What must happen in a store is a [`TransferStep`], ordered by an event and followed by one
//! that tells its outcome: there is at most one at a time, so that nothing overtakes anything.

mod command;
mod decide;
mod event;
mod refusal;
mod state;
mod step;
#[cfg(test)]
mod tests;

pub use command::{
    Arrival, CancelTransfer, ExpireTransfer, ReceiveArrivals, RecordStep, RequestTransfer,
    ReturnTransfer, SendTransfer, StepOutcome, TransferCommand,
};
pub use decide::decide_transfer;
pub use event::{CancelCause, TransferEvent};
pub use refusal::TransferRefusal;
pub use state::{
    Cancellation, Delayed, Terms, Transfer, TransferLine, TransferStatus, evolve_transfer,
};
pub use step::{NextStep, TransferStep};

/// Version of what follows what; noted when a transfer begins, which goes on by it to its end.
pub const TRANSFER_DEFINITION: u16 = 1;

/// The most receipts of one transfer.
pub const RECEIPTS_MAX: u32 = 100;
