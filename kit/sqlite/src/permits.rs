//! How many background threads of this process may work at once.

use std::num::NonZeroUsize;
use std::sync::LazyLock;

use parking_lot::{Condvar, Mutex};

/// A semaphore for background threads: as many permits as the machine has cores but one, and at least one.
///
/// Each of them works for tens of milliseconds at a time. All of them together would stop a small machine from
/// answering, however low their priority: inside the database they do not yield.
#[derive(Debug)]
pub(crate) struct BackgroundPermits {
    free: Mutex<usize>,
    released: Condvar,
}

impl BackgroundPermits {
    /// The permits of this process. They are static because cores belong to the process, not to a store or a view: two
    /// sets of permits would let twice as many threads work.
    pub(crate) fn of_this_process() -> &'static Self {
        static PERMITS: LazyLock<BackgroundPermits> = LazyLock::new(|| {
            let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
            BackgroundPermits::new(cores.saturating_sub(1).max(1))
        });
        &PERMITS
    }

    pub(crate) fn new(permits: usize) -> Self {
        Self { free: Mutex::new(permits), released: Condvar::new() }
    }

    /// Waits for a permit, which is released when the guard is dropped. Its holder must not wait for the work of another
    /// background thread.
    pub(crate) fn acquire(&self) -> BackgroundPermit<'_> {
        let mut free = self.free.lock();
        self.released.wait_while(&mut free, |free| *free == 0);
        *free -= 1;
        BackgroundPermit(self)
    }
}

/// The right to work now.
#[must_use]
pub(crate) struct BackgroundPermit<'a>(&'a BackgroundPermits);

impl Drop for BackgroundPermit<'_> {
    fn drop(&mut self) {
        *self.0.free.lock() += 1;
        self.0.released.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    #[test]
    fn as_many_work_at_once_as_there_are_permits() {
        let permits = BackgroundPermits::new(2);
        let (working, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..6 {
                scope.spawn(|| {
                    for _ in 0..50 {
                        let _permit = permits.acquire();
                        let now = working.fetch_add(1, Ordering::SeqCst) + 1;
                        most.fetch_max(now, Ordering::SeqCst);
                        std::thread::sleep(Duration::from_micros(100));
                        working.fetch_sub(1, Ordering::SeqCst);
                    }
                });
            }
        });
        assert_eq!(most.into_inner(), 2);
    }
}
