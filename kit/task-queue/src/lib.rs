//! Task queues: work that one worker does, in no order, with a limit to attempts.
//!
//! * [`port`]: what an adapter must do; the contract suite in `kit-testkit` proves that it does.
//! * [`memory`]: the adapter for one process.

pub mod memory;
pub mod port;

pub use memory::MemoryQueue;
pub use port::{DeadLetterReason, Job, Outcome, QueueError, Settle, Task, TaskQueue, Worker};
