//! Which event store there is, chosen by a URL, and how it is opened.

#![cfg_attr(
    not(any(feature = "mysql", feature = "postgres")),
    expect(clippy::unused_async, reason = "only a database server keeps its callers waiting")
)]

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use anyhow::{Context, bail, ensure};
use gondola_import::CheckpointFolder;
#[cfg(any(feature = "mysql", feature = "postgres"))]
use gondola_inventory::SharedKeysConfig;
use gondola_inventory::{CustomerKeysConfig, CustomerKeysPlace};
use kit_core::{Clock as _, IdSource, RandomIds, SystemClock};
use kit_event_store::log_folder::incarnation_in;
use kit_event_store::memory::MemoryStore;
use kit_event_store::{EventStore, Incarnation, LogMark};
use kit_jsonl::{JsonlOptions, JsonlStore};
use kit_sqlite::{SqliteOptions, SqliteStore};
use uuid::Uuid;

#[cfg(feature = "mysql")]
use super::mysql::MysqlUrl;
#[cfg(feature = "postgres")]
use super::postgres::PostgresUrl;
use super::views::{ViewsArgs, ViewsUrl};

/// Where events are kept: a scheme, and for files a folder, as in `sqlite:` or `jsonl:/var/lib/gondola`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum EventStoreUrl {
    /// One SQLite file per context, below this folder or else the data folder.
    Sqlite(Option<PathBuf>),
    /// A journal and a readable file per stock level, below this folder or else the data folder.
    Jsonl(Option<PathBuf>),
    /// Nothing is kept; for trying things out.
    Memory,
    /// A schema per context in a database that several processes may share.
    #[cfg(feature = "postgres")]
    Postgres(PostgresUrl),
    /// The same, with a database per context.
    #[cfg(feature = "mysql")]
    Mysql(MysqlUrl),
}

impl FromStr for EventStoreUrl {
    type Err = anyhow::Error;

    fn from_str(url: &str) -> anyhow::Result<Self> {
        if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            return postgres(url);
        }
        if url.starts_with("mysql:") {
            return mysql(url);
        }
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
                "there is no event store {scheme:?}; there are sqlite:[FOLDER], jsonl:[FOLDER], postgres://..., \
                 mysql://... and memory:"
            ),
        }
    }
}

#[cfg(feature = "postgres")]
fn postgres(url: &str) -> anyhow::Result<EventStoreUrl> {
    url.parse().map(EventStoreUrl::Postgres)
}

#[cfg(not(feature = "postgres"))]
fn postgres(_url: &str) -> anyhow::Result<EventStoreUrl> {
    Err(super::not_built_in("PostgreSQL"))
}

#[cfg(feature = "mysql")]
fn mysql(url: &str) -> anyhow::Result<EventStoreUrl> {
    url.parse().map(EventStoreUrl::Mysql)
}

#[cfg(not(feature = "mysql"))]
fn mysql(_url: &str) -> anyhow::Result<EventStoreUrl> {
    Err(super::not_built_in("MySQL"))
}

impl EventStoreUrl {
    /// What people call it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "SQLite",
            Self::Jsonl(_) => "JSONL",
            Self::Memory => "memory",
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => "PostgreSQL",
            #[cfg(feature = "mysql")]
            Self::Mysql(_) => "MySQL",
        }
    }

    /// Whether several processes may share it.
    pub(crate) const fn is_shared(&self) -> bool {
        !matches!(self, Self::Sqlite(_) | Self::Jsonl(_) | Self::Memory)
    }

    fn folder(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(folder) | Self::Jsonl(folder) => folder.as_deref(),
            Self::Memory => None,
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => None,
            #[cfg(feature = "mysql")]
            Self::Mysql(_) => None,
        }
    }
}

/// Arguments of all commands that work on a data folder.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct DataArgs {
    /// Folder of all data; made when it is not there.
    #[arg(long, default_value = "data", env = "GONDOLA_DATA_DIR", value_name = "DIR")]
    pub(crate) data_dir: PathBuf,

    /// Where events are kept: `sqlite:`, `jsonl:`, `postgres:`, `mysql:` or `memory:`. The first two take a folder, as in
    /// `sqlite:/mnt/log`; without one they are in the data folder. PostgreSQL takes an address, as in
    /// `postgres://{context}_app:PASSWORD@HOST/{context}_db`: `{context}` stands for inventory and store, which have a
    /// schema of this name each. MySQL takes one as well, as in `mysql://{context}_app:PASSWORD@HOST/{context}_db`. Instead of a
    /// password an address may have `?password_file=PATH`, which is read for each new connection.
    #[arg(
        long,
        default_value = "sqlite:",
        env = "GONDOLA_EVENT_STORE",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub(crate) event_store: EventStoreUrl,

    /// File of the master key of customers' keys: 64 hexadecimal digits, made when there are no keys yet [default:
    /// privacy/master.key beside the logs; none with PostgreSQL and MySQL, where customers are in clear without it, and all
    /// processes need the same]
    #[arg(long, env = "GONDOLA_CUSTOMER_MASTER_KEY", value_name = "FILE")]
    pub(crate) customer_master_key: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) views: ViewsArgs,
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

    /// Where the keys of customers are: beside the logs that know customers by them, in the database of those that processes
    /// share, else below `passing`, with a log in memory.
    #[cfg_attr(
        not(any(feature = "mysql", feature = "postgres")),
        expect(clippy::unnecessary_wraps, reason = "the address of a database server may be none")
    )]
    pub(crate) fn customer_keys(&self, passing: PathBuf) -> anyhow::Result<CustomerKeysPlace> {
        let is_kept = match &self.event_store {
            EventStoreUrl::Sqlite(_) | EventStoreUrl::Jsonl(_) => true,
            EventStoreUrl::Memory => false,
            #[cfg(feature = "postgres")]
            EventStoreUrl::Postgres(url) => {
                return Ok(self.shared_keys(url.subject_keys("inventory")?));
            }
            #[cfg(feature = "mysql")]
            EventStoreUrl::Mysql(url) => {
                return Ok(self.shared_keys(url.subject_keys("inventory")?));
            }
        };
        let folder = if is_kept { self.log_root().join("privacy") } else { passing };
        let own = || folder.join("master.key");
        let master_key_file = self.customer_master_key.clone().unwrap_or_else(own);
        Ok(CustomerKeysPlace::Folder(CustomerKeysConfig { folder, master_key_file }))
    }

    /// Keys that processes share need a master key that they share: none is taken that was not named.
    #[cfg(any(feature = "mysql", feature = "postgres"))]
    fn shared_keys(
        &self,
        keys: Arc<dyn kit_event_store::subject_keys::SubjectKeys>,
    ) -> CustomerKeysPlace {
        let master_key_file = self.customer_master_key.clone();
        CustomerKeysPlace::Shared(SharedKeysConfig { keys, master_key_file })
    }

    /// Where imports keep how far they are: beside the logs that they write to.
    pub(crate) async fn imports(&self) -> anyhow::Result<CheckpointFolder> {
        Ok(CheckpointFolder {
            folder: self.log_root().join("imports"),
            log: self.event_store.name().to_lowercase(),
            incarnation: self.incarnation("inventory").await?,
        })
    }

    /// The log that a context has, without opening it; `None` where there is none.
    async fn incarnation(&self, context: &str) -> anyhow::Result<Option<Incarnation>> {
        match &self.event_store {
            #[cfg(feature = "postgres")]
            EventStoreUrl::Postgres(url) => url.incarnation(context).await.map(Some),
            #[cfg(feature = "mysql")]
            EventStoreUrl::Mysql(url) => url.incarnation(context).await.map(Some),
            _ => Ok(incarnation_in(&self.log_folder(context))?),
        }
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

    /// Refuses a place without the log of a context, before anything is made there.
    pub(crate) fn ensure_log(&self, context: &str) -> anyhow::Result<()> {
        self.ensure_kept()?;
        ensure!(
            self.has_log(context),
            "there is no {}: give the server's --data-dir",
            self.log_folder(context).display()
        );
        Ok(())
    }

    /// Refuses a log that ends with this process.
    pub(crate) fn ensure_kept(&self) -> anyhow::Result<()> {
        ensure!(
            self.event_store != EventStoreUrl::Memory,
            "nothing is kept with --event-store memory: use sqlite: or jsonl:"
        );
        Ok(())
    }

    /// Whether a context has a log.
    pub(crate) fn has_log(&self, context: &str) -> bool {
        match self.event_store {
            EventStoreUrl::Memory => false,
            EventStoreUrl::Sqlite(_) | EventStoreUrl::Jsonl(_) => self.log_folder(context).exists(),
            // opening it tells whether it is there
            #[cfg(feature = "postgres")]
            EventStoreUrl::Postgres(_) => true,
            #[cfg(feature = "mysql")]
            EventStoreUrl::Mysql(_) => true,
        }
    }

    /// Makes or updates the tables of a context's log and of its views, where a role of its own must; each answer says what
    /// was done.
    pub(crate) async fn migrate(&self, context: &str) -> anyhow::Result<Vec<String>> {
        let migrated: Option<anyhow::Result<String>> = match &self.event_store {
            #[cfg(feature = "postgres")]
            EventStoreUrl::Postgres(url) => Some(url.migrate(context, new_id()).await),
            #[cfg(feature = "mysql")]
            EventStoreUrl::Mysql(url) => Some(url.migrate(context, new_id()).await),
            _ => None,
        };
        let failed = || format!("cannot migrate the {context} event store");
        let mut done = Vec::from_iter(migrated.transpose().with_context(failed)?);
        done.extend(self.views.migrate(context).await?);
        Ok(done)
    }

    /// Refuses data that has no tables to migrate.
    pub(crate) fn ensure_tables(&self) -> anyhow::Result<()> {
        let in_database = match &self.event_store {
            #[cfg(feature = "postgres")]
            EventStoreUrl::Postgres(_) => true,
            #[cfg(feature = "mysql")]
            EventStoreUrl::Mysql(_) => true,
            _ => false,
        };
        ensure!(
            in_database || self.views.url != ViewsUrl::Sqlite,
            "{} has no tables to migrate for an event store: a log is brought up to date when it is opened",
            self.event_store.name()
        );
        Ok(())
    }

    /// Opens the event store of a context.
    pub(crate) async fn open_event_store(
        &self,
        context: &str,
    ) -> anyhow::Result<Arc<dyn EventStore>> {
        let opened = match &self.event_store {
            EventStoreUrl::Memory => Ok(Arc::new(MemoryStore::new()) as _),
            EventStoreUrl::Sqlite(_) => open_sqlite(self.log_folder(context)),
            EventStoreUrl::Jsonl(_) => open_jsonl(self.jsonl(context)),
            #[cfg(feature = "postgres")]
            EventStoreUrl::Postgres(url) => url.open(context).await,
            #[cfg(feature = "mysql")]
            EventStoreUrl::Mysql(url) => url.open(context).await,
        };
        let failed = || format!("cannot open the {context} event store");
        let log = opened.with_context(failed)?;
        if context == "inventory" {
            let imports = self.imports().await?;
            gondola_import::check_log(&imports, log.end()).with_context(failed)?;
        }
        Ok(log)
    }

    /// Accepts that the log of a context is older than what was made from it; the answer is its end.
    pub(crate) async fn accept_older_log(&self, context: &str) -> anyhow::Result<LogMark> {
        self.ensure_kept()?;
        let accepted = match &self.event_store {
            EventStoreUrl::Jsonl(_) => {
                kit_jsonl::accept_older_log(&self.jsonl(context)).map_err(anyhow::Error::from)
            }
            EventStoreUrl::Sqlite(_) | EventStoreUrl::Memory => {
                let accepted = kit_sqlite::accept_older_log(&self.log_folder(context), new_id());
                accepted.map_err(anyhow::Error::from)
            }
            #[cfg(feature = "postgres")]
            EventStoreUrl::Postgres(url) => url.accept_older_log(context, new_id()).await,
            #[cfg(feature = "mysql")]
            EventStoreUrl::Mysql(url) => url.accept_older_log(context, new_id()).await,
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

/// Names a new log, or this process.
pub(crate) fn new_id() -> Uuid {
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
        let mut data = DataArgs {
            data_dir: "data".into(),
            event_store: parse("jsonl:"),
            customer_master_key: None,
            views: ViewsArgs::default(),
        };
        assert_eq!(data.log_folder("store"), Path::new("data/store"));
        data.event_store = parse("jsonl:logs");
        assert_eq!(data.log_folder("store"), Path::new("logs/store"));
        assert_eq!(data.stream_files("inventory"), Path::new("logs/events"));
        assert_eq!(data.views_folder("store"), Path::new("data/store"));
    }

    #[test]
    fn what_there_is_not_is_refused_with_what_there_is() {
        let told = |url: &str| url.parse::<EventStoreUrl>().unwrap_err().to_string();
        let unknown = told("oracle://db/gondola");
        assert!(unknown.contains("no event store \"oracle\"; there are sqlite:"), "{unknown}");
        assert!(told("memory:data").contains("keeps nothing"));
    }

    #[test]
    #[cfg(not(any(feature = "mysql", feature = "postgres")))]
    fn a_driver_that_is_not_built_in_is_named_with_the_build_that_has_it() {
        for driver in ["postgres", "mysql"] {
            let url = format!("{driver}://db/gondola");
            let told = url.parse::<EventStoreUrl>().unwrap_err().to_string();
            assert!(told.contains("make dist") && told.contains("--features servers"), "{told}");
        }
    }
}
