//! `gondola bench`: load over HTTP on a server of its own, and whether the answers were true.
//!
//! Starts a server on a fresh data folder for each scenario, sends it requests over HTTP from closed-loop clients,
//! compares with an empty handler and the disk of the same machine in the same run, and then counts the stock and has
//! the log verified. The servers are child processes of the running binary: it must have the commands `serve`,
//! `bench-empty` and `verify`.

mod answer;
mod connection;
mod dataset;
mod empty;
mod load;
mod machine_baseline;
mod markdown;
mod process;
mod random;
mod receiver;
mod report;
mod run;
mod scenario;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::num::NonZeroU64;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail};

pub use self::empty::serve_empty;
use self::load::StopCondition;
use self::machine_baseline::{EmptyHandler, Method};
pub use self::markdown::{Build, write_markdown};
pub use self::report::Report;
use self::run::Place;
pub use self::scenario::Scenario;

/// What to measure, and with how much load.
#[derive(Clone, Debug)]
pub struct Options {
    /// The scenarios; all where there is none.
    pub scenarios: Vec<Scenario>,
    /// How many clients, each with one connection and one request under way.
    pub clients: NonZeroU64,
    /// How long each scenario is measured.
    pub duration: Duration,
    /// How long each scenario runs before it is measured.
    pub warm_up: Duration,
    /// Runs `spread` until at least this many holds are in the log.
    pub events_target: Option<NonZeroU64>,
    /// The servers to measure, such as `http://127.0.0.1:8000`, instead of one started for each scenario. Several have one
    /// log, and each gets the commands of its share of the stores, as a gateway shares them out.
    pub urls: Vec<String>,
    /// Event store of the servers that are started, as the command line calls it.
    pub event_store: String,
    /// Folder for the servers' data, removed afterwards; its disk is what is measured.
    pub folder: PathBuf,
}

impl Options {
    /// What is measured, for people.
    fn server(&self) -> String {
        if self.urls.is_empty() { self.event_store.clone() } else { self.urls.join(" ") }
    }
}

/// Runs the bench. Dropping it on the way kills the servers that it started and removes their folders.
pub async fn measure(options: &Options) -> anyhow::Result<Report> {
    let place = place(options).await?;
    let clients = options.clients.get();
    let timed = StopCondition::Elapsed { warm_up: options.warm_up, duration: options.duration };
    let events = options.events_target.map(NonZeroU64::get);
    let empty = EmptyHandler::start(clients).await?;
    let mut report = Report {
        cores: std::thread::available_parallelism()?.get(),
        clients,
        server: options.server(),
        flushes_per_second: machine_baseline::flushes_per_second(&options.folder).await?,
        empty_posts: Vec::new(),
        empty_gets: Vec::new(),
        scenarios: Vec::new(),
    };
    for scenario in wanted(options) {
        eprintln!("{} ...", scenario.name());
        let before = compare(&empty, scenario, &mut report).await?;
        let until = scenario.until(timed, events);
        let mut row = run::run(&place, scenario, scenario.clients(clients), until)
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

/// What was asked for; all that can be measured there where nothing was, or `spread` alone where only its length was given.
fn wanted(options: &Options) -> Vec<Scenario> {
    match options.scenarios.as_slice() {
        [] if options.events_target.is_some() => vec![Scenario::Spread],
        [] => {
            let is_own = options.urls.is_empty();
            let all = Scenario::ALL.into_iter();
            all.filter(|scenario| is_own || !scenario.needs_receiver()).collect()
        }
        asked => asked.to_vec(),
    }
}

/// Where the scenarios run.
async fn place(options: &Options) -> anyhow::Result<Place> {
    let Options { urls, folder, event_store, .. } = options;
    if urls.is_empty() {
        return Ok(Place::Here { folder: folder.clone(), event_store: event_store.clone() });
    }
    let mut addresses = Vec::new();
    for url in urls {
        addresses.push(resolve(url).await?);
    }
    Ok(Place::Elsewhere(addresses))
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
