//! What the threads of a store and its readers share, and in which order it is locked.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use kit_core::Position;
use kit_event_store::{EventStoreError, LogHealth};
use parking_lot::{Condvar, Mutex, RwLock, RwLockReadGuard, RwLockWriteGuard};
use tokio::sync::watch;

use crate::index::MaxKeys;
use crate::memtable::{Memtable, Memtables};
use crate::options::OnFatal;
use crate::recent_events::RecentEvents;

/// The state of a running store. Locks are taken in the order of the fields.
pub(crate) struct Shared {
    /// Whether a flush to the index runs.
    flushing: Mutex<bool>,
    flush_ended: Condvar,
    memtables: RwLock<Memtables>,
    max_keys: RwLock<MaxKeys>,
    recent: RwLock<RecentEvents>,
    /// The last durable position. It is moved on while everything above is locked and knows what is there, so that nobody
    /// sees an event beyond it.
    pub(crate) head: watch::Sender<Position>,
    stopped: OnceLock<String>,
    pub(crate) health: LogHealth,
    /// Whether the last handle of the store was dropped.
    closing: AtomicBool,
    on_fatal: OnFatal,
}

impl Shared {
    pub(crate) fn new(head: Position, max_keys: MaxKeys, on_fatal: OnFatal) -> Self {
        Self {
            flushing: Mutex::new(false),
            flush_ended: Condvar::new(),
            memtables: RwLock::default(),
            max_keys: RwLock::new(max_keys),
            recent: RwLock::default(),
            head: watch::Sender::new(head),
            stopped: OnceLock::new(),
            health: LogHealth::default(),
            closing: AtomicBool::new(false),
            on_fatal,
        }
    }

    pub(crate) fn memtables(&self) -> RwLockReadGuard<'_, Memtables> {
        self.memtables.read()
    }

    pub(crate) fn memtables_mut(&self) -> RwLockWriteGuard<'_, Memtables> {
        self.memtables.write()
    }

    pub(crate) fn max_keys(&self) -> RwLockReadGuard<'_, MaxKeys> {
        self.max_keys.read()
    }

    pub(crate) fn recent(&self) -> RwLockReadGuard<'_, RecentEvents> {
        self.recent.read()
    }

    pub(crate) fn recent_mut(&self) -> RwLockWriteGuard<'_, RecentEvents> {
        self.recent.write()
    }

    /// Seals the active memtable, unless another one is still being flushed.
    pub(crate) fn begin_flush(&self) -> Option<Arc<Memtable>> {
        let mut flushing = self.flushing.lock();
        let sealed = self.memtables.write().seal()?;
        *flushing = true;
        Some(sealed)
    }

    /// Drops the sealed memtable: its rows are in the index, and look-ups find them there.
    pub(crate) fn end_flush(&self, sealed: &Memtable) {
        {
            // before the memtable is dropped, or a look-up in between would not find a claim
            let mut max_keys = self.max_keys.write();
            sealed.claims.keys().for_each(|key| max_keys.raise(key));
        }
        let mut flushing = self.flushing.lock();
        self.memtables.write().forget_sealed();
        *flushing = false;
        self.flush_ended.notify_all();
    }

    /// Waits for the flush that runs, if any; false when it took longer than `at_most`.
    pub(crate) fn wait_for_flush(&self, at_most: Duration) -> bool {
        let mut flushing = self.flushing.lock();
        let running = |flushing: &mut bool| *flushing;
        !self.flush_ended.wait_while_for(&mut flushing, running, at_most).timed_out()
    }

    /// Marks the store as closing: its last handle was dropped.
    pub(crate) fn close(&self) {
        self.closing.store(true, Ordering::Relaxed);
    }

    /// Whether the index may stay behind the log: the store is closing, and the next start brings the index up to date.
    pub(crate) fn may_leave_index(&self) -> bool {
        self.stopped.get().is_some() || self.closing.load(Ordering::Relaxed)
    }

    pub(crate) fn refuse_when_stopped(&self) -> Result<(), EventStoreError> {
        self.stopped.get().map_or(Ok(()), |why| Err(EventStoreError::Stopped(why.clone())))
    }

    /// Stops the store when one of its threads has panicked.
    pub(crate) fn stopper(self: &Arc<Self>) -> impl FnOnce(&str) + Send + 'static {
        let shared = Arc::clone(self);
        move |why| shared.stop(why)
    }

    /// Whether the log can be relied on now.
    pub(crate) fn check_health(&self) -> Result<(), String> {
        self.stopped.get().map_or_else(|| self.health.check(), |why| Err(why.clone()))
    }

    /// Stops the store for good: the state of the log on disk is not known any more.
    pub(crate) fn stop(&self, why: &str) {
        if self.stopped.set(why.to_owned()).is_ok() {
            (self.on_fatal)(why);
        }
    }
}
