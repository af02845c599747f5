//! `gondola backup`: adds what is new to a backup, and proves that it can be restored.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use anyhow::bail;
use gondola_verify::Failure;
use kit_backup::{Done, Until, Watch};
use kit_core::SystemClock;

use crate::compose::backup_place::PlaceUrl;
use crate::compose::event_store::DataArgs;
use crate::compose::{backup, restore};
use crate::console;
use crate::progress::Shown;

/// Of which data folder, and where to.
///
/// A server may be using the data folder. The backup has all that was acknowledged when it began, of all contexts. The next
/// one to the same place adds only what is new. Views, index, caches and stream files are built anew from the logs. Not in
/// it are files that you named yourself: the master key of customers' keys, API keys, feature flags, certificates.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    data: DataArgs,

    /// Folder of the backup, on another disk or a network drive, made when it is not there; or `s3://BUCKET/PREFIX`, with what the
    /// variables say that all tools of object stores know: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`,
    /// `AWS_ENDPOINT_URL`, or `AWS_SHARED_CREDENTIALS_FILE`.
    #[arg(long, value_name = "PLACE")]
    to: PlaceUrl,

    /// Leave out the proof: reading the whole backup, restoring it (beside itself in a folder, else in the folder for temporary
    /// files), and the checks of `gondola verify` on that. It takes as long as a restore, and room as the logs do.
    #[arg(long)]
    unchecked: bool,
}

/// Makes a backup. Exit code 0: made, and checked unless told otherwise; 1: made, but an invariant is broken in what it has.
pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let Args { data, to, unchecked } = args;
    let began = Instant::now();
    let place = to.clone();
    let shown = Arc::new(Shown::new());
    let progress = Arc::clone(&shown);
    let made = tokio::task::spawn_blocking(move || {
        let mut source = backup::of(&data)?;
        let watch = Watch { progress: &*progress, go_on: &|| true };
        backup::add(&mut source, &data, &place, (&SystemClock, &watch))
    });
    let made = made.await?;
    drop(shown);
    let Some(done) = made? else { bail!("the backup was told to end") };
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

/// Restores the backup beside itself, or where there is room for what passes, and checks what comes of it.
async fn prove(to: &PlaceUrl) -> anyhow::Result<ExitCode> {
    let (began, shown) = (Instant::now(), Arc::new(Shown::new()));
    let room = to.room()?;
    let checked = restore::checked(to, room.path(), &shown).await?;
    let Some((from, bytes)) = checked else { bail!("the backup has gone") };
    let (manifest, data_dir) = (&from.manifest, room.path().join("data"));
    restore::restore(&from, &data_dir, Until::End, &*shown).await?;
    match restore::verify(&manifest.kind, &data_dir, shown).await? {
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
