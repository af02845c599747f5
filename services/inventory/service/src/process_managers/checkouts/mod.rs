//! Checkouts, as a process: store, inventory and notification service accept a basket, and commit or roll it back together.

pub(in crate::process_managers) mod codec;
mod door;
mod process;

pub(crate) use door::CheckoutsDeps;
pub use door::{CheckoutAt, CheckoutError, CheckoutOrder, Checkouts, ConfirmationPolicy};
pub use process::CheckoutProcess;
