//! Threads for work that nobody waits for: on a busy machine they leave the cores to those that answer requests.

use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};

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
    /// Starts the thread; it ends when this handle is dropped and the last job is done.
    pub fn start(name: &str, state: S) -> io::Result<Self> {
        let (jobs, waiting) = channel();
        let work = move || serve(state, &waiting);
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

fn serve<S>(mut state: S, jobs: &Receiver<Job<S>>) {
    stand_back();
    while let Ok(job) = jobs.recv() {
        job(&mut state);
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
