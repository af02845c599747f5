//! Real servers: those that `scripts/services-up` starts, ended and started again as by crashes and operators, and ports for others.

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU16, Ordering};

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

/// A port of loopback where nobody listens. It is below those that the kernel gives to a socket by itself, or somebody else
/// might have it before it is used.
///
/// # Panics
/// When none is left.
#[must_use]
pub fn free_port() -> u16 {
    static USED: AtomicU16 = AtomicU16::new(0);
    // two runs at the same time begin at places of their own
    let first = 20_000 + u16::try_from(std::process::id() % 10_000).expect("it is below 10,000");
    loop {
        let port = first + USED.fetch_add(1, Ordering::SeqCst);
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
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
