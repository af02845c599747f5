//! Background threads: on a busy machine they yield the cores to the threads that answer requests.

use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use kit_event_store::projection::ProjectionError;
use kit_process::critical_thread;
use tokio::sync::oneshot;

use crate::permits::BackgroundPermits;

/// Priority of such a thread as a nice value: it gets a third of what an equally busy thread gets, so under full load
/// the views lag a little rather than every answer.
const NICE: i32 = 5;

type Job<S> = Box<dyn FnOnce(&mut S) + Send>;

/// A thread that owns a state and works on it, one job after the other.
#[derive(Debug)]
pub struct Background<S> {
    /// As long as its callers are many: each waits for its own job. `None` once the thread is to end.
    jobs: Option<Sender<Job<S>>>,
    thread: Option<JoinHandle<()>>,
}

impl<S: Send + 'static> Background<S> {
    /// Starts the thread. A panic ends the process.
    ///
    /// Dropping this handle waits until the last job is done and the state is dropped: a connection that is closed later
    /// could remove the `-wal` and `-shm` of a new file that has got its name.
    ///
    /// Each job waits for a permit of the process's background threads, of which there is one for each core but one.
    pub fn start(name: &'static str, state: S) -> io::Result<Self> {
        let (jobs, waiting) = channel();
        let work = move || serve(state, &waiting);
        let thread = critical_thread(name, kit_process::end, work)?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Has the thread do its part of a projection and waits for it. An error also when the thread has gone, and the
    /// process ends.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut S) -> Result<T, ProjectionError> + Send + 'static,
    ) -> Result<T, ProjectionError> {
        let (reply, done) = oneshot::channel();
        // a caller that does not wait any more has lost interest in the result, not in the work
        let job = Box::new(move |state: &mut S| drop(reply.send(work(state))));
        // a job that is not taken is dropped, and its reply with it
        if let Some(jobs) = &self.jobs {
            drop(jobs.send(job));
        }
        let gone = |_| ProjectionError::View("its thread has gone, see the log".into());
        done.await.map_err(gone)?
    }
}

impl<S> Drop for Background<S> {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // a panic in it has been told and ends the process
            drop(thread.join());
        }
    }
}

fn serve<S>(mut state: S, jobs: &Receiver<Job<S>>) {
    lower_thread_priority();
    while let Ok(job) = jobs.recv() {
        let _permit = BackgroundPermits::of_this_process().acquire();
        job(&mut state);
    }
}

/// Rows between two yields; each is the work of a few microseconds.
const YIELD_EVERY: usize = 16;

/// Iterates over `rows` and yields the CPU after every 16. Otherwise a background thread keeps its core for a whole
/// scheduler tick, which is 4 ms.
pub fn yielding<T>(rows: impl IntoIterator<Item = T>) -> impl Iterator<Item = T> {
    rows.into_iter().enumerate().map(|(index, row)| {
        if index % YIELD_EVERY == YIELD_EVERY - 1 {
            std::thread::yield_now();
        }
        row
    })
}

/// Lets every thread of normal priority go before this one.
pub(crate) fn lower_thread_priority() {
    // on Linux this is about the calling thread alone; elsewhere it would slow the whole process
    if cfg!(target_os = "linux")
        && let Err(error) = rustix::process::setpriority_process(None, NICE)
    {
        tracing::debug!(%error, "background_thread_has_normal_priority");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use kit_testkit::process::assert_ends_process;

    use super::Background;

    /// A state that takes its time to close.
    struct Slow(#[expect(dead_code, reason = "counted")] Arc<()>);

    impl Drop for Slow {
        fn drop(&mut self) {
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    #[test]
    fn a_dropped_background_thread_has_closed_its_state() {
        let open = Arc::new(());
        let slow = Background::start("slow", Slow(Arc::clone(&open))).unwrap();
        assert_eq!(Arc::strong_count(&open), 2);
        drop(slow);
        assert_eq!(Arc::strong_count(&open), 1);
    }

    #[test]
    fn a_panic_in_a_background_thread_ends_the_process() {
        let name = "background::tests::a_panic_in_a_background_thread_ends_the_process";
        assert_ends_process(name, async || {
            let bad = Background::start("bad", ()).unwrap();
            bad.run(|()| -> Result<(), _> { panic!("on purpose") }).await.unwrap_err();
        });
    }
}
