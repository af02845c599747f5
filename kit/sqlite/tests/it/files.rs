//! What may happen to the files: the index lost or foreign, the log's last bytes torn, two processes at once.
//!
//! The harm is done to the files of a closed store, or to a copy, and met by the next open.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::channel;

use kit_core::{Clock, Timestamp};
use kit_event_store::log_folder::LogFolderError;
use kit_event_store::{EventLog, EventStoreError, Transaction};
use kit_sqlite::{OpenError, SqliteOptions, SqliteStore};
use kit_testkit::event_store::{
    Subject, append, assert_holds_exactly, claiming, commit, key, noon, transaction, whole_log,
};
use rusqlite::Connection;

use crate::contract::InFolder;

fn file(subject: &InFolder, name: &str) -> PathBuf {
    subject.0.path().join("store").join(name)
}

/// One event that takes one claim.
fn taking(stream: &str, expected: u64, claim: &str) -> Transaction {
    claiming(transaction([append(stream, expected, 1)]), claim, None)
}

fn remove_index(subject: &InFolder) {
    for name in ["index.db", "index.db-wal", "index.db-shm"] {
        let _ = fs::remove_file(file(subject, name));
    }
}

#[tokio::test]
async fn a_lost_index_is_rebuilt_from_the_log() {
    let subject = InFolder::new();
    let store = subject.open().await;
    for number in 0..50 {
        commit(
            store.as_ref(),
            taking(&format!("s-{}", number % 7), number / 7, &format!("k{number}")),
        )
        .await;
    }
    let before = whole_log(store.as_ref()).await;
    drop(store);
    remove_index(&subject);
    let store = subject.open().await;
    let keys: Vec<_> = (0..50).map(|number| key(&format!("k{number}"))).collect();
    let found = store.find_claims(&keys, noon()).await.unwrap();
    assert!(found.iter().all(Option::is_some), "every claim of the log is found again");
    assert_holds_exactly(store.as_ref(), &before).await;
}

#[tokio::test]
async fn the_index_of_another_log_is_not_trusted() {
    let (ours, theirs) = (InFolder::new(), InFolder::new());
    let store = ours.open().await;
    commit(store.as_ref(), taking("s-1", 0, "mine")).await;
    let before = whole_log(store.as_ref()).await;
    drop(store);
    let mut options = theirs.options();
    options.new_id = uuid::Uuid::from_u128(8);
    let other = SqliteStore::open(options).unwrap();
    commit(&other, taking("s-1", 0, "theirs")).await;
    drop(other);
    remove_index(&ours);
    fs::copy(file(&theirs, "index.db"), file(&ours, "index.db")).unwrap();
    let store = ours.open().await;
    let found = store.find_claims(&[key("mine"), key("theirs")], noon()).await.unwrap();
    assert!(found[0].is_some() && found[1].is_none());
    assert_holds_exactly(store.as_ref(), &before).await;
}

#[tokio::test]
async fn a_second_process_is_told_that_the_folder_is_in_use() {
    let subject = InFolder::new();
    let _store = subject.open().await;
    let refused = SqliteStore::open(subject.options()).err().unwrap();
    assert!(matches!(refused, OpenError::LogFolder(LogFolderError::InUse(_))), "{refused}");
}

#[tokio::test]
async fn after_an_orderly_stop_the_log_file_alone_is_the_whole_log() {
    let subject = InFolder::new();
    commit(subject.open().await.as_ref(), taking("s-1", 0, "k")).await;
    let store = subject.open().await;
    // from the file, with a connection that is still open when the store ends
    assert_eq!(whole_log(store.as_ref()).await.len(), 1);
    commit(store.as_ref(), taking("s-1", 1, "l")).await;
    let before = whole_log(store.as_ref()).await;
    drop(store);
    let copy = InFolder::new();
    fs::create_dir_all(copy.options().folder).unwrap();
    fs::copy(file(&subject, "events.db"), file(&copy, "events.db")).unwrap();
    assert_holds_exactly(copy.open().await.as_ref(), &before).await;
}

/// Copies the log as a crash would leave it: the database file and its write-ahead log, cut to a length.
fn crashed_copy(from: &Path, wal_length: u64) -> InFolder {
    let copy = InFolder::new();
    let folder = copy.0.path().join("store");
    fs::create_dir_all(&folder).unwrap();
    fs::copy(from.join("events.db"), folder.join("events.db")).unwrap();
    let wal = fs::read(from.join("events.db-wal")).unwrap();
    let length = usize::try_from(wal_length).unwrap();
    fs::write(folder.join("events.db-wal"), &wal[..length]).unwrap();
    copy
}

/// Cuts the write-ahead log at every byte of its last frames; each cut must give a whole number of groups.
#[tokio::test]
async fn a_torn_tail_loses_whole_groups_only() {
    const FRAME_BYTES: u64 = 24 + 8192;
    let subject = InFolder::new();
    let store = subject.open().await;
    let mut lengths = Vec::new();
    let wal = file(&subject, "events.db-wal");
    for number in 0..6 {
        commit(store.as_ref(), taking("s-1", number, &format!("k{number}"))).await;
        lengths.push(fs::metadata(&wal).unwrap().len());
    }
    let events = whole_log(store.as_ref()).await;
    let (third_last, end) = (lengths[2], lengths[5]);
    assert!(end - third_last >= 3 * FRAME_BYTES, "each group has frames of its own");
    // every byte of the frame headers and a sample of the pages between
    let cuts = (third_last..=end).filter(|cut| (cut - 32) % FRAME_BYTES < 40 || cut % 211 == 0);
    for cut in cuts {
        let copy = crashed_copy(&subject.0.path().join("store"), cut);
        let whole = lengths.iter().filter(|length| **length <= cut).count();
        let reopened = copy.open().await;
        assert_holds_exactly(reopened.as_ref(), &events[..whole]).await;
    }
}

/// A write that fails for another reason than a full disk leaves open what the disk has.
#[tokio::test]
async fn a_log_that_has_stopped_takes_nothing_and_knows_of_no_append() {
    let (subject, (told, heard)) = (InFolder::new(), channel());
    let options = SqliteOptions {
        on_fatal: Arc::new(move |why| told.send(why.to_owned()).unwrap()),
        ..subject.options()
    };
    let store = SqliteStore::open(options).unwrap();
    let events = commit(&store, taking("s-1", 0, "mine")).await;
    let log = Connection::open(file(&subject, "events.db")).unwrap();
    log.execute_batch("ALTER TABLE events RENAME TO elsewhere").unwrap();
    let unknown = store.append(vec![taking("s-1", 1, "other")]).await;
    assert!(matches!(unknown, Err(EventStoreError::Unknown { .. })), "{unknown:?}");
    assert!(heard.recv().unwrap().contains("events"));
    log.execute_batch("ALTER TABLE elsewhere RENAME TO events").unwrap();
    let stopped = store.append(vec![taking("s-1", 1, "other")]).await;
    assert!(matches!(stopped, Err(EventStoreError::Stopped(_))), "{stopped:?}");
    let found = store.find_appends(events[0].position, &[events[0].metadata.causation_id]).await;
    assert!(matches!(found, Err(EventStoreError::Stopped(_))), "{found:?}");
}

/// A clock that panics, and with it the indexer, which asks it what has expired.
struct FaultyClock;

impl Clock for FaultyClock {
    fn now(&self) -> Timestamp {
        panic!("on purpose")
    }
}

#[tokio::test]
async fn a_panic_in_a_thread_of_the_store_is_fatal() {
    let (subject, (told, heard)) = (InFolder::new(), channel());
    let options = SqliteOptions {
        clock: Arc::new(FaultyClock),
        on_fatal: Arc::new(move |why| told.send(why.to_owned()).unwrap()),
        ..subject.options()
    };
    let store = SqliteStore::open(options).unwrap();
    commit(&store, taking("s-1", 0, "mine")).await;
    drop(store);
    assert_eq!(heard.recv().unwrap(), "the critical thread log-indexer has panicked: on purpose");
}
