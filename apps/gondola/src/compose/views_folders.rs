//! The folders of the views of this process: locked in the data folder, or of the process alone.

use std::fs::File;
use std::path::PathBuf;

use anyhow::Context;
use kit_event_store::log_folder::{lock, make_durably};
use tempfile::TempDir;

use super::event_store::{DataArgs, EventStoreUrl};

/// Where the views of each context are; other processes cannot use them meanwhile.
pub(crate) struct ViewsFolders {
    root: PathBuf,
    _locks: Vec<File>,
    /// Views of a log in memory end with it.
    _passing: Option<TempDir>,
}

impl ViewsFolders {
    /// Makes and locks the folders of some contexts.
    ///
    /// Logs have locks of their own, but those of several kinds, and of several folders, could have views in one place.
    pub(crate) fn open(
        data: &DataArgs,
        contexts: impl Iterator<Item = &'static str>,
    ) -> anyhow::Result<Self> {
        let passing = (data.event_store == EventStoreUrl::Memory)
            .then(|| TempDir::with_prefix("gondola-"))
            .transpose()
            .context("cannot make a folder for temporary files")?;
        let root = passing.as_ref().map_or(&*data.data_dir, TempDir::path).to_owned();
        let mut locks = Vec::new();
        for context in contexts {
            let folder = root.join(context);
            make_durably(&folder)?;
            locks.push(lock(&folder.join("views.lock"), &folder)?);
        }
        Ok(Self { root, _locks: locks, _passing: passing })
    }

    /// The folder of a context.
    pub(crate) fn of(&self, context: &str) -> PathBuf {
        self.root.join(context)
    }
}
