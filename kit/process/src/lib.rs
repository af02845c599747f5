//! Tasks and threads that the process cannot do without: a panic in one ends the process, so that nothing runs on half alive.
//!
//! A restart reads everything from disk. A process without its log writer, or without one of its shards, would refuse
//! commands for ever and still look healthy.

mod fault;

use std::any::Any;
use std::future::poll_fn;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::pin;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use futures_util::FutureExt as _;

#[cfg(debug_assertions)]
pub use fault::arm;
pub use fault::fault_point;

/// Time for the last answers and log lines to leave before the process ends.
const LAST_WORDS: Duration = Duration::from_millis(300);

/// Ends the process soon: says why in the log, lets what is on its way leave, and aborts 300 ms later.
pub fn end(reason: &str) {
    tracing::error!(reason, "process_ends");
    let last = || {
        thread::sleep(LAST_WORDS);
        std::process::abort();
    };
    if thread::Builder::new().name("last-words".to_owned()).spawn(last).is_err() {
        std::process::abort();
    }
}

/// Runs a critical task: a panic in it [ends](end) the process.
pub async fn critical_task<T>(name: &str, task: impl Future<Output = T>) -> T {
    let mut task = pin!(task);
    let task = poll_fn(|context| {
        fault_point(name);
        task.as_mut().poll(context)
    });
    // whatever the panic has left half done dies with the process
    match AssertUnwindSafe(task).catch_unwind().await {
        Ok(output) => output,
        Err(panic) => {
            end(&panicked("task", name, &panic));
            resume_unwind(panic)
        }
    }
}

/// Starts a critical thread: a panic in it is told to `on_panic`, which is to [`end`] the process.
pub fn critical_thread(
    name: &'static str,
    on_panic: impl FnOnce(&str) + Send + 'static,
    work: impl FnOnce() + Send + 'static,
) -> io::Result<JoinHandle<()>> {
    let supervised = move || {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(work)) {
            on_panic(&panicked("thread", name, &panic));
            resume_unwind(panic);
        }
    };
    thread::Builder::new().name(name.to_owned()).spawn(supervised)
}

fn panicked(kind: &str, name: &str, panic: &Box<dyn Any + Send>) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("the critical {kind} {name} has panicked: {}", text.unwrap_or("for no known reason"))
}
