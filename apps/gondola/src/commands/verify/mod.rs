//! `gondola verify`: proves from the log that the product kept its promises.

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::bail;
use gondola_verify::{Failure, Logs, Options, Reports, ViewsAt, Violation};
use serde::Serialize;

use crate::compose::event_store::{DataArgs, EventStoreUrl};
use crate::console;
use crate::progress::Shown;

/// What to check.
///
/// Folds the log with an independent checker: streams and positions in order, units conserved, reserved never above
/// on hand, each reservation ended once and in time, each command recorded once, and the views equal to the log.
/// Nothing is changed, and a server may be running: the log is checked up to where it ended when the check began.
#[derive(Clone, Debug, clap::Args)]
#[command(after_long_help = gondola_verify::ACKED_FORMAT)]
pub(crate) struct Args {
    #[command(flatten)]
    data: DataArgs,

    /// Answers that clients were given, to be found in the log; the end of --help has the format.
    #[arg(long, value_name = "FILE")]
    acked: Option<PathBuf>,

    /// A file of views to compare with the log, instead of those in use.
    #[arg(long, value_name = "FILE")]
    views_file: Option<PathBuf>,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
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

/// Checks a data folder. Exit code 0: all holds; 1: something does not. An error, exit code 2: it could not be checked.
pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let started = Instant::now();
    let json = args.json;
    let checked = tokio::task::spawn_blocking(move || check(args)).await?;
    let code = match &checked {
        Ok(_) => ExitCode::SUCCESS,
        Err(Failure::Broken(_)) => ExitCode::from(1),
        Err(Failure::Unchecked(_)) => ExitCode::from(2),
    };
    console::line(if json { as_json(checked)? } else { as_text(checked, started)? });
    Ok(code)
}

fn check(args: Args) -> Result<Reports, Failure> {
    gondola_verify::check(&options(args)?, &Shown::new().verifying())
}

fn options(args: Args) -> anyhow::Result<Options> {
    let Args { data, acked, views_file, .. } = args;
    let folder = data.log_root().to_owned();
    let logs = match &data.event_store {
        EventStoreUrl::Sqlite(_) => Logs::Sqlite(folder),
        EventStoreUrl::Jsonl(_) => Logs::Jsonl(folder),
        EventStoreUrl::Memory => bail!("a log in memory ends with its server: nothing is kept"),
        #[cfg(feature = "postgres")]
        EventStoreUrl::Postgres(url) => Logs::Postgres(url.as_str().to_owned()),
        #[cfg(feature = "mysql")]
        EventStoreUrl::Mysql(url) => Logs::Mysql(url.as_str().to_owned()),
    };
    let in_use = || data.views.to_verify();
    let views = views_file.map_or_else(in_use, ViewsAt::File);
    Ok(Options { data_dir: data.data_dir, logs, acked, views })
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
        Ok(reports) => {
            let (tables, summary) = (reports.tables(), reports.summary());
            let millis = started.elapsed().as_millis();
            Ok(format!("{tables}\nverified: {summary}, checked in {millis} ms"))
        }
        Err(Failure::Broken(violation)) => Ok(format!("not verified: {violation}")),
        Err(Failure::Unchecked(error)) => Err(error.context("could not check the log")),
    }
}
