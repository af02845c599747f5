//! Which event store there is, chosen by a URL, and how it is opened.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use anyhow::{Context, bail, ensure};
use gondola_import::CheckpointFolder;
use kit_core::{Clock as _, IdSource, RandomIds, SystemClock};
use kit_event_store::log_folder::incarnation_in;
use kit_event_store::memory::MemoryStore;
use kit_event_store::{EventStore, LogMark};
use kit_jsonl::{JsonlOptions, JsonlStore};
use kit_sqlite::{SqliteOptions, SqliteStore};
use uuid::Uuid;

/// Where events are kept: a scheme, and for files a folder, as in `sqlite:` or `jsonl:/var/lib/gondola`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum EventStoreUrl {
    /// One SQLite file per context, below this folder or else the data folder.
    Sqlite(Option<PathBuf>),
    /// A journal and a readable file per stock level, below this folder or else the data folder.
    Jsonl(Option<PathBuf>),
    /// Nothing is kept; for trying things out.
    Memory,
}

impl FromStr for EventStoreUrl {
    type Err = anyhow::Error;

    fn from_str(url: &str) -> anyhow::Result<Self> {
        let (scheme, rest) = url.split_once(':').unwrap_or((url, ""));
        let place = rest.strip_prefix("//").unwrap_or(rest);
        let folder = Some(PathBuf::from(place)).filter(|_| !place.is_empty());
        match (scheme, folder) {
            ("sqlite", folder) => Ok(Self::Sqlite(folder)),
            ("jsonl", folder) => Ok(Self::Jsonl(folder)),
            ("memory", None) => Ok(Self::Memory),
            ("memory", Some(_)) => {
                bail!("memory: keeps nothing, so {place:?} cannot be its folder")
            }
            _ => bail!(
                "there is no event store {scheme:?}; there are sqlite:[FOLDER], jsonl:[FOLDER] and memory:"
            ),
        }
    }
}

impl EventStoreUrl {
    /// What people call it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "SQLite",
            Self::Jsonl(_) => "JSONL",
            Self::Memory => "memory",
        }
    }

    fn folder(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(folder) | Self::Jsonl(folder) => folder.as_deref(),
            Self::Memory => None,
        }
    }
}

/// Arguments of all commands that work on a data folder.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct DataArgs {
    /// Folder of all data; made when it is not there.
    #[arg(long, default_value = "data", env = "GONDOLA_DATA_DIR", value_name = "DIR")]
    pub(crate) data_dir: PathBuf,

    /// Where events are kept: `sqlite:`, `jsonl:` or `memory:`. The first two take a folder, as in `sqlite:/mnt/log`;
    /// without one they are in the data folder.
    #[arg(long, default_value = "sqlite:", env = "GONDOLA_EVENT_STORE", value_name = "URL")]
    pub(crate) event_store: EventStoreUrl,
}

impl DataArgs {
    /// Folder of what a context derives from its log, such as the views of `inventory`.
    pub(crate) fn views_folder(&self, context: &str) -> PathBuf {
        self.data_dir.join(context)
    }

    /// Folder of the log of a context.
    pub(crate) fn log_folder(&self, context: &str) -> PathBuf {
        self.log_root().join(context)
    }

    /// Folder of what belongs to the logs of all contexts.
    pub(crate) fn log_root(&self) -> &Path {
        self.event_store.folder().unwrap_or(&self.data_dir)
    }

    /// Where imports keep how far they are: beside the logs that they write to.
    pub(crate) fn imports(&self) -> anyhow::Result<CheckpointFolder> {
        Ok(CheckpointFolder {
            folder: self.log_root().join("imports"),
            log: self.event_store.name().to_lowercase(),
            incarnation: incarnation_in(&self.log_folder("inventory"))?,
        })
    }

    /// Folder of the readable stream files of a context, when events are kept as JSONL.
    pub(crate) fn stream_files(&self, context: &str) -> PathBuf {
        // stock levels where the layout of the first documents has them
        if context == "inventory" {
            self.log_root().join("events")
        } else {
            self.log_folder(context).join("events")
        }
    }

    /// Refuses a log that ends with this process.
    pub(crate) fn ensure_kept(&self) -> anyhow::Result<()> {
        ensure!(
            self.event_store != EventStoreUrl::Memory,
            "nothing is kept with --event-store memory: use sqlite: or jsonl:"
        );
        Ok(())
    }

    /// Opens the event store of a context.
    pub(crate) fn open_event_store(&self, context: &str) -> anyhow::Result<Arc<dyn EventStore>> {
        let opened = match &self.event_store {
            EventStoreUrl::Memory => Ok(Arc::new(MemoryStore::new()) as _),
            EventStoreUrl::Sqlite(_) => open_sqlite(self.log_folder(context)),
            EventStoreUrl::Jsonl(_) => open_jsonl(self.jsonl(context)),
        };
        let opened = opened.and_then(|log| {
            if context == "inventory" {
                gondola_import::check_log(&self.imports()?, log.end())?;
            }
            Ok(log)
        });
        opened.with_context(|| format!("cannot open the {context} event store"))
    }

    /// Accepts that the log of a context is older than what was made from it; the answer is its end.
    pub(crate) fn accept_older_log(&self, context: &str) -> anyhow::Result<LogMark> {
        self.ensure_kept()?;
        let accepted = match &self.event_store {
            EventStoreUrl::Jsonl(_) => {
                kit_jsonl::accept_older_log(&self.jsonl(context)).map_err(anyhow::Error::from)
            }
            EventStoreUrl::Sqlite(_) | EventStoreUrl::Memory => {
                let accepted = kit_sqlite::accept_older_log(&self.log_folder(context), new_id());
                accepted.map_err(anyhow::Error::from)
            }
        };
        accepted.with_context(|| format!("cannot accept the {context} event store"))
    }

    fn jsonl(&self, context: &str) -> JsonlOptions {
        let folder = self.log_folder(context);
        JsonlOptions {
            on_fatal: Arc::new(kit_process::end),
            ..JsonlOptions::new(folder, self.stream_files(context), new_id())
        }
    }
}

fn open_sqlite(folder: PathBuf) -> anyhow::Result<Arc<dyn EventStore>> {
    let clock = Arc::new(SystemClock);
    let on_fatal = Arc::new(kit_process::end);
    let options = SqliteOptions { folder, new_id: new_id(), clock, on_fatal };
    Ok(Arc::new(SqliteStore::open(options)?))
}

fn open_jsonl(options: JsonlOptions) -> anyhow::Result<Arc<dyn EventStore>> {
    Ok(Arc::new(JsonlStore::open(options)?))
}

/// Names a new log.
fn new_id() -> Uuid {
    RandomIds.next_id(SystemClock.now())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> EventStoreUrl {
        url.parse().unwrap()
    }

    #[test]
    fn a_url_names_a_kind_and_perhaps_a_folder() {
        assert_eq!(parse("sqlite:"), EventStoreUrl::Sqlite(None));
        assert_eq!(parse("sqlite"), parse("sqlite:"));
        assert_eq!(parse("sqlite:logs"), EventStoreUrl::Sqlite(Some("logs".into())));
        assert_eq!(parse("jsonl:/mnt/log"), EventStoreUrl::Jsonl(Some("/mnt/log".into())));
        assert_eq!(parse("jsonl:///mnt/log"), parse("jsonl:/mnt/log"));
        assert_eq!(parse("memory:"), EventStoreUrl::Memory);
    }

    #[test]
    fn a_folder_of_its_own_takes_the_log_and_leaves_the_views() {
        let mut data = DataArgs { data_dir: "data".into(), event_store: parse("jsonl:") };
        assert_eq!(data.log_folder("store"), Path::new("data/store"));
        data.event_store = parse("jsonl:logs");
        assert_eq!(data.log_folder("store"), Path::new("logs/store"));
        assert_eq!(data.stream_files("inventory"), Path::new("logs/events"));
        assert_eq!(data.views_folder("store"), Path::new("data/store"));
    }

    #[test]
    fn what_there_is_not_is_refused_with_what_there_is() {
        let told = |url: &str| url.parse::<EventStoreUrl>().unwrap_err().to_string();
        let unknown = told("postgres://db/gondola");
        assert!(unknown.contains("no event store \"postgres\"; there are sqlite:"), "{unknown}");
        assert!(told("memory:data").contains("keeps nothing"));
    }
}
