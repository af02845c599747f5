//! The one thread that writes the index file, behind the log.

use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use kit_core::{Clock, Epoch, Position};
use kit_event_store::{EventStoreError, SavedCheckpoint, Snapshot};
use kit_process::fault_point;
use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::background::lower_thread_priority;
use crate::index::{self, PurgeCursor};
use crate::memtable::Memtable;
use crate::permits::BackgroundPermits;
use crate::shared::Shared;

/// Pause before a failed flush is tried again.
const RETRY_PAUSE: Duration = Duration::from_secs(1);

/// Something to write.
pub(crate) enum IndexJob {
    /// A sealed memtable.
    Flush(Arc<Memtable>),
    /// Snapshots of streams.
    Snapshots { snapshots: Vec<Snapshot>, reply: oneshot::Sender<Result<(), EventStoreError>> },
    /// Where a subscriber stopped.
    Checkpoint {
        subscriber: String,
        at: Position,
        epoch: Epoch,
        reply: oneshot::Sender<Result<SavedCheckpoint, EventStoreError>>,
    },
}

/// The writer of the index.
pub(crate) struct Indexer {
    pub(crate) index: Connection,
    pub(crate) shared: Arc<Shared>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) purge: PurgeCursor,
}

impl Indexer {
    /// Runs until every sender is dropped.
    pub(crate) fn run(mut self, jobs: &Receiver<IndexJob>) {
        lower_thread_priority();
        while let Ok(job) = jobs.recv() {
            fault_point("log-indexer");
            match job {
                IndexJob::Flush(sealed) => self.flush(&sealed),
                IndexJob::Snapshots { snapshots, reply } => {
                    let done = index::write_snapshots(&mut self.index, &snapshots)
                        .map_err(|error| EventStoreError::Unavailable(error.to_string()));
                    drop(reply.send(done));
                }
                IndexJob::Checkpoint { subscriber, at, epoch, reply } => {
                    let done = index::write_checkpoint(&mut self.index, &subscriber, at, epoch)
                        .map_err(|error| EventStoreError::Unavailable(error.to_string()));
                    drop(reply.send(done));
                }
            }
        }
    }

    /// Writes a memtable, however often it takes: until then it answers from memory. A store that closes waits for one try
    /// only, or a full disk would keep the process from ending.
    fn flush(&mut self, sealed: &Memtable) {
        loop {
            let permit = BackgroundPermits::of_this_process().acquire();
            let purge = Some((&mut self.purge, self.clock.now()));
            let Err(error) = index::write(&mut self.index, sealed, purge) else {
                return self.shared.end_flush(sealed);
            };
            drop(permit);
            tracing::error!(%error, "index_flush_failed");
            if self.shared.may_leave_index() {
                return;
            }
            std::thread::sleep(RETRY_PAUSE);
        }
    }
}
