//! One scenario from filling the stores to verifying the log.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, bail};

use super::dataset::{self, Dataset};
use super::load::{self, MARK_EVERY, Outcome, StopCondition};
use super::process::{self, Process, Usage};
use super::receiver::{self, Receiver};
use super::report::{Check, Latency, Row, nanos_each, per_second};
use super::scenario::Scenario;

/// Where scenarios run.
pub(super) enum Place {
    /// On servers started for them.
    Here {
        /// Parent of their data folders.
        folder: PathBuf,
        /// Their event store.
        event_store: String,
    },
    /// On servers of one log that run already; at least one.
    Elsewhere(Vec<SocketAddr>),
}

/// Servers to run a scenario on.
struct Stage {
    addresses: Vec<SocketAddr>,
    own: Option<Own>,
}

/// A server that was started for one scenario.
struct Own {
    process: Process,
    data: tempfile::TempDir,
    event_store: String,
}

/// Runs one scenario and returns its result; `of_empty` is left to the caller.
pub(super) async fn run(
    place: &Place,
    scenario: Scenario,
    clients: u64,
    until: StopCondition,
) -> anyhow::Result<Row> {
    let stage = Stage::set(place, scenario).await?;
    let dataset = scenario.dataset();
    // any of them knows of all that was written
    let address = *stage.addresses.first().context("there is no server to measure")?;
    dataset.fill(address).await?;
    // kept to the end
    let _receiver = match (scenario.needs_receiver(), &stage.own) {
        (true, Some(_)) => Some(Receiver::start(address).await?),
        (true, None) => bail!(
            "it registers a webhook, so it is measured on a server that the bench starts: leave out --url"
        ),
        (false, _) => None,
    };
    let workload = Arc::new(scenario.workload(&dataset));
    let before = (stage.usage(), Usage::own());
    let outcome = load::run(&stage.addresses, workload, clients, until).await?;
    let after = (stage.usage(), Usage::own());
    let behind = dataset::views_caught_up(address).await?;
    let mut checks = check(scenario, &dataset, address, &outcome).await?;
    checks.extend(stage.clear().await?);

    let tally = &outcome.tally;
    let each = |before: Option<Usage>, after: Option<Usage>| {
        let cpu = after?.cpu.saturating_sub(before?.cpu);
        nanos_each(cpu, tally.operations_in_all)
    };
    Ok(Row {
        scenario: scenario.name(),
        operations_per_second: per_second(tally.operations, outcome.measured),
        of_empty: None,
        latency_micros: Latency::of(&outcome),
        accepted: tally.accepted,
        refused: tally.refused.clone(),
        errors: tally.errors,
        first_error: tally.first_error.clone(),
        views_behind_millis: u64::try_from(behind.as_millis())?,
        server_cpu_nanos_per_operation: each(before.0, after.0),
        clients_cpu_nanos_per_operation: each(before.1, after.1),
        server_memory_peak_bytes: after.0.map(|usage| usage.memory_peak_bytes),
        accepted_per_second_by_half_million: outcome
            .marks
            .iter()
            .map(|taken| per_second(MARK_EVERY, *taken))
            .collect(),
        checks,
    })
}

/// Compares the answers with each other and with what the server says is there.
async fn check(
    scenario: Scenario,
    dataset: &Dataset,
    address: SocketAddr,
    outcome: &Outcome,
) -> anyhow::Result<Vec<Check>> {
    let tally = &outcome.tally;
    let expected = scenario.expected(dataset, tally);
    let (accepted, refused) = scenario.certain();
    let short = tally.refused.get("409 insufficient-stock");
    let mut checks = vec![
        Check::equal("failed exchanges", &0, &tally.errors),
        Check::equal("refused for want of stock", &refused, short.unwrap_or(&0)),
        Check::equal("refused in all", &refused, &tally.refusals()),
        Check::equal("stock by the log", &expected, &dataset.count(address, true).await?),
        Check::equal("stock by the views", &expected, &dataset.count(address, false).await?),
    ];
    if let Some(accepted) = accepted {
        checks.push(Check::equal("accepted", &accepted, &tally.accepted));
    }
    Ok(checks)
}

impl Stage {
    async fn set(place: &Place, scenario: Scenario) -> anyhow::Result<Self> {
        let (folder, event_store) = match place {
            Place::Elsewhere(addresses) => {
                return Ok(Self { addresses: addresses.clone(), own: None });
            }
            Place::Here { folder, event_store } => (folder, event_store),
        };
        let data = tempfile::Builder::new()
            .prefix("gondola-bench-")
            .tempdir_in(folder)
            .with_context(|| format!("cannot make a folder in {}", folder.display()))?;
        let mut arguments = arguments("serve", &data, event_store);
        arguments.extend(["--log", "warn"].map(OsString::from));
        if scenario.needs_receiver() {
            arguments.extend(["--webhook-allow", receiver::PLACE].map(OsString::from));
        }
        let process = Process::start(&arguments).await?;
        Ok(Self {
            addresses: vec![process.address()],
            own: Some(Own { process, data, event_store: event_store.clone() }),
        })
    }

    fn usage(&self) -> Option<Usage> {
        self.own.as_ref()?.process.usage()
    }

    /// Stops the server, if it was started here, and verifies its log.
    async fn clear(self) -> anyhow::Result<Vec<Check>> {
        let Some(own) = self.own else {
            return Ok(Vec::new());
        };
        let stopped = own.process.stop().await;
        let started = Instant::now();
        let verified =
            process::run_to_end(&arguments("verify", &own.data, &own.event_store)).await?;
        let millis = started.elapsed().as_millis();
        Ok(vec![
            Check::done(
                "orderly end",
                stopped.map(|()| String::new()).map_err(|error| format!("{error:#}")),
            ),
            Check::done("gondola verify", verified.map(|()| format!("in {millis} ms"))),
        ])
    }
}

fn arguments(command: &str, data: &tempfile::TempDir, event_store: &str) -> Vec<OsString> {
    let mut arguments =
        [command, "--event-store", event_store, "--data-dir"].map(OsString::from).to_vec();
    arguments.push(data.path().into());
    arguments
}
