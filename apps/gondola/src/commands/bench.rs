//! `gondola bench`: the options of a measurement, and the output of its result.

use std::net::SocketAddr;
use std::num::NonZeroU64;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::bail;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use gondola_bench::{Build, Options, Scenario};

use crate::console;

/// Measure how fast stock is promised and read, and check that every promise was kept.
///
/// Starts a server on a fresh data folder for each scenario, sends it requests over HTTP from closed-loop
/// clients, compares with an empty handler and the disk of the same machine in the same run, and then counts
/// the stock and verifies the log. Ends with 1 if anything does not add up.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What to measure; may be given several times [default: all]
    #[arg(long, value_parser = scenarios(), value_name = "NAME")]
    scenario: Vec<Scenario>,

    /// How many clients, each with one connection and one request under way
    #[arg(long, default_value = "64", value_name = "COUNT")]
    clients: NonZeroU64,

    /// How long each scenario is measured
    #[arg(long, default_value = "10s", value_parser = duration, value_name = "TIME")]
    duration: Duration,

    /// How long each scenario runs before it is measured
    #[arg(long, default_value = "2s", value_parser = duration, value_name = "TIME")]
    warm_up: Duration,

    /// Let `spread` go on until so many holds are in the log, and show its rate every 500,000
    #[arg(long, value_name = "COUNT")]
    events_target: Option<NonZeroU64>,

    /// Measure the server that listens here, such as <http://127.0.0.1:8000>, instead of one started for it; several on one
    /// log each get the requests of their share of the stores
    #[arg(long, value_name = "URL")]
    url: Vec<String>,

    /// Event store of the servers that are started
    #[arg(long, default_value = "sqlite:", value_parser = ["sqlite:", "jsonl:"], value_name = "URL")]
    event_store: String,

    /// Folder for the servers' data, removed afterwards; its disk is what is measured
    #[arg(long, default_value = ".", value_name = "FOLDER")]
    folder: PathBuf,

    /// Print the result as one JSON document
    #[arg(long)]
    json: bool,

    /// Write the result as a page too, such as docs/performance.md; what is below its marker line is kept
    #[arg(long, value_name = "FILE", requires = "commit")]
    markdown: Option<PathBuf>,

    /// The commit that was built, for the page
    #[arg(long, value_name = "HASH", env = "GONDOLA_COMMIT")]
    commit: Option<String>,

    /// The profile that it was built with, for the page
    #[arg(long, value_name = "NAME", default_value = PROFILE, env = "GONDOLA_PROFILE")]
    profile: String,
}

/// What the binary knows of the profile that it was built with.
const PROFILE: &str = if cfg!(debug_assertions) { "dev" } else { "release" };

/// Serve handlers that do nothing but read and write the JSON of a reservation and of a stock level.
#[derive(Debug, clap::Args)]
pub(crate) struct EmptyArgs {
    /// Address to listen on.
    #[arg(long)]
    listen: SocketAddr,
}

/// Runs the bench; ends with 1 where a check failed.
pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let json = args.json;
    let page = args.page();
    let options = args.options();
    let report = tokio::select! {
        report = gondola_bench::measure(&options) => report?,
        // returning drops what was started: the servers are killed and their folders removed
        _ = tokio::signal::ctrl_c() => bail!("interrupted"),
    };
    if json {
        console::line(serde_json::to_string_pretty(&report)?);
    } else {
        console::line(report.table());
    }
    if let Some((path, build)) = page {
        gondola_bench::write_markdown(&path, &report, &build)?;
    }
    Ok(if report.holds() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Serves the empty handler for ever.
pub(crate) async fn run_empty(args: EmptyArgs) -> anyhow::Result<ExitCode> {
    gondola_bench::serve_empty(args.listen).await?;
    Ok(ExitCode::SUCCESS)
}

impl Args {
    /// Where the page goes, and what it says was measured.
    fn page(&self) -> Option<(PathBuf, Build)> {
        let (path, commit) = (self.markdown.clone()?, self.commit.clone()?);
        let told: Vec<String> = std::env::args().skip(1).collect();
        let command = format!("gondola {}", told.join(" "));
        Some((path, Build { commit, profile: self.profile.clone(), command }))
    }

    fn options(self) -> Options {
        Options {
            scenarios: self.scenario,
            clients: self.clients,
            duration: self.duration,
            warm_up: self.warm_up,
            events_target: self.events_target,
            urls: self.url,
            event_store: self.event_store,
            folder: self.folder,
        }
    }
}

/// Takes the name of a scenario, and lists them all in the help.
fn scenarios() -> impl TypedValueParser<Value = Scenario> {
    let value = |scenario: Scenario| PossibleValue::new(scenario.name()).help(scenario.about());
    PossibleValuesParser::new(Scenario::ALL.map(value)).try_map(|name| {
        let found = Scenario::ALL.into_iter().find(|scenario| scenario.name() == name);
        found.ok_or("there is no such scenario")
    })
}

/// Time like `10s`, `500ms` or `1m30s`.
fn duration(text: &str) -> Result<Duration, String> {
    let signed: Result<jiff::SignedDuration, _> = text.parse();
    let parsed = signed.ok().and_then(|signed| Duration::try_from(signed).ok());
    parsed.ok_or_else(|| format!("{text:?} is no time; give one like 10s, 500ms or 1m30s"))
}
