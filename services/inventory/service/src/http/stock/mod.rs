//! Receiving, correcting and counting stock, and its policy: one file per operation.

pub(super) mod add;
pub(super) mod adjust;
pub(super) mod count;
pub(super) mod policy;
