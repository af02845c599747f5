//! Tells people how far an import is, and in the end what became of the file.

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::ensure;
use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressStyle};

use super::checkpoint::Tally;

/// Time between two lines of the log, when there is no terminal to show a bar on.
const TELL_INTERVAL_SECONDS: u64 = 5;

/// A file that is being imported.
pub(super) struct Progress {
    bar: ProgressBar,
    begun: Instant,
    /// Seconds after `begun` when progress was printed last.
    told: AtomicU64,
    /// Lines that this run has applied.
    applied: AtomicU64,
    /// Lines that earlier runs have dealt with.
    lines_before: u64,
    /// Bytes that have been read of the file.
    pub(super) read_bytes: Arc<AtomicU64>,
}

impl Progress {
    /// Progress through a file of `size` bytes that begins, or continues, after `lines_before` lines.
    pub(super) fn new(size: u64, lines_before: u64) -> Self {
        let bar = ProgressBar::new(size);
        let style =
            ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes}, {eta} left {msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self {
            bar,
            begun: Instant::now(),
            told: AtomicU64::new(0),
            applied: AtomicU64::new(0),
            lines_before,
            read_bytes: Arc::new(AtomicU64::new(0)),
        }
    }

    /// This run has put a line into the log.
    pub(super) fn applied(&self) {
        self.applied.fetch_add(1, Ordering::Relaxed);
    }

    /// Says what is being done that has no lines to count.
    pub(super) fn say(&self, what: &'static str) {
        self.bar.set_message(what);
        self.bar.set_position(0);
        self.read_bytes.store(0, Ordering::Relaxed);
        if self.bar.is_hidden() {
            tracing::info!(what, "importing");
        }
    }

    /// Shows how far it is.
    pub(super) fn tell(&self, tally: &Tally) {
        let (lines, rejected) = (tally.lines, tally.rejected());
        let rate = per_second(lines.saturating_sub(self.lines_before), self.begun.elapsed());
        self.bar.set_position(self.read_bytes.load(Ordering::Relaxed));
        let (levels, lines_shown) = (HumanCount(tally.received), HumanCount(lines));
        self.bar.set_message(match lines {
            0 => format!("{levels} stock levels received what is needed"),
            _ => format!("{lines_shown} lines, {rejected} rejected, {} lines/s", HumanCount(rate)),
        });
        let seconds = self.begun.elapsed().as_secs();
        if self.bar.is_hidden()
            && seconds >= self.told.load(Ordering::Relaxed) + TELL_INTERVAL_SECONDS
        {
            self.told.store(seconds, Ordering::Relaxed);
            tracing::info!(
                lines,
                rejected,
                received = tally.received,
                lines_per_second = rate,
                "import_progress"
            );
        }
    }

    /// What became of the lines of a file, for people. Fails when a line is missing in the account.
    pub(super) fn report(
        &self,
        name: &str,
        tally: &Tally,
        rejected_file: &Path,
    ) -> anyhow::Result<String> {
        self.bar.finish_and_clear();
        let elapsed = self.begun.elapsed();
        let (lines, rejected) = (tally.lines, tally.rejected());
        let applied = self.applied.load(Ordering::Relaxed);
        let before = tally.applied.saturating_sub(applied);
        ensure!(
            lines == applied + before + rejected,
            "{lines} lines were read, but {applied} applied, {before} applied before and {rejected} rejected: \
             please report this as a fault of gondola"
        );
        let rate = per_second(lines.saturating_sub(self.lines_before), elapsed);
        let mut text = format!(
            "{name}: {} lines in {}.{} s, {} lines/s{}\n",
            HumanCount(lines),
            elapsed.as_secs(),
            elapsed.subsec_millis() / 100,
            HumanCount(rate),
            peak_memory()
                .map(|peak| format!(", peak memory {}", HumanBytes(peak)))
                .unwrap_or_default(),
        );
        let mut line = |what: &str, count: u64, more: &str| {
            // writing to a string does not fail
            let _ = writeln!(text, "  {what:<28} {:>12}{more}", HumanCount(count).to_string());
        };
        if tally.received + tally.not_received > 0 {
            line("stock levels received first", tally.received, "");
        }
        if tally.not_received > 0 {
            line("stock levels that could not", tally.not_received, "");
        }
        line("applied", applied, "");
        line("applied before", before, "");
        let kept =
            if rejected > 0 { format!("  in {}", rejected_file.display()) } else { String::new() };
        line("rejected", rejected, &kept);
        for (code, count) in &tally.rejected {
            line(&format!("  {code}"), *count, "");
        }
        for (what, count) in &tally.dropped {
            line(&format!("taken without {what}"), *count, "  (not understood)");
        }
        text.truncate(text.trim_end().len());
        Ok(text)
    }
}

fn per_second(count: u64, elapsed: Duration) -> u64 {
    let millis = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX).max(1);
    count.saturating_mul(1_000) / millis
}

/// Peak memory of this process, in bytes; `None` where the system does not report it.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = peak.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kib * 1_024)
}
