//! Tells on standard error how far a long check has come.

use std::io::Write;
use std::time::{Duration, Instant};

use super::grouped::grouped;

/// Time between two lines.
const INTERVAL: Duration = Duration::from_secs(1);

/// Number of events between two checks of the clock; a power of two.
const EVENTS_PER_LOOK: u64 = 8_192;

/// How far the check of one log has come.
pub(super) struct Progress<'a> {
    context: &'a str,
    end: u64,
    told: Instant,
}

impl<'a> Progress<'a> {
    /// A check that begins now.
    pub(super) fn new(context: &'a str, end: u64) -> Self {
        Self { context, end, told: Instant::now() }
    }

    /// Prints the position, at most once per interval.
    pub(super) fn tick(&mut self, position: u64) {
        if !position.is_multiple_of(EVENTS_PER_LOOK) || self.told.elapsed() < INTERVAL {
            return;
        }
        self.told = Instant::now();
        let (position, end) = (grouped(position), grouped(self.end));
        // a closed standard error is no reason to stop
        let _ = writeln!(std::io::stderr(), "{}: {position} of {end} events", self.context);
    }
}
