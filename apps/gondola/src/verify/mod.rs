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
mod views;

use std::fs::File;
use std::io::{BufReader, Write};
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

/// Read the whole log and prove that no unit was lost, oversold or sold twice
///
/// Folds the log with an independent checker: streams and positions in order, units conserved, reserved never above
/// on hand, each reservation ended once and in time, each command recorded once, and the views equal to the log.
/// With SQLite a server may be running: the log is checked up to where it ends at the start. With JSONL stop it first.
#[derive(Clone, Debug, clap::Args)]
#[command(after_long_help = acked::FORMAT)]
pub struct Args {
    /// Folder with the data of the server
    #[arg(long, value_name = "FOLDER", default_value = "data")]
    data_dir: PathBuf,
    /// What the log is kept in
    #[arg(long, value_enum, default_value_t = StoreKind::Sqlite)]
    store: StoreKind,
    /// Answers that clients were given, to be found in the log; see the end of --help
    #[arg(long, value_name = "FILE")]
    acked: Option<PathBuf>,
    /// Views to compare with the log instead of those in use
    #[arg(long, value_name = "FILE")]
    views: Option<PathBuf>,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

/// Adapters whose log can be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum StoreKind {
    Sqlite,
    Jsonl,
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
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    /// Absent when it could not be found out.
    #[serde(skip_serializing_if = "Option::is_none")]
    verified: Option<bool>,
    #[serde(flatten)]
    verdict: Verdict,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum Verdict {
    #[serde(untagged)]
    Verified(Reports),
    Violation(Violation),
    Unchecked(String),
}

/// What was found in the logs of the contexts.
#[derive(Debug, Serialize)]
struct Reports {
    inventory: Report,
    #[serde(skip_serializing_if = "Option::is_none")]
    store: Option<Report>,
}

/// Checks a data folder. Exit code 0: all holds; 1: something does not; 2: it could not be checked.
pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let started = Instant::now();
    let (json, runtime) = (args.json, Handle::current());
    let checked = tokio::task::spawn_blocking(move || check(&args, &runtime)).await?;
    let code = match &checked {
        Ok(_) => ExitCode::SUCCESS,
        Err(Failure::Broken(_)) => ExitCode::from(1),
        Err(Failure::Unchecked(_)) => ExitCode::from(2),
    };
    let text = if json { as_json(checked)? } else { as_text(checked, started) };
    writeln!(std::io::stdout().lock(), "{text}")?;
    Ok(code)
}

fn as_json(checked: Result<Reports, Failure>) -> anyhow::Result<String> {
    let (verified, verdict) = match checked {
        Ok(reports) => (Some(true), Verdict::Verified(reports)),
        Err(Failure::Broken(violation)) => (Some(false), Verdict::Violation(violation)),
        Err(Failure::Unchecked(error)) => (None, Verdict::Unchecked(format!("{error:#}"))),
    };
    Ok(serde_json::to_string(&Answer { verified, verdict })?)
}

fn as_text(checked: Result<Reports, Failure>, started: Instant) -> String {
    match checked {
        Ok(Reports { inventory, store }) => {
            let mut text = inventory.table("inventory");
            if let Some(store) = store {
                text = format!("{text}\n{}", store.table("store"));
            }
            let held: Vec<String> = inventory.checked.iter().map(Invariant::to_string).collect();
            let (held, end) = (held.join(" "), grouped(inventory.events));
            let millis = started.elapsed().as_millis();
            format!("{text}\nverified: {held} hold up to position {end}, checked in {millis} ms")
        }
        Err(Failure::Broken(violation)) => format!("not verified: {violation}"),
        Err(Failure::Unchecked(error)) => format!("could not check: {error:#}"),
    }
}

fn check(args: &Args, runtime: &Handle) -> Result<Reports, Failure> {
    // the answers and the views first: what they say must be in the log, however far that goes on meanwhile
    let acked = args.acked.as_deref().map(read_acked).transpose()?;
    let folder = args.data_dir.join("inventory");
    let views = match &args.views {
        Some(file) => Some(file.clone()),
        None => views::find(&folder)?,
    };
    let views = views.as_deref().map(Views::open).transpose()?;
    let log = open(args, "inventory", runtime)?;
    let mut checker = Checker::new();
    if let Some(acked) = acked {
        checker = checker.with_acked(acked);
    }
    let inventory = check_log(log, checker, views.as_ref(), "inventory")?;
    let store = if args.data_dir.join("store").exists() {
        let log = open(args, "store", runtime)?;
        Some(check_log(log, Checker::new(), None, "store")?)
    } else {
        None
    };
    Ok(Reports { inventory, store })
}

/// Opens the log of a context.
fn open(args: &Args, context: &str, runtime: &Handle) -> anyhow::Result<Source> {
    let folder = args.data_dir.join(context);
    match args.store {
        StoreKind::Sqlite => Source::sqlite(&folder),
        StoreKind::Jsonl => {
            let streams = match context {
                "inventory" => args.data_dir.join("events"),
                _ => folder.join("events"),
            };
            Source::jsonl(&folder.join("journal"), &streams, runtime.clone())
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
    let mut progress = Progress::new(context, end);
    let mut compared = None;
    if let Some(views) = views {
        views.check_position(end)?;
        log.walk(0, views.position(), |entry| {
            progress.tick(entry.position);
            checker.entry(entry)
        })?;
        compared = Some(views.compare(&checker)?);
    }
    log.walk(checker.position(), end, |entry| {
        progress.tick(entry.position);
        checker.entry(entry)
    })?;
    let mut report = checker.finish()?;
    if compared.is_some() {
        report.checked.push(Invariant::I6);
        report.views = compared;
    }
    Ok(report)
}
