//! `gondola bench`: load over HTTP on a server of its own, and whether the answers were true.

mod answer;
mod connection;
mod empty;
mod limits;
mod load;
mod play;
mod process;
mod random;
mod report;
mod scenario;
mod shelves;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::num::NonZeroU64;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};

pub(crate) use self::empty::{Args as EmptyArgs, run as run_empty};
use self::limits::{EmptyHandler, Method};
use self::load::Until;
use self::report::Report;
use self::scenario::Scenario;
use crate::console;

/// Measure how fast stock is promised and read, and check that every promise was kept.
///
/// Starts a server on a fresh data folder for each scenario, sends it requests over HTTP from closed-loop
/// clients, compares with an empty handler and the disk of the same machine in the same run, and then counts
/// the stock and verifies the log. Ends with 1 if anything does not add up.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What to measure; may be given several times [default: all]
    #[arg(long, value_enum, value_name = "NAME")]
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

    /// Measure the server that listens here, such as <http://127.0.0.1:8000>, instead of one started for it
    #[arg(long)]
    url: Option<String>,

    /// Event store of the servers that are started
    #[arg(long, default_value = "sqlite:", value_parser = ["sqlite:", "jsonl:"], value_name = "URL")]
    event_store: String,

    /// Folder for the servers' data, removed afterwards; its disk is what is measured
    #[arg(long, default_value = ".", value_name = "FOLDER")]
    folder: PathBuf,

    /// Print the result as one JSON document
    #[arg(long)]
    json: bool,
}

/// Runs the bench; ends with 1 where a check failed.
pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let report = tokio::select! {
        report = measure(&args) => report?,
        // Returning drops what was started: the servers are killed and their folders removed.
        _ = tokio::signal::ctrl_c() => bail!("interrupted"),
    };
    if args.json {
        console::line(serde_json::to_string_pretty(&report)?);
    } else {
        console::line(report.table());
    }
    Ok(if report.holds() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn measure(args: &Args) -> anyhow::Result<Report> {
    let place = match &args.url {
        Some(url) => play::Place::Elsewhere(resolve(url).await?),
        None => play::Place::Here { folder: args.folder.clone(), store: args.event_store.clone() },
    };
    let clients = args.clients.get();
    let timed = Until::Elapsed { warm_up: args.warm_up, duration: args.duration };
    let events = args.events_target.map(NonZeroU64::get);
    let empty = EmptyHandler::start(clients).await?;
    let mut report = Report {
        cores: std::thread::available_parallelism()?.get(),
        clients,
        server: args.url.clone().unwrap_or_else(|| args.event_store.clone()),
        flushes_per_second: limits::flushes_per_second(&args.folder).await?,
        empty_posts: Vec::new(),
        empty_gets: Vec::new(),
        scenarios: Vec::new(),
    };
    for scenario in wanted(&args.scenario, events.is_some()) {
        eprintln!("{} ...", scenario.name());
        let before = compare(&empty, scenario, &mut report).await?;
        let until = scenario.until(timed, events);
        let mut row = play::play(&place, scenario, scenario.clients(clients), until)
            .await
            .with_context(|| format!("scenario {}", scenario.name()))?;
        let after = compare(&empty, scenario, &mut report).await?;
        row.of_empty = report::ratio(row.operations_per_second * 2, before + after);
        report.scenarios.push(row);
    }
    Ok(report)
}

/// Measures the empty handler that the scenario is compared with; 0 where there is none.
async fn compare(
    empty: &EmptyHandler,
    scenario: Scenario,
    report: &mut Report,
) -> anyhow::Result<u64> {
    let Some(method) = scenario.compared_with() else {
        return Ok(0);
    };
    let run = empty.measure(method).await?;
    match method {
        Method::Post => report.empty_posts.push(run),
        Method::Get => report.empty_gets.push(run),
    }
    Ok(run.per_second)
}

/// What was asked for; all where nothing was, or `spread` alone where only its length was given.
fn wanted(asked: &[Scenario], to_events: bool) -> Vec<Scenario> {
    let all = <Scenario as clap::ValueEnum>::value_variants();
    match asked {
        [] if to_events => vec![Scenario::Spread],
        [] => all.to_vec(),
        asked => asked.to_vec(),
    }
}

/// The address behind `http://host:port`.
async fn resolve(url: &str) -> anyhow::Result<SocketAddr> {
    let authority = url.strip_prefix("http://").map(|rest| rest.trim_end_matches('/'));
    let Some(authority) = authority.filter(|authority| !authority.contains('/')) else {
        bail!("cannot use {url:?}; give the server's address like http://127.0.0.1:8000");
    };
    let mut addresses = tokio::net::lookup_host(authority)
        .await
        .with_context(|| format!("cannot resolve {authority:?}; give host and port"))?;
    addresses.next().with_context(|| format!("{authority:?} has no address"))
}

/// Time like `10s`, `500ms` or `1m30s`.
fn duration(text: &str) -> Result<Duration, String> {
    let signed: Result<jiff::SignedDuration, _> = text.parse();
    let parsed = signed.ok().and_then(|signed| Duration::try_from(signed).ok());
    parsed.ok_or_else(|| format!("{text:?} is no time; give one like 10s, 500ms or 1m30s"))
}
