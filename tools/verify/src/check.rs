//! The check of a whole data folder: the logs of its contexts, the views, and the answers that clients were given.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Serialize;

use super::acked::Acked;
use super::checker::Checker;
use super::entry::Invariant;
use super::failure::Failure;
use super::grouped::grouped;
use super::index::Index;
use super::progress::{Progress, Told};
use super::report::Report;
use super::source::{Logs, Source};
use super::views::{Views, ViewsAt};

/// What to check.
#[derive(Clone)]
pub struct Options {
    /// The data folder, with a folder for each context's views.
    pub data_dir: PathBuf,
    /// Where the logs are.
    pub logs: Logs,
    /// Answers that clients were given, to be found in the log, in the format of [`ACKED_FORMAT`](crate::ACKED_FORMAT).
    pub acked: Option<PathBuf>,
    /// Views to compare with the log.
    pub views: ViewsAt,
}

/// What was found in the logs of the contexts.
#[derive(Debug, Serialize)]
pub struct Reports {
    /// The log of stock.
    pub inventory: Report,
    /// The log of the catalogue, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub store: Option<Report>,
}

impl Reports {
    /// A short table of each log and the names of what was checked, without a line break at its end.
    pub fn tables(&self) -> String {
        let mut text = self.inventory.table("inventory");
        if let Some(store) = &self.store {
            text = format!("{text}\n{}", store.table("store"));
        }
        let named = self.inventory.checked.iter().map(|held| format!("{held} {}", held.name()));
        format!("{text}\n{:<14}{}", "invariants", named.collect::<Vec<_>>().join(", "))
    }

    /// What holds, and up to where, such as `I1 I2 hold up to position 1,234`.
    pub fn summary(&self) -> String {
        let held: Vec<String> = self.inventory.checked.iter().map(Invariant::to_string).collect();
        format!("{} hold up to position {}", held.join(" "), grouped(self.inventory.events))
    }
}

/// Checks a data folder; takes as long as reading all of it does, and tells meanwhile how far it is.
pub fn check(options: &Options, told: Told<'_>) -> Result<Reports, Failure> {
    let Options { data_dir, logs, acked, views } = options;
    // the answers and the views first: what they say must be in the log, however far that goes on meanwhile
    let acked = acked.as_deref().map(read_acked).transpose()?;
    let views = views.open(data_dir)?;
    let mut checker = Checker::new();
    if let Some(acked) = acked {
        checker = checker.with_acked(acked);
    }
    let inventory = check_log(logs.open("inventory")?, ("inventory", told), checker, views)?;
    let store = logs.open_if_there("store")?;
    let store =
        store.map(|log| check_log(log, ("store", told), Checker::new(), None)).transpose()?;
    Ok(Reports { inventory, store })
}

fn read_acked(path: &Path) -> anyhow::Result<Acked> {
    let read = || Acked::read(BufReader::new(File::open(path)?));
    read().with_context(|| format!("cannot use the answers in {}", path.display()))
}

/// A log on its way through a checker.
struct Walk<'a> {
    log: Source,
    checker: Checker,
    progress: Progress<'a>,
    /// The index, until it was compared.
    index: Option<Index>,
}

/// Folds a log from its first event to its present end, and compares views and index on the way.
fn check_log(
    mut log: Source,
    (context, told): (&str, Told<'_>),
    mut checker: Checker,
    mut views: Option<Views>,
) -> Result<Report, Failure> {
    let index = log.index()?;
    let end = log.end()?;
    checker.expect(end);
    let progress = Progress { context, end, told };
    let views_at = views.as_ref().map_or(0, Views::position);
    let index_at = index.as_ref().map_or(0, Index::position);
    views.as_ref().map_or(Ok(()), |views| views.check_position(end))?;
    index.as_ref().map_or(Ok(()), |index| index.check_position(end))?;
    let mut walk = Walk { log, checker, progress, index };
    let (mut compared_views, mut compared_index) = (None, None);
    for stop in [views_at.min(index_at), views_at.max(index_at), end] {
        walk.to(stop)?;
        if let Some(mut views) = views.take_if(|_| stop == views_at) {
            compared_views = Some(views.compare(&walk.checker)?);
        }
        if let Some(index) = walk.index.take_if(|_| stop == index_at) {
            compared_index = Some(index.compare(&walk.checker)?);
        }
    }
    // the other kinds have the claims of an event with it
    match &mut walk.log {
        #[cfg(feature = "mysql")]
        Source::Mysql(log) => log.compare_claims(walk.checker.ledger().lines().holding())?,
        #[cfg(feature = "postgres")]
        Source::Postgres(log) => log.compare_claims(walk.checker.ledger().lines().holding())?,
        Source::Sqlite(..) | Source::Jsonl(_) => {}
    }
    Ok(Report::new(walk.checker.finish()?, compared_views, compared_index))
}

impl Walk<'_> {
    fn to(&mut self, position: u64) -> Result<(), Failure> {
        let Self { log, checker, progress, index } = self;
        let after = checker.position();
        log.walk(after, position, &mut |entry| {
            progress.tick(entry.position);
            if let Some(index) = index {
                index.see(entry);
            }
            checker.event(entry)
        })
    }
}
