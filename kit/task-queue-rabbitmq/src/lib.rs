//! Task queues between processes, on `RabbitMQ`.
//!
//! A queue is a quorum queue with a limit to redeliveries; behind it stands one for its dead letters, to which they are moved
//! at least once. A task is persistent, and the queue has it once the broker has confirmed it and has not returned it. A
//! broker that was lost is looked for again at the next call.

mod link;
mod links;
mod queue;
mod worker;

pub use links::RabbitOptions;
pub use queue::RabbitQueue;
