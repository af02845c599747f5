//! The one thread that writes the index file, behind the log.

use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use kit_core::{Clock, Position};
use kit_event_store::{Snapshot, StoreError};
use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::background::{Turns, stand_back};
use crate::index::{self, PurgeCursor};
use crate::store::Shared;
use crate::tail::Generation;

/// Pause before a failed flush is tried again.
const RETRY_PAUSE: Duration = Duration::from_secs(1);

/// Something to write.
pub(crate) enum IndexJob {
    /// A closed generation of heads and claims.
    Flush(Arc<Generation>),
    /// Snapshots of streams.
    Snapshots { snapshots: Vec<Snapshot>, reply: oneshot::Sender<Result<(), StoreError>> },
    /// Where a subscriber stopped.
    Checkpoint { subscriber: String, at: Position, reply: oneshot::Sender<Result<(), StoreError>> },
}

/// The writer of the index.
pub(crate) struct Indexer {
    pub(crate) index: Connection,
    pub(crate) shared: Arc<Shared>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) turns: Turns,
    pub(crate) purge: PurgeCursor,
}

impl Indexer {
    /// Serves until every sender is gone.
    pub(crate) fn run(mut self, jobs: &Receiver<IndexJob>) {
        stand_back();
        while let Ok(job) = jobs.recv() {
            match job {
                IndexJob::Flush(generation) => self.flush(generation),
                IndexJob::Snapshots { snapshots, reply } => {
                    let done = index::write_snapshots(&mut self.index, &snapshots)
                        .map_err(|error| StoreError::Unavailable(error.to_string()));
                    drop(reply.send(done));
                }
                IndexJob::Checkpoint { subscriber, at, reply } => {
                    let done = index::write_checkpoint(&self.index, &subscriber, at)
                        .map_err(|error| StoreError::Unavailable(error.to_string()));
                    drop(reply.send(done));
                }
            }
        }
    }

    /// Writes a generation, however often it takes: until then the tail answers for it from memory. A store that closes
    /// waits for one try only, or a full disk would keep the process from ending.
    fn flush(&mut self, generation: Arc<Generation>) {
        loop {
            let turn = self.turns.take();
            let purge = Some((&mut self.purge, self.clock.now()));
            let Err(error) = index::write(&mut self.index, &generation, purge) else {
                return self.shared.flushed(generation);
            };
            drop(turn);
            tracing::error!(%error, "index_flush_failed");
            if self.shared.may_leave_index() {
                return;
            }
            std::thread::sleep(RETRY_PAUSE);
        }
    }
}
