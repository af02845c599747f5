//! Sagas as operators see them: what each waits for or fails of, its history, another try, its cancellation.

mod body;
pub(super) mod cancel;
pub(super) mod get;
pub(super) mod list;
mod problems;
pub(super) mod retry;
