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
use super::progress::Progress;
use super::report::Report;
use super::source::{LogKind, Source};
use super::views::{self, Views};

/// What to check.
#[derive(Clone, Debug)]
pub struct Options {
    /// The data folder, with a folder for each context.
    pub data_dir: PathBuf,
    /// The kind of log in it.
    pub log: LogKind,
    /// Answers that clients were given, to be found in the log, in the format of [`ACKED_FORMAT`](crate::ACKED_FORMAT).
    pub acked: Option<PathBuf>,
    /// Views to compare with the log, instead of those in use.
    pub views: Option<PathBuf>,
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
    /// A short table of each log, without a line break at its end.
    pub fn tables(&self) -> String {
        let mut text = self.inventory.table("inventory");
        if let Some(store) = &self.store {
            text = format!("{text}\n{}", store.table("store"));
        }
        text
    }

    /// What holds, and up to where, such as `I1 I2 hold up to position 1,234`.
    pub fn summary(&self) -> String {
        let held: Vec<String> = self.inventory.checked.iter().map(Invariant::to_string).collect();
        format!("{} hold up to position {}", held.join(" "), grouped(self.inventory.events))
    }
}

/// Checks a data folder; takes as long as reading all of it does. Says on standard error how far it is.
pub fn check(options: &Options) -> Result<Reports, Failure> {
    let Options { data_dir, log: kind, acked, views } = options;
    let (inventory, store) = (data_dir.join("inventory"), data_dir.join("store"));
    // the answers and the views first: what they say must be in the log, however far that goes on meanwhile
    let acked = acked.as_deref().map(read_acked).transpose()?;
    let views = match views {
        Some(file) => Some(file.clone()),
        None => views::find(&inventory)?,
    };
    let views = views.as_deref().map(Views::open).transpose()?;
    let log = Source::open(*kind, &inventory)?;
    let mut checker = Checker::new();
    if let Some(acked) = acked {
        checker = checker.with_acked(acked);
    }
    let inventory = check_log(log, checker, views.as_ref(), "inventory")?;
    let store = if store.exists() {
        Some(check_log(Source::open(*kind, &store)?, Checker::new(), None, "store")?)
    } else {
        None
    };
    Ok(Reports { inventory, store })
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
        log.walk(0, views.position(), &mut |entry| {
            progress.tick(entry.position);
            checker.event(entry)
        })?;
        compared = Some(views.compare(&checker)?);
    }
    log.walk(checker.position(), end, &mut |entry| {
        progress.tick(entry.position);
        checker.event(entry)
    })?;
    Ok(Report::new(checker.finish()?, compared))
}
