//! What a bench found, as one JSON document or as a table.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::load::{MARK_EVERY, Outcome};

/// All that was found.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Processors that server and clients shared.
    pub(super) cores: usize,
    /// Clients, each with one request under way.
    pub(super) clients: u64,
    /// The event store, or the server's address where it was not started here.
    pub(super) server: String,
    /// 4 KiB appends made durable, per second.
    pub(super) flushes_per_second: u64,
    /// Every measurement of the empty handler's POST, in order.
    pub(super) empty_posts: Vec<EmptyRun>,
    /// Every measurement of the empty handler's GET, in order.
    pub(super) empty_gets: Vec<EmptyRun>,
    /// Each scenario, in the order played.
    pub(super) scenarios: Vec<Row>,
}

/// One measurement of the empty handler.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EmptyRun {
    /// Requests answered.
    pub(super) per_second: u64,
    /// Latency that 99 of 100 requests stayed within, in microseconds.
    pub(super) p99_micros: u64,
}

/// One scenario.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Row {
    pub(super) scenario: &'static str,
    pub(super) operations_per_second: u64,
    /// Operations per request of the empty handler, measured right before and right after.
    pub(super) of_empty: Option<f64>,
    pub(super) latency_micros: Latency,
    /// Writes, warm-up included.
    pub(super) accepted: u64,
    /// By status and code, warm-up included.
    pub(super) refused: BTreeMap<String, u64>,
    pub(super) errors: u64,
    pub(super) first_error: Option<String>,
    /// How long after the load's end the views showed all of it.
    pub(super) views_behind_millis: u64,
    /// Processor time that the server spent on one operation, in nanoseconds.
    pub(super) server_cpu_nanos_per_operation: Option<u64>,
    /// Processor time that the clients spent on one operation, in nanoseconds.
    pub(super) clients_cpu_nanos_per_operation: Option<u64>,
    pub(super) server_memory_peak_bytes: Option<u64>,
    /// Rate of each successive 500,000 accepted writes.
    pub(super) accepted_per_second_by_half_million: Vec<u64>,
    pub(super) checks: Vec<Check>,
}

/// Latency of requests (of pairs, where pairs are the operations), in microseconds.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Latency {
    pub(super) p50: u64,
    p90: u64,
    pub(super) p99: u64,
    pub(super) p999: u64,
    max: u64,
}

/// Something that must hold.
#[derive(Debug, Serialize)]
pub(super) struct Check {
    name: &'static str,
    ok: bool,
    detail: String,
}

impl Check {
    /// Whether two things are the same.
    pub(super) fn equal<T: PartialEq + std::fmt::Debug>(
        name: &'static str,
        wanted: &T,
        found: &T,
    ) -> Self {
        let ok = wanted == found;
        let detail =
            if ok { format!("{found:?}") } else { format!("{found:?} instead of {wanted:?}") };
        Self { name, ok, detail }
    }

    /// A step that succeeded or says why not.
    pub(super) fn done(name: &'static str, result: Result<String, String>) -> Self {
        let ok = result.is_ok();
        let (Ok(detail) | Err(detail)) = result;
        Self { name, ok, detail }
    }
}

impl Latency {
    pub(super) fn of(outcome: &Outcome) -> Self {
        let latency = &outcome.tally.latency;
        Self {
            p50: latency.value_at_quantile(0.5),
            p90: latency.value_at_quantile(0.9),
            p99: latency.value_at_quantile(0.99),
            p999: latency.value_at_quantile(0.999),
            max: latency.max(),
        }
    }
}

impl Report {
    /// Whether all checks of all scenarios hold.
    pub fn holds(&self) -> bool {
        self.failures().next().is_none()
    }

    fn failures(&self) -> impl Iterator<Item = (&Row, &Check)> {
        self.scenarios.iter().flat_map(|row| {
            let failed = row.checks.iter().filter(|check| !check.ok);
            failed.map(move |check| (row, check))
        })
    }

    /// The report for people.
    pub fn table(&self) -> String {
        let header = [
            "scenario",
            "per s",
            "of empty",
            "p50 ms",
            "p90",
            "p99",
            "p99.9",
            "max",
            "accepted",
            "refused",
            "errors",
            "behind ms",
            "cpu us/op",
            "MiB",
        ];
        let mut rows = vec![header.map(str::to_owned).to_vec()];
        rows.extend(self.scenarios.iter().map(Row::cells));
        let mut lines = vec![format!(
            "{} clients on {} cores, server: {}\n\n{}",
            self.clients,
            self.cores,
            self.server,
            aligned(&rows)
        )];
        lines.extend(self.scenarios.iter().flat_map(Row::remarks));
        lines.push("limits of this machine:".to_owned());
        lines.extend(spread("empty handler, POST", &self.empty_posts));
        lines.extend(spread("empty handler, GET", &self.empty_gets));
        let flushes = grouped(self.flushes_per_second);
        lines.push(format!("  4 KiB append and flush: {flushes} per s\n"));
        if self.holds() {
            let checks: usize = self.scenarios.iter().map(|row| row.checks.len()).sum();
            lines.push(format!("all {checks} checks hold"));
        }
        lines.extend(self.failures().map(|(row, check)| {
            let (scenario, name, detail) = (row.scenario, check.name, &check.detail);
            format!("FAILED {scenario}: {name}: {detail}")
        }));
        lines.join("\n")
    }
}

/// The least and the most of several measurements; none where nothing was measured.
fn spread(label: &str, runs: &[EmptyRun]) -> Option<String> {
    let rates = runs.iter().map(|run| run.per_second);
    let (least, most) = (grouped(rates.clone().min()?), grouped(rates.max()?));
    let p99s = runs.iter().map(|run| run.p99_micros);
    let (fastest, slowest) = (thousandths(p99s.clone().min()?), thousandths(p99s.max()?));
    Some(format!("  {label}: {least} to {most} per s, p99 {fastest} to {slowest} ms"))
}

impl Row {
    /// Names of the checks that do not hold.
    #[cfg(test)]
    pub(super) fn failed_checks(&self) -> Vec<&'static str> {
        let failed = self.checks.iter().filter(|check| !check.ok);
        failed.map(|check| check.name).collect()
    }

    fn cells(&self) -> Vec<String> {
        let latency = &self.latency_micros;
        let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        let refused: u64 = self.refused.values().sum();
        let memory_mib = self.server_memory_peak_bytes.map(|bytes| bytes >> 20);
        vec![
            self.scenario.to_owned(),
            grouped(self.operations_per_second),
            or_dash(self.of_empty.map(|ratio| format!("{ratio:.2}"))),
            thousandths(latency.p50),
            thousandths(latency.p90),
            thousandths(latency.p99),
            thousandths(latency.p999),
            thousandths(latency.max),
            grouped(self.accepted),
            grouped(refused),
            grouped(self.errors),
            grouped(self.views_behind_millis),
            or_dash(self.server_cpu_nanos_per_operation.map(thousandths)),
            or_dash(memory_mib.map(grouped)),
        ]
    }

    /// Refusals by code, the first error and the course of the rate, where there are any.
    fn remarks(&self) -> Vec<String> {
        let scenario = self.scenario;
        let refusals = self.refused.iter();
        let mut remarks: Vec<String> = refusals
            .map(|(code, count)| format!("{scenario}: {} x {code}", grouped(*count)))
            .collect();
        if let Some(error) = &self.first_error {
            remarks.push(format!("{scenario}: first error: {error}"));
        }
        if self.accepted_per_second_by_half_million.len() > 1 {
            let rates = self.accepted_per_second_by_half_million.iter();
            let rates: Vec<String> = rates.map(|rate| grouped(*rate)).collect();
            let (every, rates) = (grouped(MARK_EVERY), rates.join("  "));
            remarks.push(format!("{scenario}: per s by {every} events: {rates}"));
        }
        remarks
    }
}

/// Whole operations per second.
pub(super) fn per_second(count: u64, elapsed: Duration) -> u64 {
    let nanos = elapsed.as_nanos().max(1);
    u64::try_from(u128::from(count) * 1_000_000_000 / nanos).unwrap_or(u64::MAX)
}

/// Nanoseconds for each of `count`; none where there are none.
pub(super) fn nanos_each(elapsed: Duration, count: u64) -> Option<u64> {
    let nanos = u64::try_from(elapsed.as_nanos()).ok()?;
    nanos.checked_div(count)
}

/// `part` as a fraction of `whole`; none where there is no whole.
#[expect(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "a ratio for people, far below 2^53"
)]
pub(super) fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// Microseconds as milliseconds, nanoseconds as microseconds.
pub(super) fn thousandths(count: u64) -> String {
    format!("{}.{:02}", count / 1_000, count % 1_000 / 10)
}

/// 1234567 as `1,234,567`.
pub(super) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Columns as wide as their widest cell; the first one to the left, the others to the right.
fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let cell = match column {
                0 => format!("{cell:<width$}"),
                _ => format!("  {cell:>width$}"),
            };
            text.push_str(&cell);
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn rates_and_shares_are_exact_and_never_divide_by_zero() {
        assert_eq!(per_second(50_000, Duration::from_millis(2_500)), 20_000);
        assert_eq!(per_second(1, Duration::ZERO), 1_000_000_000);
        assert_eq!(nanos_each(Duration::from_micros(3), 2), Some(1_500));
        assert_eq!(nanos_each(Duration::from_micros(3), 0), None);
        assert_eq!(ratio(1, 4), Some(0.25));
        assert_eq!(ratio(1, 0), None);
        assert_eq!(thousandths(12_345), "12.34");
    }

    #[test]
    fn columns_line_up() {
        let rows = [["a", "1"], ["long", "1,000"]].map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(aligned(&rows), "a         1\nlong  1,000\n");
    }

    #[test]
    fn a_failed_check_says_what_was_wanted() {
        let check = Check::equal("units", &1, &2);
        assert!(!check.ok);
        assert_eq!(check.detail, "2 instead of 1");
        assert!(Check::equal("units", &1, &1).ok);
    }
}
