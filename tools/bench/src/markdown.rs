//! A report as a page of Markdown: the machine, the build, one table, and a history that people keep below it.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, ensure};
use kit_core::{Clock, SystemClock};

use super::report::{Report, Row, grouped, thousandths};

/// Everything above this line is rewritten each time; everything below is kept.
const MARKER: &str = "<!-- Below this line the page is kept by hand: `gondola bench --markdown` leaves it as it is. -->";

/// What is below the marker in a new page.
const NEW_HISTORY: &str = "\n## History\n";

/// What was measured, as only the caller knows it.
#[derive(Clone, Debug)]
pub struct Build {
    /// The commit that the binary was built from.
    pub commit: String,
    /// The profile that it was built with, such as `dist`.
    pub profile: String,
    /// The command line that measured it.
    pub command: String,
}

/// What it was measured on.
#[derive(Clone, Debug)]
struct Machine {
    processor: String,
    memory: String,
    kernel: String,
}

impl Machine {
    /// This machine, as Linux describes it; `unknown` elsewhere.
    fn this() -> Self {
        let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
        let unknown = || "unknown".to_owned();
        let memory = field(&read("/proc/meminfo"), "MemTotal").and_then(|text| {
            let kib: u64 = text.trim_end_matches(" kB").parse().ok()?;
            Some(format!("{} MiB", grouped(kib >> 10)))
        });
        let kernel = read("/proc/sys/kernel/osrelease").trim().to_owned();
        Self {
            processor: field(&read("/proc/cpuinfo"), "model name").unwrap_or_else(unknown),
            memory: memory.unwrap_or_else(unknown),
            kernel: if kernel.is_empty() { unknown() } else { format!("Linux {kernel}") },
        }
    }
}

/// The first value of a `name : value` line.
fn field(text: &str, name: &str) -> Option<String> {
    let values = text.lines().filter_map(|line| line.split_once(':'));
    let mut found = values.filter(|(key, _)| key.trim() == name);
    found.next().map(|(_, value)| value.trim().to_owned())
}

/// Writes a report as a page, and keeps what people wrote below the marker of a page that is there.
///
/// Refuses the report of a run whose checks failed, and a file that is there without the marker.
pub fn write_markdown(path: &Path, report: &Report, build: &Build) -> anyhow::Result<()> {
    ensure!(report.holds(), "checks failed: the numbers of this run are not worth a page");
    let present = match std::fs::read_to_string(path) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => {
            return Err(error).with_context(|| format!("cannot read {}", path.display()));
        }
    };
    let history = match &present {
        None => NEW_HISTORY,
        Some(text) => text.split_once(MARKER).map(|(_, history)| history).with_context(|| {
            format!("{} has no line {MARKER:?}: add it above what is to be kept", path.display())
        })?,
    };
    let today: String = SystemClock.now().to_string().chars().take(10).collect();
    let page = page(report, build, &Machine::this(), &today);
    std::fs::write(path, format!("{page}\n{MARKER}\n\n{}", history.trim_start_matches('\n')))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// The part above the marker.
fn page(report: &Report, build: &Build, machine: &Machine, today: &str) -> String {
    let Machine { processor, memory, kernel } = machine;
    let Build { commit, profile, command } = build;
    let (cores, flushes) = (report.cores, grouped(report.flushes_per_second));
    let (clients, server) = (report.clients, &report.server);
    let mut text = format!(
        "# Performance\n\n\
         Written by `make performance`. Server and clients share the machine, and every write is flushed to disk\n\
         before it is answered. \"Of empty\" is the rate beside that of a handler that only reads and writes the JSON.\n\n\
         | | |\n| --- | --- |\n\
         | machine | {cores} cores, {processor}, {memory}, {kernel} |\n\
         | disk | {flushes} appends of 4 KiB flushed per s |\n\
         | commit | {commit} |\n| date | {today} |\n| profile | {profile} |\n\
         | command | `{command}` |\n| load | {clients} clients, event store {server} |\n\n\
         | scenario | per s | of empty | p50 ms | p99 ms | p99.9 ms | memory MiB |\n\
         | --- | ---: | ---: | ---: | ---: | ---: | ---: |\n"
    );
    for row in &report.scenarios {
        // writing to a string does not fail
        let _ = writeln!(text, "| {} |", cells(row).join(" | "));
    }
    text
}

fn cells(row: &Row) -> [String; 7] {
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    let latency = &row.latency_micros;
    [
        row.scenario.to_owned(),
        grouped(row.operations_per_second),
        or_dash(row.of_empty.map(|ratio| format!("{ratio:.2}"))),
        thousandths(latency.p50),
        thousandths(latency.p99),
        thousandths(latency.p999),
        or_dash(row.server_memory_peak_bytes.map(|bytes| grouped(bytes >> 20))),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        Report {
            cores: 2,
            clients: 64,
            server: "sqlite".to_owned(),
            flushes_per_second: 1_234,
            empty_posts: Vec::new(),
            empty_gets: Vec::new(),
            scenarios: Vec::new(),
        }
    }

    fn build() -> Build {
        let (commit, profile) = ("abc1234".to_owned(), "dist".to_owned());
        Build { commit, profile, command: "gondola bench".to_owned() }
    }

    #[test]
    fn a_page_says_what_was_measured_where() {
        let machine = Machine {
            processor: "A processor".to_owned(),
            memory: "8,000 MiB".to_owned(),
            kernel: "Linux 6.1".to_owned(),
        };
        let page = page(&report(), &build(), &machine, "2026-11-27");
        for line in [
            "| machine | 2 cores, A processor, 8,000 MiB, Linux 6.1 |",
            "| disk | 1,234 appends of 4 KiB flushed per s |",
            "| commit | abc1234 |",
            "| date | 2026-11-27 |",
            "| profile | dist |",
            "| command | `gondola bench` |",
        ] {
            assert!(page.contains(line), "{page}");
        }
    }

    #[test]
    fn what_people_wrote_is_kept_and_the_rest_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("performance.md");
        write_markdown(&path, &report(), &build()).unwrap();
        let first = std::fs::read_to_string(&path).unwrap();
        assert!(first.ends_with("## History\n"), "{first}");
        std::fs::write(&path, format!("{first}\nIn May it was slower.\n")).unwrap();
        let build = Build { commit: "def5678".to_owned(), ..build() };
        write_markdown(&path, &report(), &build).unwrap();
        let second = std::fs::read_to_string(&path).unwrap();
        assert_eq!(second, first.replace("abc1234", "def5678") + "\nIn May it was slower.\n");
    }

    #[test]
    fn a_page_of_somebody_else_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("README.md");
        std::fs::write(&path, "# Something else\n").unwrap();
        let error = write_markdown(&path, &report(), &build()).unwrap_err();
        assert!(error.to_string().contains("add it above what is to be kept"), "{error}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "# Something else\n");
    }

    #[test]
    fn the_first_value_of_a_name_is_taken() {
        let text = "processor : 0\nmodel name\t: One\nmodel name\t: Two\n";
        assert_eq!(field(text, "model name").as_deref(), Some("One"));
        assert_eq!(field(text, "MemTotal"), None);
    }
}
