//! Tells people how far an import is, and in the end what became of the file.

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::ensure;
use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressStyle};

use super::account::{Account, FieldChange, Observer, Outcome, Warning};
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
    /// Who sees it from elsewhere.
    observer: Option<Observer>,
    /// Whether it is only said what would happen.
    dry_run: bool,
}

impl Progress {
    /// Progress through a file of `size` bytes that begins, or continues, after `lines_before` lines.
    pub(super) fn new(
        size: u64,
        lines_before: u64,
        (observer, dry_run): (Option<&Observer>, bool),
    ) -> Self {
        // a server's terminal is not for bars
        let bar = if observer.is_some() { ProgressBar::hidden() } else { ProgressBar::new(size) };
        let style =
            ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes}, {eta} left {msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self {
            bar,
            begun: Instant::now(),
            told: AtomicU64::new(0),
            applied: AtomicU64::new(0),
            lines_before,
            read_bytes: observer.map(|observer| observer.begin(size)).unwrap_or_default(),
            observer: observer.cloned(),
            dry_run,
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
        if let Some(observer) = &self.observer {
            observer.see(self.account(tally));
        }
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
    ) -> anyhow::Result<Outcome> {
        self.bar.finish_and_clear();
        let account = self.account(tally);
        if let Some(observer) = &self.observer {
            observer.see(account.clone());
        }
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
                .filter(|_| self.observer.is_none())
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
        line(if self.dry_run { "would be applied" } else { "applied" }, applied, "");
        if tally.changed > 0 {
            line("  changed", tally.changed, "");
        }
        line("applied before", before, "");
        // where a server keeps them is nobody's business
        let is_told = rejected > 0 && self.observer.is_none();
        let kept =
            if is_told { format!("  in {}", rejected_file.display()) } else { String::new() };
        line("rejected", rejected, &kept);
        for (code, count) in &tally.rejected {
            line(&format!("  {code}"), *count, "");
        }
        for Warning { what, count, lines } in &account.warnings {
            let shown: Vec<_> = lines.iter().map(ToString::to_string).collect();
            let more = if *count > lines.len() as u64 { ", ..." } else { "" };
            let places = format!("  (not understood: line {}{more})", shown.join(", "));
            line(&format!("taken without {what}"), *count, &places);
        }
        for FieldChange { line, code, field, before, after } in &account.changes {
            let _ = writeln!(text, "  line {line}: {code}: {field} {before:?} -> {after:?}");
        }
        if self.dry_run {
            text.push_str("  nothing was changed: this was a dry run");
        }
        text.truncate(text.trim_end().len());
        Ok(Outcome { account, report: text })
    }

    fn account(&self, tally: &Tally) -> Account {
        Account::of(tally, self.applied.load(Ordering::Relaxed))
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
