//! What is restored from a backup into a new data folder, and the check of it.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail, ensure};
use gondola_import::{CheckpointFolder, ToRepeat};
use gondola_verify::{Failure, Logs, Options, Reports, ViewsAt};
use kit_backup::{Manifest, Place, Progress, Restored, Until, check, restore_log, restore_state};
use kit_core::Timestamp;
use kit_event_store::{Incarnation, LogMark};

use super::backup_place::PlaceUrl;
use super::event_store::{DataArgs, EventStoreUrl};
use super::views::ViewsArgs;
use crate::progress::Shown;

/// The log that people name positions of, and that imports stand on.
const INVENTORY: &str = "inventory";

/// A backup to restore from.
pub(crate) struct Backup {
    place: Arc<dyn Place>,
    pub(crate) manifest: Manifest,
}

/// The backup of a place, each of its files compared with its checksum, and how many bytes they have; `None` where there is none.
pub(crate) async fn checked(
    from: &PlaceUrl,
    scratch: &Path,
    shown: &Arc<Shown>,
) -> anyhow::Result<Option<(Backup, u64)>> {
    let (from, scratch, shown) = (from.clone(), scratch.to_owned(), Arc::clone(shown));
    let checked = tokio::task::spawn_blocking(move || {
        let place = from.open_to_read()?;
        let Some(manifest) = Manifest::read(&*place)? else { return Ok(None) };
        let bytes = check(&*place, &manifest, &scratch, &*shown)?;
        anyhow::Ok(Some((Backup { place, manifest }, bytes)))
    });
    checked.await?
}

/// What was restored of a log.
pub(crate) struct RestoredLog {
    /// Its context.
    pub(crate) context: String,
    /// Its last event.
    pub(crate) restored: Restored,
    /// Which log it is now.
    pub(crate) end: LogMark,
}

/// A data folder that was made from a backup.
pub(crate) struct RestoredData {
    pub(crate) logs: Vec<RestoredLog>,
    /// The files beside the logs.
    pub(crate) files: Vec<String>,
    /// Imports of which the logs may not have all.
    pub(crate) to_repeat: Vec<ToRepeat>,
    /// The moment that it is as of.
    pub(crate) as_of: Timestamp,
}

/// Restores into a folder that is not there or empty; nothing stays in it when that fails.
pub(crate) async fn restore(
    from: &Backup,
    data_dir: &Path,
    until: Until,
    progress: &dyn Progress,
) -> anyhow::Result<RestoredData> {
    check_empty(data_dir)?;
    check_until(&from.manifest, until)?;
    let restored = restore_into(from, data_dir, until, progress).await;
    if restored.is_err() {
        // there was nothing in it before
        drop(std::fs::remove_dir_all(data_dir));
    }
    restored
}

fn check_empty(data_dir: &Path) -> anyhow::Result<()> {
    let is_used = data_dir.exists()
        && std::fs::read_dir(data_dir)
            .with_context(|| format!("cannot use {} as a data folder", data_dir.display()))?
            .next()
            .is_some();
    ensure!(
        !is_used,
        "{} has something in it: a backup is restored into a new folder only, so that nothing is lost twice",
        data_dir.display()
    );
    Ok(())
}

/// Refuses what the backup does not reach.
fn check_until(manifest: &Manifest, until: Until) -> anyhow::Result<()> {
    let Some(inventory) = manifest.log(INVENTORY) else {
        bail!("the backup has no event of the inventory yet: there is nothing to restore");
    };
    match until {
        Until::Position(wanted) if wanted > inventory.position => bail!(
            "the backup has the inventory up to position {}, not up to {wanted}",
            inventory.position
        ),
        Until::Moment(wanted) if wanted > manifest.made_at => bail!(
            "the backup was made at {}, so it does not have all that there was at {wanted}",
            manifest.made_at
        ),
        _ => Ok(()),
    }
}

async fn restore_into(
    Backup { place, manifest }: &Backup,
    data_dir: &Path,
    until: Until,
    progress: &dyn Progress,
) -> anyhow::Result<RestoredData> {
    let data = data_of(&manifest.kind, data_dir)?;
    let (mut logs, mut until_of, mut as_of) = (Vec::new(), until, manifest.made_at);
    // the inventory's is the first: a position is one of its log, and a moment for the others
    for log in &manifest.logs {
        let store = data.open_event_store(&log.context).await?;
        let restored = restore_log(Arc::clone(place), log, until_of, &*store, progress).await?;
        if log.context == INVENTORY {
            as_of = moment(manifest, until, restored)?;
            if let Until::Position(_) = until {
                until_of = Until::Moment(as_of);
            }
        }
        logs.push(RestoredLog { context: log.context.clone(), restored, end: store.end() });
    }
    let (states, root, place) = (manifest.state.clone(), data_dir.to_owned(), Arc::clone(place));
    let files = tokio::task::spawn_blocking(move || {
        let restored = states
            .iter()
            .map(|state| restore_state(&*place, state, &root).map(|()| state.name.clone()));
        restored.collect::<Result<Vec<_>, _>>()
    });
    let files = files.await??;
    let to_repeat = accept_imports(&data, manifest, &logs)?;
    Ok(RestoredData { logs, files, to_repeat, as_of })
}

/// The moment that an inventory is as of.
fn moment(manifest: &Manifest, until: Until, restored: Restored) -> anyhow::Result<Timestamp> {
    let Some(last) = restored.recorded_at else {
        bail!("nothing was recorded by then: there is nothing to restore");
    };
    Ok(match until {
        Until::End => manifest.made_at,
        Until::Position(_) => last,
        Until::Moment(moment) => moment,
    })
}

/// Imports stood on the log as it was named before.
fn accept_imports(
    data: &DataArgs,
    manifest: &Manifest,
    logs: &[RestoredLog],
) -> anyhow::Result<Vec<ToRepeat>> {
    let now = logs.iter().find(|log| log.context == INVENTORY);
    let (Some(before), Some(now)) = (manifest.log(INVENTORY), now) else { return Ok(Vec::new()) };
    let imports = CheckpointFolder {
        folder: data.log_root().join("imports"),
        log: manifest.kind.clone(),
        incarnation: Some(Incarnation::new(before.incarnation)),
    };
    gondola_import::accept_older_log(&imports, now.end)
}

fn data_of(kind: &str, data_dir: &Path) -> anyhow::Result<DataArgs> {
    let event_store = match kind {
        "sqlite" => EventStoreUrl::Sqlite(None),
        "jsonl" => EventStoreUrl::Jsonl(None),
        other => bail!("the backup is of a store {other:?}, which this program does not know"),
    };
    let (customer_master_key, views) = (None, ViewsArgs::default());
    Ok(DataArgs { data_dir: data_dir.to_owned(), event_store, customer_master_key, views })
}

/// Reads all of a restored data folder with the independent checker.
pub(crate) async fn verify(
    kind: &str,
    data_dir: &Path,
    shown: Arc<Shown>,
) -> anyhow::Result<Result<Reports, Failure>> {
    let folder = data_dir.to_owned();
    let logs = if kind == "jsonl" { Logs::Jsonl(folder) } else { Logs::Sqlite(folder) };
    let options =
        Options { data_dir: data_dir.to_owned(), logs, acked: None, views: ViewsAt::InUse };
    Ok(tokio::task::spawn_blocking(move || gondola_verify::check(&options, &shown.verifying()))
        .await?)
}
