//! What is measured: times and memory.

use std::fs;
use std::time::Duration;

use crate::server::Server;

/// The time that so many of a hundred do not exceed.
pub(crate) fn percentile(of_hundred: usize, times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[(times.len() - 1) * of_hundred / 100]
}

/// Memory that a server has for itself, in KiB. Pages of files that it looks at are not counted: the machine
/// takes them back as it likes.
pub(crate) fn own_memory(server: &Server) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}
