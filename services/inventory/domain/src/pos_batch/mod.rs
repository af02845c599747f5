//! Batches of tills: what a till sold while it was offline, numbered by the till, merged into the stock of its store.
//!
//! A batch is known by its store, its till and its number ([`pos_batch_id`]), so that the same number is the same batch
//! whenever it comes and however often. It is received whole, in one event with all of its lines, and then merged line by
//! line as the step of a process: a crash in between leaves a batch that is received and still to be merged.
//! Lines tell what has happened already, so that none is refused for what the books say.

mod command;
mod decide;
mod difference;
mod event;
mod line;
mod refusal;
mod state;
#[cfg(test)]
mod tests;

use std::time::Duration;

pub use command::{PosBatchCommand, ReceivePosBatch, RecordMerge};
pub use decide::decide_pos_batch;
pub use difference::{POS_DIFFERENCES_MAX, PosDifference};
pub use event::{PosBatchEvent, RefusedLine, ShortLine};
pub use line::{PosLine, PosTimeFault};
pub use refusal::PosBatchRefusal;
pub use state::{LineOutcome, MergeLines, PosBatch, PosBatchTerms, evolve_pos_batch};

use uuid::Uuid;

use crate::{PosBatchId, StoreId, TillId};

/// Most lines of a batch.
pub const POS_LINES_MAX: usize = 2_000;

/// Highest number of a batch; the first is 1.
pub const POS_SEQUENCE_MAX: u64 = 1_000_000_000_000;

/// How long ago a line may have happened. A till whose clock has lost its date would otherwise tell of sales before every
/// count, which move nothing.
pub const POS_AGE_MAX: Duration = Duration::from_hours(24 * 400);

/// Number of the only step of a batch.
const MERGE: u32 = 1;

/// The id of a batch: the same for the same store, till and number.
#[must_use]
pub fn pos_batch_id(store: StoreId, till: &TillId, sequence: u64) -> PosBatchId {
    // the number comes first: whatever a till is called, no two batches have one name
    let name = format!("pos-batch/{sequence}/{till}");
    PosBatchId::from_uuid(Uuid::new_v5(&store.as_uuid(), name.as_bytes()))
}
