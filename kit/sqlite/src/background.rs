//! Threads for work that nobody waits for: on a busy machine they leave the cores to those that answer requests.

use std::io;
use std::num::NonZeroUsize;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

/// How much such a thread stands back, as a nice value: it gets a third of what an equally busy thread gets, so
/// under full load the views lag a little rather than every answer.
const NICE: i32 = 5;

type Job<S> = Box<dyn FnOnce(&mut S) + Send>;

/// A thread that owns a state and works on it, one job after the other.
#[derive(Debug)]
pub struct Background<S> {
    /// As long as its callers are many: each waits for its own job.
    jobs: Sender<Job<S>>,
}

impl<S: Send + 'static> Background<S> {
    /// Starts the thread; it ends when this handle is dropped and the last job is done. Each job is a turn.
    pub fn start(name: &str, turns: Turns, state: S) -> io::Result<Self> {
        let (jobs, waiting) = channel();
        let work = move || serve(state, &turns, &waiting);
        std::thread::Builder::new().name(name.to_owned()).spawn(work)?;
        Ok(Self { jobs })
    }

    /// Has the thread do something and waits for it; `None` when a job has panicked.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut S) -> T + Send + 'static,
    ) -> Option<T> {
        let (reply, done) = oneshot::channel();
        // whoever does not wait any more has lost interest in the result, not in the work
        let job = Box::new(move |state: &mut S| drop(reply.send(work(state))));
        self.jobs.send(job).ok()?;
        done.await.ok()
    }
}

fn serve<S>(mut state: S, turns: &Turns, jobs: &Receiver<Job<S>>) {
    stand_back();
    while let Ok(job) = jobs.recv() {
        let _turn = turns.take();
        job(&mut state);
    }
}

/// Lets the background threads of a process work in turn, so many at a time as the machine has cores but one.
///
/// Each works for tens of milliseconds at a time. Were all at it at once, a small machine would answer nobody
/// meanwhile, however far they stand back: what they do inside the database is not interrupted at every wish.
#[derive(Clone, Debug)]
pub struct Turns(Arc<Room>);

#[derive(Debug)]
struct Room {
    /// How many more may work now.
    free: Mutex<usize>,
    left: Condvar,
}

impl Default for Turns {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Self::new(cores.saturating_sub(1).max(1))
    }
}

impl Turns {
    /// So many threads at a time.
    fn new(at_once: usize) -> Self {
        Self(Arc::new(Room { free: Mutex::new(at_once), left: Condvar::new() }))
    }

    /// Waits for a turn; it ends when the guard is dropped. Whoever has one must not wait for another one's work.
    pub(crate) fn take(&self) -> Turn<'_> {
        let free = self.0.left.wait_while(self.0.free(), |free| *free == 0);
        *free.unwrap_or_else(PoisonError::into_inner) -= 1;
        Turn(&self.0)
    }
}

impl Room {
    fn free(&self) -> MutexGuard<'_, usize> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to work now.
#[must_use]
pub(crate) struct Turn<'a>(&'a Room);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.0.free() += 1;
        self.0.left.notify_one();
    }
}

/// Rows, each the work of a few microseconds, after which others go first.
const YIELD_EVERY: usize = 16;

/// The same rows, for long work of such a thread: it lets others go first every now and then, where it would else hold
/// a core until the system's next tick, which is milliseconds away.
pub fn paced<T>(rows: impl IntoIterator<Item = T>) -> impl Iterator<Item = T> {
    rows.into_iter().enumerate().map(|(place, row)| {
        if place % YIELD_EVERY == YIELD_EVERY - 1 {
            std::thread::yield_now();
        }
        row
    })
}

/// Lets every thread of normal priority go before this one.
pub(crate) fn stand_back() {
    // on Linux this is about the calling thread alone; elsewhere it would slow the whole process
    if cfg!(target_os = "linux")
        && let Err(error) = rustix::process::setpriority_process(None, NICE)
    {
        tracing::debug!(%error, "background_thread_has_normal_priority");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    #[test]
    fn as_many_work_at_once_as_there_are_turns() {
        let (turns, working, most) = (Turns::new(2), AtomicUsize::new(0), AtomicUsize::new(0));
        // two at once: else this would wait for ever
        drop((turns.take(), turns.take()));
        std::thread::scope(|scope| {
            for _ in 0..6 {
                scope.spawn(|| {
                    for _ in 0..50 {
                        let _turn = turns.take();
                        most.fetch_max(
                            working.fetch_add(1, Ordering::SeqCst) + 1,
                            Ordering::SeqCst,
                        );
                        std::thread::sleep(Duration::from_micros(100));
                        working.fetch_sub(1, Ordering::SeqCst);
                    }
                });
            }
        });
        assert!(most.into_inner() <= 2);
    }

    #[tokio::test]
    async fn a_turn_ends_with_a_job_that_panicked() {
        let turns = Turns::new(1);
        let bad = Background::start("bad", turns.clone(), ()).unwrap();
        assert_eq!(bad.run(|()| panic!("on purpose")).await, None::<()>);
        let good = Background::start("good", turns, 7).unwrap();
        let state = tokio::time::timeout(Duration::from_mins(1), good.run(|state| *state)).await;
        assert_eq!(state, Ok(Some(7)), "the turn is free again");
    }
}
