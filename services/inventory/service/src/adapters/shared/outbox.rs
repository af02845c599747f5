//! Puts levels into the shared cache behind those who read and write, so that nobody waits for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kit_cache::{Entry, SharedCache, Tell};
use kit_process::critical_task;
use tokio::sync::{Semaphore, mpsc};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Entries that may wait; beyond it the others are told that anything may have changed.
const WAITING_MAX: usize = 10_000;

/// Entries that are put at once, on one connection.
const AT_ONCE: usize = 64;

/// Pause between two attempts to tell that word was lost.
const RETRY_PAUSE: Duration = Duration::from_secs(1);

/// Takes entries for the shared cache.
pub(super) struct Outbox {
    entries: mpsc::Sender<(Entry, Tell)>,
    /// Whether the others lack word of a change.
    lost: Arc<AtomicBool>,
}

impl Outbox {
    pub(super) fn start(
        cache: Arc<dyn SharedCache>,
        tasks: &TaskTracker,
        stop: &CancellationToken,
    ) -> Self {
        let (entries, waiting) = mpsc::channel(WAITING_MAX);
        let lost = Arc::new(AtomicBool::new(false));
        let putting = put_all(waiting, cache, Arc::clone(&lost));
        let putting = stop.clone().run_until_cancelled_owned(putting);
        tasks.spawn(critical_task("shared-cache-outbox", putting));
        Self { entries, lost }
    }

    pub(super) fn put(&self, entry: Entry, tell: Tell) {
        if self.entries.try_send((entry, tell)).is_err() {
            note_lost(&self.lost, tell);
        }
    }
}

fn note_lost(lost: &AtomicBool, tell: Tell) {
    if tell == Tell::Others {
        lost.store(true, Ordering::SeqCst);
    }
}

async fn put_all(
    mut waiting: mpsc::Receiver<(Entry, Tell)>,
    cache: Arc<dyn SharedCache>,
    lost: Arc<AtomicBool>,
) {
    let permits = Arc::new(Semaphore::new(AT_ONCE));
    loop {
        match timeout(RETRY_PAUSE, waiting.recv()).await {
            Ok(None) => return,
            Ok(Some((entry, tell))) => {
                let (cache, lost) = (Arc::clone(&cache), Arc::clone(&lost));
                let permit = Arc::clone(&permits).acquire_owned().await;
                tokio::spawn(async move {
                    if cache.put_if_newer(entry, tell).await.is_err() {
                        note_lost(&lost, tell);
                    }
                    drop(permit);
                });
            }
            Err(_) if lost.swap(false, Ordering::SeqCst) => {
                if cache.invalidate_all().await.is_err() {
                    note_lost(&lost, Tell::Others);
                }
            }
            Err(_) => {}
        }
    }
}
