//! `gondola backup`: adds what is new to a backup, and proves that it can be restored.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, bail};
use gondola_verify::Failure;
use kit_backup::{CHECKED, Done, Folder, Manifest, Until, check};
use kit_core::SystemClock;
use tempfile::TempDir;

use crate::compose::event_store::DataArgs;
use crate::compose::{backup, restore};
use crate::console;

/// Of which data folder, and where to.
///
/// A server may be using the data folder. The backup has all that was acknowledged when it began, of all contexts. The next
/// one to the same folder adds only what is new. Views, index, caches and stream files are built anew from the logs. Not in
/// it are files that you named yourself: the master key of customers' keys, API keys, feature flags, certificates.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    data: DataArgs,

    /// Folder of the backup, on another disk or a network drive; made when it is not there.
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,

    /// Leave out the proof: reading the whole backup, restoring it beside itself, and the checks of `gondola verify` on that. It
    /// takes as long as a restore, and room as the logs do.
    #[arg(long)]
    unchecked: bool,
}

/// Makes a backup. Exit code 0: made, and checked unless told otherwise; 1: made, but an invariant is broken in what it has.
pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let Args { data, to, unchecked } = args;
    let began = Instant::now();
    let place = to.clone();
    let made = tokio::task::spawn_blocking(move || {
        let mut source = backup::of(&data)?;
        backup::add(&mut source, &data, &place, &SystemClock, &|| true)
    });
    let Some(done) = made.await?? else { bail!("the backup was told to end") };
    tell(&done, &backup::seconds(began));
    if unchecked {
        return Ok(ExitCode::SUCCESS);
    }
    prove(&to).await
}

fn tell(Done { manifest, new_events, new_bytes }: &Done, took: &str) {
    for log in &manifest.logs {
        console::line(format_args!("{:<10} up to position {}", log.context, log.position));
    }
    for state in &manifest.state {
        console::line(format_args!("{:<10} {} bytes", state.name, state.bytes));
    }
    console::line(format_args!(
        "backup of {}: {new_events} new events, {new_bytes} bytes written in {took}",
        manifest.made_at
    ));
}

/// Restores the backup beside itself, and checks what comes of it.
async fn prove(to: &std::path::Path) -> anyhow::Result<ExitCode> {
    let began = Instant::now();
    let place = Arc::new(Folder::to_read(to)?);
    let Some(manifest) = Manifest::read(&*place)? else { bail!("the backup has gone") };
    let room = TempDir::with_prefix_in(CHECKED, to)
        .with_context(|| format!("cannot make a folder in {}", to.display()))?;
    let bytes = check(&*place, &manifest, room.path())?;
    let data_dir = room.path().join("data");
    restore::restore(place, &manifest, &data_dir, Until::End).await?;
    match restore::verify(&manifest.kind, &data_dir).await? {
        Ok(reports) => {
            let (summary, took) = (reports.summary(), backup::seconds(began));
            console::line(format_args!(
                "checked: {bytes} bytes have their checksums, and restored {summary}; in {took}"
            ));
            Ok(ExitCode::SUCCESS)
        }
        Err(Failure::Broken(violation)) => {
            console::line(format_args!("not verified: {violation}"));
            Ok(ExitCode::from(1))
        }
        Err(Failure::Unchecked(error)) => Err(error.context("could not check what was restored")),
    }
}
