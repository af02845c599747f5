//! A log that grows, and its backups in a bucket of the tests.

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use kit_backup::{Backup, BackupError, Done, Manifest, Place, Source, StateFile, Until, Watch};
use kit_backup::{check, copy_whole, restore_log};
use kit_backup_s3::{Bucket, BucketUrl, S3Settings};
use kit_core::{
    Actor, Clock as _, EncodedEvent, IdSource as _, Metadata, RandomIds, StreamId, SystemClock,
    Version,
};
use kit_event_store::{Append, EventStore, Outcome, Transaction};
use kit_sqlite::{LogFileReader, SqliteOptions, SqliteStore};
use tempfile::TempDir;
use uuid::Uuid;

/// How long requests are repeated that must succeed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// An address or key of the object store that `scripts/services-up` has started.
#[expect(clippy::disallowed_methods, reason = "where servers are is told by the environment")]
pub(crate) fn server(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: make services-up"))
}

fn new_id() -> Uuid {
    RandomIds.next_id(SystemClock.now())
}

/// A place of its own in the bucket.
pub(crate) fn new_place() -> BucketUrl {
    format!("s3://{}/{}", server("GONDOLA_TEST_S3_BUCKET"), new_id()).parse().unwrap()
}

/// The variables of the object store, by way of an endpoint and with a secret.
pub(crate) fn settings(endpoint: &str, key_id: &str, secret: &str) -> S3Settings {
    let pairs = [
        ("AWS_ENDPOINT_URL", endpoint),
        ("AWS_ALLOW_HTTP", "true"),
        ("AWS_ACCESS_KEY_ID", key_id),
        ("AWS_SECRET_ACCESS_KEY", secret),
        ("AWS_REGION", "us-east-1"),
    ];
    let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
    S3Settings::from_variables(pairs).unwrap()
}

/// A bucket, by way of an endpoint, whose requests are repeated for a time.
pub(crate) fn open_by(endpoint: &str, url: &BucketUrl, patience: Duration) -> Bucket {
    let (key_id, secret) = (server("GONDOLA_TEST_S3_KEY_ID"), server("GONDOLA_TEST_S3_SECRET"));
    let settings = settings(endpoint, &key_id, &secret).with_patience(patience);
    Bucket::open(url.clone(), settings).unwrap()
}

pub(crate) fn open(url: &BucketUrl) -> Bucket {
    open_by(&server("GONDOLA_TEST_S3"), url, PATIENCE)
}

/// Does what blocks on a thread that may.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}

pub(crate) struct Shop {
    root: TempDir,
    store: Arc<dyn EventStore>,
    sold: u64,
}

fn log(folder: PathBuf) -> Arc<dyn EventStore> {
    let (clock, on_fatal) =
        (Arc::new(SystemClock), Arc::new(|reason: &str| assert!(reason.is_empty(), "{reason}")));
    Arc::new(
        SqliteStore::open(SqliteOptions { folder, clock, new_id: new_id(), on_fatal }).unwrap(),
    )
}

impl Shop {
    pub(crate) fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let store = log(root.path().join("log"));
        Self { root, store, sold: 0 }
    }

    /// One more event, of some hundred bytes that do not become fewer by compression.
    pub(crate) async fn sell(&mut self) {
        let metadata = Metadata {
            correlation_id: new_id(),
            causation_id: new_id(),
            actor: Actor::new("till").unwrap(),
            recorded_at: SystemClock.now(),
        };
        let ids: Vec<_> = (0..8).map(|_| format!("\"{}\"", new_id())).collect();
        let event = EncodedEvent {
            event_id: new_id(),
            event_type: Cow::Borrowed("Sold"),
            schema_version: 1,
            occurred_at: SystemClock.now(),
            data: format!("[{}]", ids.join(",")).into(),
            personal: None,
        };
        let append = Append {
            stream: StreamId::new("till").unwrap(),
            expected: Version::new(self.sold),
            events: vec![event],
        };
        self.sold += 1;
        let transaction = Transaction { appends: vec![append], ..Transaction::new(metadata, 0) };
        let outcomes = self.store.append(vec![transaction]).await.unwrap();
        assert!(matches!(outcomes[..], [Outcome::Committed(_)]), "{outcomes:?}");
        std::fs::write(self.root.path().join("state.json"), self.sold.to_string()).unwrap();
    }

    /// Adds what is new to a place.
    pub(crate) async fn back_up(&self, place: Bucket) -> Result<Done, BackupError> {
        let reader = Box::new(LogFileReader::open(&self.root.path().join("log")).unwrap());
        let logs = vec![Source { context: "inventory".to_owned(), reader }];
        let state = StateFile {
            name: "notification/state.json".into(),
            path: self.root.path().join("state.json"),
            copy: copy_whole,
        };
        blocking(move || {
            let scratch = tempfile::tempdir().unwrap();
            let (before_logs, after_logs) = (vec![state], Vec::new());
            let mut backup = Backup { kind: "sqlite".to_owned(), logs, before_logs, after_logs };
            let watch = Watch { progress: &(), go_on: &|| true };
            backup.run(&place, scratch.path(), &SystemClock, &watch).map(Option::unwrap)
        })
        .await
    }

    pub(crate) fn sold(&self) -> u64 {
        self.sold
    }
}

/// How many events are restored from a place, whose every file is whole.
pub(crate) async fn restored(url: &BucketUrl) -> u64 {
    let url = url.clone();
    let root = tempfile::tempdir().unwrap();
    let scratch = root.path().join("scratch");
    let (place, manifest) = blocking(move || {
        let place = open(&url);
        let manifest = Manifest::read(&place).unwrap().unwrap();
        check(&place, &manifest, &scratch, &()).unwrap();
        (place, manifest)
    })
    .await;
    let place: Arc<dyn Place> = Arc::new(place);
    let to = log(root.path().join("restored"));
    let restored = restore_log(place, &manifest.logs[0], Until::End, &*to, &()).await.unwrap();
    restored.position.get()
}
