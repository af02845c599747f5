//! Shows people how far long work is: a bar on a terminal, now and then a line elsewhere.

use std::io::Write as _;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use gondola_inventory::use_cases::RebuildPhase;
use indicatif::{HumanCount, ProgressBar, ProgressStyle};
use kit_backup::Progress;

/// Time between two lines where no bar is shown.
const TELL_INTERVAL: Duration = Duration::from_secs(5);

/// Phase, bar, share, steps, and how long the rest will take.
const STYLE: &str = "{msg} {wide_bar} {percent:>3} % ({human_pos} of {human_len}), {eta} left";

/// Of a phase whose steps are not known.
const UNKNOWN: &str = "{spinner} {msg} for {elapsed}";

/// Time between two pictures of the spinner.
const TICK: Duration = Duration::from_millis(200);

/// What is shown of the work of one command, on standard error. It is gone when the work is done.
pub(crate) struct Shown {
    bar: ProgressBar,
    lines: Mutex<Lines>,
}

/// The phase, as it is told in lines where there is no terminal.
struct Lines {
    phase: String,
    steps: u64,
    /// When the phase began, or the last line was written.
    told: Instant,
}

impl Shown {
    /// Nothing is shown until a phase begins.
    pub(crate) fn new() -> Self {
        let bar = ProgressBar::no_length();
        bar.set_style(style(STYLE));
        let lines = Lines { phase: String::new(), steps: 0, told: Instant::now() };
        Self { bar, lines: Mutex::new(lines) }
    }

    /// Shows what is done, and for how long, of work that does not tell how far it is; to be dropped when it is done.
    pub(crate) fn of(what: &str) -> Self {
        let shown = Self::new();
        if shown.bar.is_hidden() {
            // a closed standard error is no reason to stop
            let _ = writeln!(std::io::stderr(), "{what} ...");
        }
        shown.wonder(what);
        shown
    }

    /// From here on it is not known how far the work is.
    fn wonder(&self, what: &str) {
        self.bar.set_style(style(UNKNOWN));
        self.bar.set_message(what.to_owned());
        self.bar.enable_steady_tick(TICK);
    }

    /// Shows a rebuild of the views of the inventory.
    pub(crate) fn rebuilding(&self) -> impl Fn(RebuildPhase) {
        |phase| match phase {
            RebuildPhase::Building { position, end } => {
                self.of_log("building the views of the inventory", position.get(), end.get());
            }
            RebuildPhase::Comparing => self.wonder("comparing them with the present ones"),
        }
    }

    /// Shows a check of logs.
    pub(crate) fn verifying(&self) -> impl Fn(&str, u64, u64) {
        |context, position, end| {
            self.of_log(&format!("verifying {context}"), position, end);
        }
    }

    /// Up to where a phase is that goes through a log; it begins when it is told of first.
    fn of_log(&self, phase: &str, position: u64, end: u64) {
        if self.lines().phase != phase {
            self.begin(phase, end);
        }
        self.at(position);
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

impl Progress for Shown {
    fn begin(&self, phase: &str, steps: u64) {
        *self.lines() = Lines { phase: phase.to_owned(), steps, told: Instant::now() };
        self.bar.set_message(phase.to_owned());
        self.bar.set_length(steps);
        self.bar.set_position(0);
        self.bar.reset_eta();
    }

    fn at(&self, done: u64) {
        if !self.bar.is_hidden() {
            self.bar.set_position(done);
            return;
        }
        let mut lines = self.lines();
        if lines.told.elapsed() >= TELL_INTERVAL {
            lines.told = Instant::now();
            let (phase, of) = (&lines.phase, HumanCount(lines.steps));
            // a closed standard error is no reason to stop
            let _ = writeln!(std::io::stderr(), "{phase}: {} of {of}", HumanCount(done));
        }
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
