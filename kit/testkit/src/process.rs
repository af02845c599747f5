//! Tests of what must end the whole process: each runs in a process of its own.

#![expect(clippy::missing_panics_doc, reason = "in a test a panic is the report")]

use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Set in the process of the test's own.
const OWN_PROCESS: &str = "KIT_TESTKIT_OWN_PROCESS";

/// The process must end this soon after the work was done.
const AT_MOST: Duration = Duration::from_secs(5);

/// Signal by which a process aborts.
const SIGABRT: i32 = 6;

/// Does some work in a process of its own, and insists that it aborts the process within 5 seconds.
///
/// `test` is the full name of the calling test within its binary, such as `shards::a_panic_ends_the_process`. The work
/// runs on a runtime with two threads.
pub fn assert_ends_process(test: &str, work: impl AsyncFnOnce()) {
    if std::env::var_os(OWN_PROCESS).is_some() {
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(2).enable_all().build().expect("a runtime");
        runtime.block_on(async {
            work().await;
            let done = Instant::now();
            tokio::time::sleep(AT_MOST).await;
            panic!("the process lives on {:?} after the work was done", done.elapsed());
        });
    }
    let binary = std::env::current_exe().expect("this binary");
    let ended = Command::new(binary)
        .args(["--exact", test, "--nocapture"])
        .env(OWN_PROCESS, "1")
        .stdin(Stdio::null())
        .output()
        .expect("the binary runs again");
    let told = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.signal(), Some(SIGABRT), "{}: {told}", ended.status);
    assert!(told.contains("panicked at"), "it ended without a word: {told}");
}
