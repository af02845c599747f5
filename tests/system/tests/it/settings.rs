//! Settings of a run from the environment, and locks that its tests share.

use std::path::PathBuf;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

static MACHINE: RwLock<()> = RwLock::new(());

/// Exclusive use of the machine: tests that load it and measure time run one after another.
pub(crate) fn whole_machine() -> RwLockWriteGuard<'static, ()> {
    MACHINE.write().unwrap_or_else(PoisonError::into_inner)
}

/// A part of the machine: tests that hold whatever else runs, and wait more than they work, run beside each other.
pub(crate) fn part_of_the_machine() -> RwLockReadGuard<'static, ()> {
    MACHINE.read().unwrap_or_else(PoisonError::into_inner)
}

/// The binary under test.
pub(crate) fn gondola() -> PathBuf {
    if let Some(path) = variable("GONDOLA_BIN") {
        return PathBuf::from(path);
    }
    // target/debug/deps/it-... -> target/debug/gondola
    let this = std::env::current_exe().unwrap();
    let path = this.parent().unwrap().with_file_name("gondola");
    assert!(
        path.exists(),
        "there is no {}: build it with `cargo build -p gondola`, or name one with GONDOLA_BIN",
        path.display()
    );
    path
}

/// A number from outside, or its default.
pub(crate) fn number(name: &str, default: u32) -> u32 {
    let given = variable(name).map(|text| text.parse());
    given.map_or(default, |number| {
        number.unwrap_or_else(|_| panic!("{name} must be a whole number"))
    })
}

/// A variable of the environment, if it is set to something.
#[expect(clippy::disallowed_methods, reason = "a test run has no command line of its own")]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|text| !text.is_empty())
}

/// Says why a test cannot run on this machine; the line is looked for in the run's output.
pub(crate) fn skipped(capability: &str) {
    eprintln!("SKIPPED({capability})");
}
