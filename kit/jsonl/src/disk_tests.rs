//! What the store does when the disk refuses to write, to sync, or to cut a file back.
//!
//! A fault is there from the call to `Case::fail` on and strikes the very next thing that is done to a file: an append,
//! after an open and an append that went well, or the next open.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use kit_core::{Position, RecordedEvent};

use crate::journal::{LogFile, OpenFile};
use crate::{JsonlOptions, JsonlStore};
use kit_event_store::{EventLog, EventStoreError};
use uuid::Uuid;

use kit_testkit::event_store::{append, assert_holds_exactly, commit, transaction, whole_log};

/// What the disk refuses from now on.
#[derive(Clone, Copy, Debug, Default)]
struct Faults {
    write: Option<io::ErrorKind>,
    sync: bool,
    truncate: bool,
}

type Disk = Arc<Mutex<Faults>>;

/// A file on a disk with faults.
struct FaultyFile {
    file: File,
    disk: Disk,
}

impl FaultyFile {
    fn faults(&self) -> Faults {
        *self.disk.lock().unwrap()
    }
}

impl LogFile for FaultyFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self.faults().write {
            None => self.file.append(bytes),
            Some(kind) => {
                // The worst kind of refusal: part of it is there.
                self.file.append(&bytes[..bytes.len() / 2])?;
                Err(kind.into())
            }
        }
    }

    fn sync(&mut self) -> io::Result<()> {
        if self.faults().sync { Err(io::Error::other("no sync")) } else { self.file.sync() }
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        if self.faults().truncate {
            return Err(io::Error::other("no truncation"));
        }
        self.file.truncate(length)
    }
}

fn faulty(disk: &Disk) -> OpenFile {
    let disk = Arc::clone(disk);
    Box::new(move |path| {
        let file = OpenOptions::new().append(true).create(true).open(path)?;
        Ok(Box::new(FaultyFile { file, disk: Arc::clone(&disk) }))
    })
}

/// A store on a faulty disk, and the failure that it reported.
struct Case {
    dir: tempfile::TempDir,
    disk: Disk,
    said: Arc<Mutex<Vec<String>>>,
    store: Option<JsonlStore>,
    log: Vec<Arc<RecordedEvent>>,
}

impl Case {
    async fn new(segment_bytes_max: u64) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (disk, said) = (Disk::default(), Arc::new(Mutex::new(Vec::new())));
        let heard = Arc::clone(&said);
        let options = JsonlOptions {
            segment_bytes_max,
            on_fatal: Arc::new(move |reason| heard.lock().unwrap().push(reason.to_owned())),
            ..options(dir.path())
        };
        let store = JsonlStore::open_on(options, faulty(&disk)).unwrap();
        let log = commit(&store, transaction([append("a", 0, 2)])).await;
        Self { dir, disk, said, store: Some(store), log }
    }

    fn store(&self) -> &JsonlStore {
        self.store.as_ref().unwrap()
    }

    fn fail(&self, faults: Faults) {
        *self.disk.lock().unwrap() = faults;
    }

    async fn try_append(&self) -> EventStoreError {
        let group = vec![transaction([append("a", 2, 1)])];
        self.store().append(group).await.unwrap_err()
    }

    /// Looks up an append whose outcome is unknown.
    async fn look_up(&self) -> Result<Vec<Vec<Arc<RecordedEvent>>>, EventStoreError> {
        self.store().find_appends(Position::new(2), &[Uuid::nil()]).await
    }

    /// Opens the folder again on a sound disk.
    fn restart(&mut self) -> JsonlStore {
        drop(self.store.take());
        JsonlStore::open(options(self.dir.path())).unwrap()
    }

    /// Opens the folder again on the disk with its faults, which must be refused; why.
    fn refused_restart(&mut self) -> String {
        drop(self.store.take());
        let opened = JsonlStore::open_on(options(self.dir.path()), faulty(&self.disk));
        opened.err().expect("it opens on a disk that refuses").to_string()
    }

    /// The store has stopped for good, with one call to `on_fatal`, and readers see what was acknowledged.
    async fn assert_stopped(&self, reason: &str) {
        self.fail(Faults::default());
        for _ in 0..3 {
            assert!(matches!(self.try_append().await, EventStoreError::Stopped(_)));
        }
        let said = self.said.lock().unwrap().clone();
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].contains(reason), "{said:?}");
        assert_eq!(whole_log(self.store()).await, self.log);
        assert_eq!(*self.store().head().borrow(), Position::new(2));
        // what readers do not see may be on the disk: nobody may decide it again
        assert!(matches!(self.look_up().await, Err(EventStoreError::Stopped(_))));
    }
}

fn options(dir: &Path) -> JsonlOptions {
    JsonlOptions::new(dir, dir.join("events"), Uuid::nil())
}

const SEGMENT_BYTES: u64 = 1 << 20;
const FULL: Faults =
    Faults { write: Some(io::ErrorKind::StorageFull), sync: false, truncate: false };

#[tokio::test]
async fn a_full_disk_refuses_and_later_takes_again() {
    for segment_bytes_max in [SEGMENT_BYTES, 1] {
        let mut case = Case::new(segment_bytes_max).await;
        case.fail(FULL);
        for _ in 0..2 {
            let error = case.try_append().await;
            assert!(matches!(error, EventStoreError::Unavailable(_)), "{error:?}");
        }
        assert_eq!(whole_log(case.store()).await, case.log);
        case.fail(Faults::default());
        let more = commit(case.store(), transaction([append("a", 2, 1), append("b", 0, 1)])).await;
        case.log.extend(more);
        assert_eq!(whole_log(case.store()).await, case.log);
        assert!(case.said.lock().unwrap().is_empty());
        assert_holds_exactly(&case.restart(), &case.log.clone()).await;
    }
}

#[tokio::test]
async fn a_restart_with_a_full_disk_behind_it_finds_what_was_acknowledged() {
    for segment_bytes_max in [SEGMENT_BYTES, 1] {
        let mut case = Case::new(segment_bytes_max).await;
        case.fail(FULL);
        case.try_append().await;
        assert_holds_exactly(&case.restart(), &case.log.clone()).await;
    }
}

/// What opening does to the disk: in a folder that is used it makes what it has read durable, and in a new one it writes
/// and syncs the first line as well.
#[tokio::test]
async fn an_open_on_a_disk_that_refuses_is_refused_and_loses_nothing() {
    let no_truncation = Faults { truncate: true, ..Faults::default() };
    let mut case = Case::new(SEGMENT_BYTES).await;
    case.fail(no_truncation);
    let why = case.refused_restart();
    assert!(why.contains("continue the journal"), "{why}");
    assert_holds_exactly(&case.restart(), &case.log.clone()).await;

    for faults in [no_truncation, FULL, Faults { sync: true, ..Faults::default() }] {
        let (dir, disk) = (tempfile::tempdir().unwrap(), Disk::default());
        *disk.lock().unwrap() = faults;
        let opened = JsonlStore::open_on(options(dir.path()), faulty(&disk));
        assert!(opened.is_err(), "{faults:?}");
        drop(opened);
        assert_holds_exactly(&JsonlStore::open(options(dir.path())).unwrap(), &[]).await;
    }
}

#[tokio::test]
async fn a_full_disk_that_cannot_be_cut_back_is_fatal() {
    let mut case = Case::new(SEGMENT_BYTES).await;
    case.fail(Faults { truncate: true, ..FULL });
    let error = case.try_append().await;
    assert!(matches!(error, EventStoreError::Unknown { .. }), "{error:?}");
    case.assert_stopped("cut back").await;
    assert_holds_exactly(&case.restart(), &case.log.clone()).await;
}

#[tokio::test]
async fn a_write_error_is_fatal() {
    let mut case = Case::new(SEGMENT_BYTES).await;
    case.fail(Faults { write: Some(io::ErrorKind::Other), ..Faults::default() });
    let error = case.try_append().await;
    assert!(matches!(error, EventStoreError::Unknown { .. }), "{error:?}");
    case.assert_stopped("write to the journal").await;
    assert_holds_exactly(&case.restart(), &case.log.clone()).await;
}

#[tokio::test]
async fn a_sync_error_is_fatal_and_the_group_is_found_whole_or_not_at_all() {
    let mut case = Case::new(SEGMENT_BYTES).await;
    case.fail(Faults { sync: true, ..Faults::default() });
    let error = case.try_append().await;
    assert!(matches!(error, EventStoreError::Unknown { .. }), "{error:?}");
    case.assert_stopped("sync the journal").await;
    // The machine did not lose its power, so the bytes whose sync failed are there: unknown means this too.
    let log = whole_log(&case.restart()).await;
    assert_eq!(log.len(), 3);
    assert_eq!(log[..2], case.log);
}
