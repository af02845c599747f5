//! Checkpoints of the log: what its write-ahead log has is brought into the file, by our own call.
//!
//! SQLite makes checkpoints by itself as well, but keeps their errors to itself: a disk that cannot be synced any more
//! would only show as a write-ahead log that grows.

use std::ffi::c_int;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use rusqlite::hooks::Wal;

/// Pages in the write-ahead log at which it is brought into the file: 2 MiB. A checkpoint holds up the writer, so there
/// are many short ones.
const PAGES_MAX: i64 = (2 << 20) / (16 << 10);

/// Failures in a row that are borne.
const FAILURES_MAX: u32 = 3;

/// Pause between two tries after a failure.
const RETRY_PAUSE: Duration = Duration::from_secs(1);

/// Makes the checkpoints of one log.
pub(crate) struct Checkpoints {
    /// Pages in the write-ahead log after the last commit.
    pages: Arc<AtomicI64>,
    failures: u32,
    not_before: Option<Instant>,
}

/// A checkpoint failed.
pub(crate) struct Failed {
    pub(crate) reason: String,
    /// Whether it has failed so often that the log should not go on.
    pub(crate) is_final: bool,
}

impl Checkpoints {
    /// Takes the checkpoints of a log over from SQLite.
    pub(crate) fn take_over(log: &mut Connection) -> rusqlite::Result<Self> {
        let pages = Arc::new(AtomicI64::new(0));
        let counted = Arc::clone(&pages);
        let count = move |_: &mut Wal, pages: c_int| {
            counted.store(pages.into(), Ordering::Relaxed);
            Ok(())
        };
        log.wal_hook(Some(count))?;
        Ok(Self { pages, failures: 0, not_before: None })
    }

    /// Makes a checkpoint if one is due: `None` when it is not, else whether it worked.
    pub(crate) fn make_if_due(&mut self, log: &Connection) -> Option<Result<(), Failed>> {
        let early = self.not_before.is_some_and(|at| Instant::now() < at);
        if early || self.pages.load(Ordering::Relaxed) < PAGES_MAX {
            return None;
        }
        Some(self.make(log))
    }

    fn make(&mut self, log: &Connection) -> Result<(), Failed> {
        let made = log.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
            Ok((row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
        });
        match made {
            Ok((pages, done)) => {
                (self.failures, self.not_before) = (0, None);
                if pages == done {
                    // the next commit begins the write-ahead log anew
                    self.pages.store(0, Ordering::Relaxed);
                }
                Ok(())
            }
            Err(error) => {
                self.failures += 1;
                self.not_before = Some(Instant::now() + RETRY_PAUSE);
                let is_final = self.failures >= FAILURES_MAX;
                Err(Failed { reason: format!("the log file cannot be written: {error}"), is_final })
            }
        }
    }
}

/// Brings all of the write-ahead log into the file and empties it, at the end of a log's use.
pub(crate) fn make_last(log: &Connection) -> rusqlite::Result<()> {
    let is_kept: bool = log.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if is_kept {
        tracing::warn!("write_ahead_log_is_kept");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::{Durability, open_writer};

    #[test]
    fn a_checkpoint_that_fails_is_seen_and_in_the_end_final() {
        let folder = tempfile::tempdir().unwrap();
        let mut log = open_writer(&folder.path().join("log"), Durability::EveryCommit).unwrap();
        let mut checkpoints = Checkpoints::take_over(&mut log).unwrap();
        log.execute_batch("CREATE TABLE t (x)").unwrap();
        assert!(checkpoints.make_if_due(&log).is_none(), "a few pages are not worth it");
        let page = vec![0_u8; 12 << 10];
        for _ in 0..=PAGES_MAX {
            log.execute("INSERT INTO t VALUES (?1)", [&page]).unwrap();
        }
        // within a transaction SQLite refuses a checkpoint
        log.execute_batch("BEGIN IMMEDIATE").unwrap();
        for attempt in 1..=FAILURES_MAX {
            let failed = checkpoints.make_if_due(&log).unwrap().unwrap_err();
            assert_eq!(failed.is_final, attempt == FAILURES_MAX, "{}", failed.reason);
            assert!(checkpoints.make_if_due(&log).is_none(), "there is a pause");
            checkpoints.not_before = None;
        }
        log.execute_batch("COMMIT").unwrap();
        assert!(checkpoints.make_if_due(&log).unwrap().is_ok());
        assert!(checkpoints.make_if_due(&log).is_none(), "all is in the file");
        assert_eq!(checkpoints.failures, 0);
    }
}
