//! Transfers between stores, as a process: the source holds and sends, the destination receives.
//!
//! Each step is one append in the streams of ONE store, and the transfer's own stream says what was ordered and what came
//! of it. Nothing needs two stores in one log: a participant is asked, not read.

pub(in crate::process_managers) mod codec;
mod door;
mod process;
mod read_model;

pub(crate) use door::TransfersDeps;
pub use door::{TransferAt, TransferError, TransferOrder, Transfers};
pub use process::TransferProcess;
pub use read_model::{ListedTransfer, TransferFilter, TransferReadModel};
