//! Which event store a data folder has, and how it is opened.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use kit_core::{IdSource, RandomIds, SystemClock, Timestamp};
use kit_event_store::EventStore;
use kit_event_store::memory::MemoryStore;
use kit_jsonl::{JsonlOptions, JsonlStore};
use kit_sqlite::{SqliteOptions, SqliteStore};

/// Time for the last answers to leave before the process ends after a failed log write.
const LAST_WORDS: Duration = Duration::from_millis(300);

/// The kind of event store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum StoreKind {
    /// One SQLite file per context.
    #[default]
    Sqlite,
    /// A journal, and a readable file per stock level.
    Jsonl,
    /// Nothing is kept; for trying things out.
    Memory,
}

impl StoreKind {
    /// What people call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Jsonl => "JSONL",
            Self::Memory => "memory",
        }
    }
}

/// Where a data folder has what.
#[derive(Clone, Debug)]
pub(crate) struct DataFolder(PathBuf);

/// Arguments of all commands that work on a data folder.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct DataArgs {
    /// Folder of all data; made when it is not there.
    #[arg(long, default_value = "data", env = "GONDOLA_DATA_DIR", value_name = "DIR")]
    pub(crate) data_dir: PathBuf,

    /// Kind of event store in it.
    #[arg(long, value_enum, default_value_t, env = "GONDOLA_STORE")]
    pub(crate) store: StoreKind,
}

impl DataArgs {
    /// The folder.
    pub(crate) fn folder(&self) -> DataFolder {
        DataFolder(self.data_dir.clone())
    }
}

impl DataFolder {
    /// Folder of a context, such as `inventory`: its log and its views.
    pub(crate) fn context(&self, context: &str) -> PathBuf {
        self.0.join(context)
    }

    /// Folder of the readable stream files of a context, when the store is `jsonl`.
    pub(crate) fn stream_files(&self, context: &str) -> PathBuf {
        // stock levels where the layout of the first documents has them
        if context == "inventory" {
            self.0.join("events")
        } else {
            self.context(context).join("events")
        }
    }

    /// Opens the event store of a context.
    pub(crate) fn open(
        &self,
        kind: StoreKind,
        context: &str,
    ) -> anyhow::Result<Arc<dyn EventStore>> {
        let folder = self.context(context);
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("cannot use {}", folder.display()))?;
        let opened: anyhow::Result<Arc<dyn EventStore>> = match kind {
            StoreKind::Memory => Ok(Arc::new(MemoryStore::new())),
            StoreKind::Sqlite => open_sqlite(&folder),
            StoreKind::Jsonl => {
                let mut options =
                    JsonlOptions::new(folder.join("journal"), self.stream_files(context));
                options.on_fatal = Arc::new(end_process);
                JsonlStore::open(options).map(|store| Arc::new(store) as _).map_err(Into::into)
            }
        };
        opened.with_context(|| format!("cannot open the {context} event store"))
    }
}

fn open_sqlite(folder: &Path) -> anyhow::Result<Arc<dyn EventStore>> {
    let clock = Arc::new(SystemClock);
    let options = SqliteOptions {
        folder: folder.to_owned(),
        new_id: RandomIds.next_id(kit_core::Clock::now(clock.as_ref())),
        clock,
        on_fatal: Arc::new(end_process),
    };
    Ok(Arc::new(SqliteStore::open(options)?))
}

/// The state of the log on disk is not known any more: end, so that the restart reads it.
fn end_process(reason: &str) {
    tracing::error!(reason, "event_log_failed_process_ends");
    std::thread::spawn(|| {
        std::thread::sleep(LAST_WORDS);
        std::process::abort();
    });
}

/// The machine's clock, for names and labels outside the log.
pub(crate) fn now() -> Timestamp {
    kit_core::Clock::now(&SystemClock)
}
