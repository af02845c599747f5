//! The command executor: contention is batched, not fought.
//!
//! A few shard tasks own all live aggregates. A shard takes everything that waits in its mailbox, decides the commands in
//! order against state that includes everything decided before, and appends them together. While that append is under way
//! it decides the next batch; a caller is answered when its own append, and everything before it, is durable.
//!
//! [`Decider`] and [`Codec`] are what a bounded context writes; [`Executor`] is what its use cases call.

mod aggregate;
mod batch;
mod claimed;
mod decider;
mod deciding;
mod executor;
mod live;
mod log_watch;
mod mailbox;
mod metrics;
mod pauses;
mod settle;
mod shard;
mod snapshots;
mod traces;

pub use decider::{Codec, Decider, Decision, Versioned};
pub use executor::{
    CommandReceipt, CommandResult, Deps, Executor, ExecutorConfig, IDEMPOTENCY_KEPT,
    IDEMPOTENCY_NAMESPACE, Rejection, Request,
};
