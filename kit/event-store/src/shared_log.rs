//! What adapters over a database server have in common: several processes write the log, and the server can go away.

mod purge;
mod queue;
mod state;
mod writer;

use std::sync::Arc;

use kit_core::{RecordedEvent, StreamId};
use uuid::Uuid;

pub use purge::{ClaimPurge, purge_claims};
pub use queue::{AppendQueue, append_queue};
pub use state::LogState;
pub use writer::{Failed, Failure, GroupAppender, write_groups};

/// Makes the keys of streams, which are UUIDs of version 5.
const STREAMS: Uuid = Uuid::from_u128(0x6d57_0f3c_93e1_4c15_8d4f_6a1c_2f0e_7b21);

/// The 16 bytes by which a stream is known in a database.
#[must_use]
pub fn stream_key(stream: &StreamId) -> Uuid {
    Uuid::new_v5(&STREAMS, stream.as_str().as_bytes())
}

/// The events of each of some appends, in the order asked.
#[must_use]
pub fn events_by_append(
    append_ids: &[Uuid],
    events: Vec<Arc<RecordedEvent>>,
) -> Vec<Vec<Arc<RecordedEvent>>> {
    let mut found = vec![Vec::new(); append_ids.len()];
    for event in events {
        let id = event.metadata.causation_id;
        if let Some(index) = append_ids.iter().position(|asked| *asked == id) {
            found[index].push(event);
        }
    }
    found
}
