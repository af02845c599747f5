//! `gondola restore`: makes a data folder from a backup, as it was at its end or at a moment before.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use anyhow::bail;
use gondola_verify::Failure;
use kit_backup::{BackupError, Manifest, Until};
use kit_core::{Position, Timestamp};
use tempfile::TempDir;

use super::accept_older_log::tell_imports;
use crate::compose::backup_place::PlaceUrl;
use crate::compose::restore::{RestoredData, RestoredLog};
use crate::compose::{backup, restore};
use crate::progress::Shown;
use crate::{compose, console};

/// From which backup, and into which folder.
///
/// Every file is read and compared with its checksum first, and the result is checked as `gondola verify` does. Each log gets
/// a new identity, by which consumers of the feed and the bus know that positions begin to differ. Views are built at the
/// first start. It tells how long it took (RTO), and how old what was restored is (RPO).
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Folder of the backup, or `s3://BUCKET/PREFIX` with the variables as for `gondola backup`.
    #[arg(long, value_name = "PLACE")]
    from: PlaceUrl,

    /// Folder of data that is not there yet, or empty.
    #[arg(long, value_name = "DIR")]
    data_dir: PathBuf,

    /// Leave out what was recorded after a moment, as in `2026-11-28T12:00:00Z`; levels are then as with `asOf` of that moment.
    /// Webhooks, subscriptions, alerts and keys of customers are the newest ones all the same.
    #[arg(long, value_name = "TIME", conflicts_with = "to_position")]
    to_time: Option<Timestamp>,

    /// Leave out what comes after a position of the inventory's log, and what the catalogue recorded after that.
    #[arg(long, value_name = "POSITION", value_parser = clap::value_parser!(u64).range(1..))]
    to_position: Option<u64>,
}

/// Restores. Exit code 0: restored and verified; 1: restored, but an invariant is broken in it.
pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let Args { from, data_dir, to_time, to_position } = args;
    let (began, now) = (Instant::now(), compose::now());
    let position = to_position.map(|position| Until::Position(Position::new(position)));
    let until = to_time.map(Until::Moment).or(position).unwrap_or(Until::End);
    let (scratch, shown) = (TempDir::with_prefix("gondola-")?, Arc::new(Shown::new()));
    let checked = restore::checked(&from, scratch.path(), &shown).await?;
    let (from, bytes) = checked.ok_or_else(|| BackupError::Missing(from.to_string()))?;
    let (manifest, restored) =
        (&from.manifest, restore::restore(&from, &data_dir, until, &*shown).await?);
    let took = backup::seconds(began);
    let checked = restore::verify(&manifest.kind, &data_dir, shown).await?;
    tell(&restored, manifest);
    let lost = now.since(restored.as_of).as_secs_f64();
    console::line(format_args!(
        "as of      {}: {lost:.1} s before the restore began (RPO)",
        restored.as_of
    ));
    console::line(format_args!(
        "took       {took} to restore {bytes} bytes, {} with the check (RTO)",
        backup::seconds(began)
    ));
    tell_imports(restored.to_repeat);
    match checked {
        Ok(reports) => {
            console::line(format_args!("verified: {}", reports.summary()));
            Ok(ExitCode::SUCCESS)
        }
        Err(Failure::Broken(violation)) => {
            console::line(format_args!("not verified: {violation}"));
            Ok(ExitCode::from(1))
        }
        Err(Failure::Unchecked(error)) => bail!("could not check what was restored: {error:#}"),
    }
}

fn tell(restored: &RestoredData, manifest: &Manifest) {
    for RestoredLog { context, restored, end } in &restored.logs {
        let had = manifest.log(context).map_or(Position::ZERO, |log| log.position);
        let left_out = had.get() - restored.position.get();
        console::line(format_args!(
            "{context:<10} up to position {}, {left_out} events left out; it is log {} from now on",
            restored.position, end.incarnation
        ));
    }
    for file in &restored.files {
        console::line(format_args!("file       {file}"));
    }
    if restored.files.iter().any(|file| file == "privacy/keys.db") {
        console::line(
            "the master key of customers' keys is not in a backup: put it where --customer-master-key says",
        );
    }
}
