//! `gondola verify`: reads the whole log with a checker of its own and proves that the product kept its promises.
//!
//! The checker shares no rule, no type of the domain and no event shape with the product, so that a fault in those does
//! not hide itself. `I1` to `I6` are the invariants of the design notes.

mod acked;
mod checker;
mod entry;
mod ledger;
mod lines;
mod payload;
mod progress;
mod report;
mod source;
#[cfg(test)]
mod tests;
mod transactions;
pub(crate) mod views;

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context;
use serde::Serialize;
use tokio::runtime::Handle;

use self::acked::Acked;
use self::checker::Checker;
use self::entry::{Invariant, Violation};
use self::progress::Progress;
use self::report::{Report, grouped};
use self::source::Source;
use self::views::Views;
use crate::compose::event_store::{DataArgs, EventStoreUrl};
use crate::console;

/// What to check.
///
/// Folds the log with an independent checker: streams and positions in order, units conserved, reserved never above
/// on hand, each reservation ended once and in time, each command recorded once, and the views equal to the log.
/// With SQLite a server may be running: the log is checked up to where it ended when the check began. With JSONL stop
/// the server first.
#[derive(Clone, Debug, clap::Args)]
#[command(after_long_help = acked::FORMAT)]
pub(crate) struct Args {
    #[command(flatten)]
    data: DataArgs,

    /// Answers that clients were given, to be found in the log; the end of --help has the format.
    #[arg(long, value_name = "FILE")]
    acked: Option<PathBuf>,

    /// Views to compare with the log, instead of those in use.
    #[arg(long, value_name = "FILE")]
    views: Option<PathBuf>,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

/// Why there is no report.
#[derive(Debug)]
enum Failure {
    /// An invariant does not hold.
    Broken(Violation),
    /// It could not be found out.
    Unchecked(anyhow::Error),
}

impl From<Violation> for Failure {
    fn from(violation: Violation) -> Self {
        Self::Broken(violation)
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Unchecked(error)
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Unchecked(error.into())
    }
}

/// The result as JSON.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    /// Absent when it could not be found out.
    #[serde(skip_serializing_if = "Option::is_none")]
    verified: Option<bool>,
    #[serde(flatten)]
    reports: Option<Reports>,
    #[serde(skip_serializing_if = "Option::is_none")]
    violation: Option<Violation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// What was found in the logs of the contexts.
#[derive(Debug, Serialize)]
struct Reports {
    inventory: Report,
    #[serde(skip_serializing_if = "Option::is_none")]
    store: Option<Report>,
}

/// Checks a data folder. Exit code 0: all holds; 1: something does not. An error, exit code 2: it could not be checked.
pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let started = Instant::now();
    let (json, runtime) = (args.json, Handle::current());
    let checked = tokio::task::spawn_blocking(move || check(&args, &runtime)).await?;
    let code = match &checked {
        Ok(_) => ExitCode::SUCCESS,
        Err(Failure::Broken(_)) => ExitCode::from(1),
        Err(Failure::Unchecked(_)) => ExitCode::from(2),
    };
    console::line(if json { as_json(checked)? } else { as_text(checked, started)? });
    Ok(code)
}

fn as_json(checked: Result<Reports, Failure>) -> anyhow::Result<String> {
    let answer = match checked {
        Ok(reports) => Answer { verified: Some(true), reports: Some(reports), ..Answer::default() },
        Err(Failure::Broken(violation)) => {
            Answer { verified: Some(false), violation: Some(violation), ..Answer::default() }
        }
        Err(Failure::Unchecked(error)) => {
            Answer { error: Some(format!("{error:#}")), ..Answer::default() }
        }
    };
    Ok(serde_json::to_string(&answer)?)
}

fn as_text(checked: Result<Reports, Failure>, started: Instant) -> anyhow::Result<String> {
    match checked {
        Ok(Reports { inventory, store }) => {
            let mut text = inventory.table("inventory");
            if let Some(store) = store {
                text = format!("{text}\n{}", store.table("store"));
            }
            let held: Vec<String> = inventory.checked.iter().map(Invariant::to_string).collect();
            let (held, end) = (held.join(" "), grouped(inventory.events));
            let millis = started.elapsed().as_millis();
            Ok(format!(
                "{text}\nverified: {held} hold up to position {end}, checked in {millis} ms"
            ))
        }
        Err(Failure::Broken(violation)) => Ok(format!("not verified: {violation}")),
        Err(Failure::Unchecked(error)) => Err(error.context("could not check the log")),
    }
}

fn check(args: &Args, runtime: &Handle) -> Result<Reports, Failure> {
    // the answers and the views first: what they say must be in the log, however far that goes on meanwhile
    let acked = args.acked.as_deref().map(read_acked).transpose()?;
    let views = match &args.views {
        Some(file) => Some(file.clone()),
        None => views::find(&args.data.views_folder("inventory"))?,
    };
    let views = views.as_deref().map(Views::open).transpose()?;
    let log = open(args, "inventory", runtime)?;
    let mut checker = Checker::new();
    if let Some(acked) = acked {
        checker = checker.with_acked(acked);
    }
    let inventory = check_log(log, checker, views.as_ref(), "inventory")?;
    let store = if args.data.log_folder("store").exists() {
        let log = open(args, "store", runtime)?;
        Some(check_log(log, Checker::new(), None, "store")?)
    } else {
        None
    };
    Ok(Reports { inventory, store })
}

/// Opens the log of a context.
fn open(args: &Args, context: &str, runtime: &Handle) -> anyhow::Result<Source> {
    let folder = args.data.log_folder(context);
    match args.data.event_store {
        EventStoreUrl::Sqlite(_) => Source::sqlite(&folder),
        EventStoreUrl::Jsonl(_) => {
            let streams = args.data.stream_files(context);
            Source::jsonl(&folder.join("journal"), &streams, runtime.clone())
        }
        EventStoreUrl::Memory => {
            anyhow::bail!("a log in memory ends with its server: nothing is kept")
        }
    }
}

fn read_acked(path: &Path) -> anyhow::Result<Acked> {
    let read = || Acked::read(BufReader::new(File::open(path)?));
    read().with_context(|| format!("cannot use the answers in {}", path.display()))
}

/// Folds a log from its first event to its present end, and compares the views on the way.
fn check_log(
    mut log: Source,
    mut checker: Checker,
    views: Option<&Views>,
    context: &str,
) -> Result<Report, Failure> {
    let end = log.end()?;
    checker.expect(end);
    let mut progress = Progress::new(context, end);
    let mut compared = None;
    if let Some(views) = views {
        views.check_position(end)?;
        log.walk(0, views.position(), |entry| {
            progress.tick(entry.position);
            checker.event(entry)
        })?;
        compared = Some(views.compare(&checker)?);
    }
    log.walk(checker.position(), end, |entry| {
        progress.tick(entry.position);
        checker.event(entry)
    })?;
    let mut report = checker.finish()?;
    if compared.is_some() {
        report.checked.push(Invariant::I6);
        report.views = compared;
    }
    Ok(report)
}
