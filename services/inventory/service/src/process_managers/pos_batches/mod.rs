//! Batches of tills, as a process: a batch is received whole, and its lines are then merged into the stock of its store.

pub(in crate::process_managers) mod codec;
mod door;
mod process;
mod read_model;

pub(crate) use door::PosBatchesDeps;
pub use door::{PosBatchAt, PosBatchError, PosBatches};
pub use process::PosBatchProcess;
pub use read_model::{
    ListedPosBatch, PosBatchFilter, SequenceRange, Till, TillFilter, TillPlace, TillReadModel,
};
