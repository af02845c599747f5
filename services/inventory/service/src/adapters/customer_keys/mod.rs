//! The keys of customers: in a SQLite file of their own, apart from the log, so that they have backups of their own, or where
//! processes share a log in its database.

mod master_key_file;
mod rotation;
mod sealing;
mod shared;
mod state;
#[cfg(test)]
mod suite;

use std::collections::HashMap;
use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;

use async_trait::async_trait;
use foldhash::fast::RandomState;
use gondola_inventory_domain::{CustomerKey, CustomerRef};
use kit_core::Clock;
use kit_event_store::EventStoreError;
use kit_process::critical_thread;
use kit_sqlite::{StateFileError, open_state};
use moka::sync::Cache;
use rusqlite::OptionalExtension as _;
use tokio::sync::oneshot;

use self::master_key_file::{MasterKeyError, master_keys};
use self::rotation::{MasterKeyWatch, RotationError, adopt};
use self::sealing::{MasterKey, Unsealable};
pub(crate) use self::shared::SharedCustomerKeys;
pub use self::shared::SharedKeysConfig;
use self::state::{Job, Recent, State};
use crate::use_cases::{CustomerKeys, KeyRecord, KnownCustomer};

/// Never changed: what is new is one more.
const MIGRATIONS: &[&str] = &[include_str!("../../../migrations/sqlite/0001_customer_keys.sql")];

/// Customers whose keys are kept in memory, at most: some 50 MB.
const RECENT_MAX: u64 = 100_000;

/// Where the keys of customers are.
#[derive(Clone, Debug)]
pub enum CustomerKeysPlace {
    /// Nowhere: customers stay as they are named, in clear.
    InClear,
    /// In a folder that is this process's own.
    Folder(CustomerKeysConfig),
    /// Beside a log that processes share.
    Shared(SharedKeysConfig),
}

/// Where the keys of customers are that one process has.
#[derive(Clone, Debug)]
pub struct CustomerKeysConfig {
    /// Folder of the file `keys.db`; made when missing, for the server's user alone.
    pub folder: PathBuf,
    /// File of the master key; made when missing, as long as there are no keys.
    pub master_key_file: PathBuf,
}

/// The keys of customers could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenKeysError {
    /// Their folder could not be made.
    #[error("cannot use {path}")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// The error of the file system.
        source: io::Error,
    },
    /// The file could not be opened.
    #[error(transparent)]
    File(#[from] StateFileError),
    /// What it has could not be read.
    #[error("the keys of customers cannot be read")]
    Unreadable(#[source] rusqlite::Error),
    /// The master key is missing, or another one.
    #[error(transparent)]
    MasterKey(#[from] MasterKeyError),
    /// A key could not be handed over to another master key.
    #[error("the keys of customers cannot be wrapped with another master key")]
    Sealed(#[source] Unsealable),
    /// The store of keys beside a log failed.
    #[error("the keys of customers cannot be read")]
    Store(#[from] EventStoreError),
    /// There are keys beside a log, and no master key was named.
    #[error(
        "the customers of this event store are behind keys, and without their master key they would be kept in clear from \
         now on: name its file with --customer-master-key"
    )]
    NoMasterKey,
    /// A thread could not be started, or did not end well.
    #[error("a thread of the keys of customers cannot be used")]
    Thread(#[source] io::Error),
}

impl From<RotationError> for OpenKeysError {
    fn from(failed: RotationError) -> Self {
        match failed {
            RotationError::MasterKey(error) => Self::MasterKey(error),
            RotationError::Sqlite(error) => Self::Unreadable(error),
            RotationError::Sealed(error) => Self::Sealed(error),
        }
    }
}

/// The file with its master key, for its one writer.
fn open(config: &CustomerKeysConfig) -> Result<(rusqlite::Connection, MasterKey), OpenKeysError> {
    let CustomerKeysConfig { folder, master_key_file } = config;
    private_folder(folder)
        .map_err(|source| OpenKeysError::Folder { path: folder.clone(), source })?;
    let mut file = open_state(&folder.join("keys.db"), MIGRATIONS)?;
    // what is deleted is overwritten, so that a destroyed key is in no free page either
    file.pragma_update(None, "secure_delete", true).map_err(OpenKeysError::Unreadable)?;
    let begun = file.query_row("SELECT 1 FROM master_key", [], |_| Ok(())).optional();
    let has_keys = begun.map_err(OpenKeysError::Unreadable)?.is_some();
    let keys = master_keys(master_key_file, !has_keys)?;
    let master = adopt(&mut file, keys, master_key_file)?;
    Ok((file, master))
}

/// Makes a folder that only this user can enter.
fn private_folder(folder: &Path) -> io::Result<()> {
    if std::fs::exists(folder)? {
        return Ok(());
    }
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent)?;
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    // the keys are only as durable as the name of their folder
    std::fs::File::open(parent)?.sync_all()
}

/// The keys of customers, open.
pub(crate) struct SqliteCustomerKeys {
    /// `None` once the thread is to end.
    jobs: Option<Sender<Job>>,
    recent: Recent,
    thread: Option<JoinHandle<()>>,
}

impl SqliteCustomerKeys {
    /// Opens the keys; what is missing is made.
    pub(crate) fn open(
        config: &CustomerKeysConfig,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, OpenKeysError> {
        let (file, master) = open(config)?;
        let recent =
            Cache::builder().max_capacity(RECENT_MAX).build_with_hasher(RandomState::default());
        let watch = MasterKeyWatch::new(&config.master_key_file);
        let state = State { file, master, watch, recent: recent.clone(), clock };
        let (jobs, waiting) = channel();
        let serve = move || state.serve(&waiting);
        let thread = critical_thread("customer-keys", kit_process::end, serve);
        let thread = Some(thread.map_err(OpenKeysError::Thread)?);
        Ok(Self { jobs: Some(jobs), recent, thread })
    }

    /// Has the thread do something.
    async fn ask<T>(
        &self,
        job: impl FnOnce(oneshot::Sender<Result<T, EventStoreError>>) -> Job,
    ) -> Result<T, EventStoreError> {
        let (reply, done) = oneshot::channel();
        if let Some(jobs) = &self.jobs {
            // a job that is not taken is dropped, and its reply with it
            drop(jobs.send(job(reply)));
        }
        let gone =
            |_| EventStoreError::Stopped("the thread of the keys of customers has gone".into());
        done.await.map_err(gone)?
    }
}

impl Drop for SqliteCustomerKeys {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // a panic in it has been told and ends the process
            drop(thread.join());
        }
    }
}

#[async_trait]
impl CustomerKeys for SqliteCustomerKeys {
    fn recent(&self, customer: &CustomerRef) -> Option<KnownCustomer> {
        self.recent.get(customer)
    }

    async fn obtain(
        &self,
        customers: Vec<CustomerRef>,
    ) -> Result<Vec<KnownCustomer>, EventStoreError> {
        self.ask(|reply| Job::Obtain(customers, reply)).await
    }

    async fn find(&self, customer: &CustomerRef) -> Result<Option<KeyRecord>, EventStoreError> {
        self.ask(|reply| Job::Find(customer.clone(), reply)).await
    }

    async fn forget(&self, customer: &CustomerRef) -> Result<Option<KeyRecord>, EventStoreError> {
        self.ask(|reply| Job::Forget(customer.clone(), reply)).await
    }
}

/// Reads who customers are: from the file of a data folder that no server uses, or from keys that processes share.
pub enum CustomerNames {
    /// Looks each up.
    File(Box<CustomerNamesFile>),
    /// Has read all of them.
    Loaded(HashMap<CustomerKey, String, RandomState>),
}

/// The file of keys with its master key.
pub struct CustomerNamesFile {
    file: rusqlite::Connection,
    master: MasterKey,
}

impl CustomerNames {
    /// Opens the keys; `None` where there are none.
    pub fn open(config: &CustomerKeysConfig) -> Result<Option<Self>, OpenKeysError> {
        let path = config.folder.join("keys.db");
        if !std::fs::exists(&path).map_err(|source| OpenKeysError::Folder { path, source })? {
            return Ok(None);
        }
        let (file, master) = open(config)?;
        Ok(Some(Self::File(Box::new(CustomerNamesFile { file, master }))))
    }

    /// Whose key it is; `None` for one that is destroyed.
    pub fn name(&self, key: CustomerKey) -> Result<Option<String>, EventStoreError> {
        match self {
            Self::File(names) => names.name(key),
            Self::Loaded(names) => Ok(names.get(&key).cloned()),
        }
    }
}

impl CustomerNamesFile {
    fn name(&self, key: CustomerKey) -> Result<Option<String>, EventStoreError> {
        let id = key.as_uuid();
        let sql = "SELECT wrapped_key, sealed_reference FROM customer_keys WHERE key_id = ?1";
        let kept = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let kept: rusqlite::Result<Option<(Vec<u8>, Vec<u8>)>> =
            self.file.query_row(sql, [id.as_bytes()], kept).optional();
        let failed = |error: String| EventStoreError::Unavailable(error);
        let Some((wrapped, sealed)) = kept.map_err(|error| failed(error.to_string()))? else {
            return Ok(None);
        };
        let name = self.master.reference(id, &wrapped, &sealed);
        Ok(Some(name.map_err(|error| EventStoreError::Corrupt(error.to_string()))?))
    }
}

#[cfg(test)]
mod tests;
