//! The servers that `scripts/services-up` starts, started and ended by tests as operators and crashes do.

use std::path::Path;
use std::process::Command;

/// Starts a server that was stopped or killed, and waits until it answers.
///
/// # Panics
/// When it does not start.
pub fn start_server(name: &str) {
    run_script("services-up", &[name], &[]);
}

/// Sends a signal, such as `KILL`, to all processes of a server.
///
/// # Panics
/// When the server was not started by `scripts/services-up`.
pub fn signal_server(name: &str, signal: &str) {
    run_script("services-signal", &[name, signal], &[]);
}

/// Runs one of the scripts for servers with settings of its own.
pub(crate) fn run_script(script: &str, arguments: &[&str], settings: &[(&str, &str)]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let ended = Command::new(root.join("scripts").join(script))
        .args(arguments)
        .envs(settings.iter().copied())
        .output()
        .expect("the script is there");
    let told = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{script} {arguments:?}: {told}");
}
