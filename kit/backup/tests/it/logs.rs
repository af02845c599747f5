//! Logs of both kinds with streams, transactions, claims and renewals in them, and backups of them.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kit_backup::{Backup, BackupError, Done, Folder, Manifest, Place, Restored, Source, StateFile};
use kit_backup::{Until, Watch, check, copy_whole, restore_log};
use kit_core::{
    Actor, Clock as _, EncodedEvent, IdSource as _, Metadata, Position, RandomIds, StreamId,
    SystemClock, Timestamp, Version,
};
use kit_event_store::{
    Append, Claim, ClaimKey, EventStore, LogReader, LoggedEvent, Outcome, Transaction,
};
use kit_jsonl::{JournalReader, JsonlOptions, JsonlStore};
use kit_sqlite::{LogFileReader, SqliteOptions, SqliteStore};
use tempfile::TempDir;
use uuid::Uuid;

/// The kinds of logs that there are readers of.
pub(crate) const KINDS: [&str; 2] = ["sqlite", "jsonl"];

/// Nobody looks at a backup, and it goes on to its end.
pub(crate) const UNWATCHED: Watch<'static> = Watch { progress: &(), go_on: &|| true };

/// The first second of a log.
const BEGIN: i64 = 1_800_000_000;

/// A log and a place for its backups.
pub(crate) struct Shop {
    pub(crate) kind: &'static str,
    pub(crate) root: TempDir,
    pub(crate) store: Option<Arc<dyn EventStore>>,
    second: i64,
}

pub(crate) fn new_id() -> Uuid {
    RandomIds.next_id(SystemClock.now())
}

pub(crate) fn open(kind: &str, folder: &Path) -> Arc<dyn EventStore> {
    if kind == "jsonl" {
        let mut options = JsonlOptions::new(folder, folder.join("events"), new_id());
        options.segment_bytes_max = 4_096;
        return Arc::new(JsonlStore::open(options).unwrap());
    }
    let (clock, on_fatal) =
        (Arc::new(SystemClock), Arc::new(|reason: &str| assert!(reason.is_empty(), "{reason}")));
    let options = SqliteOptions { folder: folder.to_owned(), clock, new_id: new_id(), on_fatal };
    Arc::new(SqliteStore::open(options).unwrap())
}

pub(crate) fn reader(kind: &str, folder: &Path) -> Box<dyn LogReader> {
    if kind == "jsonl" {
        Box::new(JournalReader::open(folder).unwrap())
    } else {
        Box::new(LogFileReader::open(folder).unwrap())
    }
}

/// All that a log has, with its claims.
pub(crate) fn everything(kind: &str, folder: &Path) -> Vec<LoggedEvent> {
    let mut reader = reader(kind, folder);
    let Some(end) = reader.end().unwrap() else { return Vec::new() };
    let mut all = Vec::new();
    let mut at = Position::ZERO;
    while at < end.position {
        // pages that end inside of groups
        let page = reader.read(at, end.position, 7).unwrap();
        at = page.last().unwrap().event.position;
        all.extend(page);
    }
    all
}

impl Shop {
    pub(crate) fn new(kind: &'static str) -> Self {
        let root = tempfile::tempdir().unwrap();
        let store = Some(open(kind, &root.path().join("log")));
        Self { kind, root, store, second: 0 }
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.root.path().join("log")
    }

    pub(crate) fn place(&self) -> PathBuf {
        self.root.path().join("backup")
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.root.path().join("state.json")
    }

    /// The moment of a second of the log.
    pub(crate) fn moment(second: i64) -> Timestamp {
        Timestamp::from_millis((BEGIN + second) * 1_000)
    }

    /// One more second: a basket over two streams that takes an idempotency key for a minute, renews what the second before
    /// has taken, and a claim of a name that an hour later is free and taken again.
    pub(crate) async fn sell(&mut self) {
        let second = self.second;
        self.second += 1;
        let store = self.store.clone().unwrap();
        let metadata = Metadata {
            correlation_id: new_id(),
            causation_id: new_id(),
            actor: Actor::new("till").unwrap(),
            recorded_at: Self::moment(second),
        };
        let event = |number: i64| EncodedEvent {
            event_id: new_id(),
            event_type: Cow::Borrowed("Sold"),
            schema_version: 1,
            occurred_at: Self::moment(second - 1),
            data: format!(r#"{{"number":{number},"text":"ü \n"}}"#).into(),
            personal: (number == 1).then(|| r#"{"customerKey":"k"}"#.into()),
        };
        let (common, own) = (stream("common"), stream(&format!("own-{}", second % 3)));
        let versions = store.versions(&[common.clone(), own.clone()]).await.unwrap();
        let append = |stream: StreamId, expected: Version, events: Vec<EncodedEvent>| Append {
            stream,
            expected,
            events,
        };
        let claim = |key: String, seconds: i64| Claim {
            key: ClaimKey::new("key", key),
            value: "v".into(),
            expires_at: Some(Self::moment(second + seconds)),
        };
        let transaction = Transaction {
            appends: vec![
                append(common, versions[0], vec![event(1), event(2)]),
                append(own, versions[1], vec![event(3)]),
            ],
            // ends just before it is taken again
            claims: vec![
                claim(format!("k{second}"), 60),
                claim(format!("round-{}", second % 5), 5),
            ],
            renewals: vec![claim(format!("k{}", (second - 1).max(0) * 1_000), 90)],
            ..Transaction::new(metadata, 0)
        };
        let outcomes = store.append(vec![transaction]).await.unwrap();
        assert!(matches!(outcomes[..], [Outcome::Committed(_)]), "{outcomes:?}");
    }

    pub(crate) fn backup(&self) -> Backup {
        let logs = vec![Source {
            context: "inventory".to_owned(),
            reader: reader(self.kind, &self.folder()),
        }];
        let state = StateFile {
            name: "notification/state.json".into(),
            path: self.state(),
            copy: copy_whole,
        };
        let (before_logs, after_logs) = (vec![state], Vec::new());
        Backup { kind: self.kind.to_owned(), logs, before_logs, after_logs }
    }

    /// Adds what is new to a place.
    pub(crate) fn back_up_to(&self, place: &dyn Place) -> Result<Done, BackupError> {
        let scratch = tempfile::tempdir().unwrap();
        let done = self.backup().run(place, scratch.path(), &SystemClock, &UNWATCHED)?;
        Ok(done.unwrap())
    }

    pub(crate) fn back_up(&self) -> Done {
        self.back_up_to(&Folder::to_write(&self.place()).unwrap()).unwrap()
    }

    /// Restores into a new log, and reads all of it.
    pub(crate) async fn restore(&self, until: Until) -> (Restored, Vec<LoggedEvent>) {
        let place = Arc::new(Folder::to_read(&self.place()).unwrap());
        let manifest = Manifest::read(&*place).unwrap().unwrap();
        let scratch = tempfile::tempdir().unwrap();
        check(&*place, &manifest, scratch.path(), &()).unwrap();
        let folder = scratch.path().join("restored");
        let to = open(self.kind, &folder);
        let restored = restore_log(place, &manifest.logs[0], until, &*to, &()).await.unwrap();
        let end = to.end();
        assert_eq!(end.position, restored.position);
        assert_ne!(end.incarnation.as_uuid(), manifest.logs[0].incarnation, "it is another log");
        drop(to);
        (restored, everything(self.kind, &folder))
    }
}

fn stream(name: &str) -> StreamId {
    StreamId::new(name).unwrap()
}

/// The positions and ids of events, and the claims on them, to be compared.
pub(crate) fn told(events: &[LoggedEvent]) -> Vec<String> {
    events.iter().map(|one| format!("{one:?}")).collect()
}
