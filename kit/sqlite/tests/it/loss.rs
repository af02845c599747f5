//! What is lost or damaged on the disk is noticed: at the start, or when it is read.
//!
//! The harm is done to the files of a closed store, and met by the next open or the next read.

use std::fs;
use std::path::PathBuf;

use kit_core::{Epoch, Position, Version};
use kit_event_store::log_folder::LogFolderError;
use kit_event_store::{EventStore, EventStoreError, LostEvents, SavedCheckpoint};
use kit_sqlite::{OpenError, SqliteStore, accept_older_log};
use kit_testkit::event_store::{
    Subject as _, append, assert_holds_exactly, claiming, commit, key, noon, stream, transaction,
    whole_log,
};
use rusqlite::Connection;
use uuid::Uuid;

use crate::contract::InFolder;

/// Events at the end that every start checks.
const CHECKED_AT_START: u64 = 10_000;

fn folder(subject: &InFolder) -> PathBuf {
    subject.options().folder
}

fn log_file(subject: &InFolder) -> PathBuf {
    folder(subject).join("events.db")
}

#[track_caller]
fn refused(subject: &InFolder) -> OpenError {
    SqliteStore::open(subject.options()).err().unwrap()
}

async fn grow(store: &dyn EventStore, from: u64, events: u64) {
    for number in from..from + events {
        let taking = claiming(transaction([append("s-1", number, 1)]), &format!("k{number}"), None);
        commit(store, taking).await;
    }
}

/// A store of five events and, set aside, its log as it was after three.
async fn with_an_older_log() -> (InFolder, PathBuf) {
    let subject = InFolder::new();
    let store = subject.open().await;
    grow(&*store, 0, 3).await;
    drop(store);
    let older = subject.0.path().join("older.db");
    fs::copy(log_file(&subject), &older).unwrap();
    let store = subject.open().await;
    grow(&*store, 3, 2).await;
    drop(store);
    (subject, older)
}

#[tokio::test]
async fn an_older_log_is_refused_until_it_is_accepted_and_then_is_another_log() {
    let (subject, older) = with_an_older_log().await;
    fs::copy(&older, log_file(&subject)).unwrap();
    let OpenError::EventsLost(LostEvents { at, end, derived }) = refused(&subject) else {
        panic!("the loss of two events is not noticed")
    };
    assert_eq!((at.get(), end.get()), (5, 3));
    assert!(derived.ends_with("index.db"), "{derived}");
    let accepted = accept_older_log(&folder(&subject), Uuid::from_u128(9)).unwrap();
    assert_eq!(accepted.position, Position::new(3));
    let store = subject.open().await;
    assert_eq!(store.incarnation(), accepted.incarnation);
    assert_eq!(store.incarnation().as_uuid(), Uuid::from_u128(9));
    let found = store.find_claims(&[key("k2"), key("k3")], noon()).await.unwrap();
    assert!(found[0].is_some() && found[1].is_none(), "the index was built anew");
    assert_holds_exactly(&*store, &whole_log(&*store).await).await;
}

#[tokio::test]
async fn a_checkpoint_ahead_of_the_log_proves_a_loss_too() {
    let subject = InFolder::new();
    let store = subject.open().await;
    grow(&*store, 0, 3).await;
    let saved = store.save_checkpoint("relay", Position::new(4), Epoch::ZERO).await.unwrap();
    assert_eq!(saved, SavedCheckpoint::Saved);
    drop(store);
    let OpenError::EventsLost(lost) = refused(&subject) else { panic!("not noticed") };
    assert_eq!((lost.at.get(), lost.end.get()), (4, 3));
}

#[tokio::test]
async fn a_bit_flipped_in_the_write_ahead_log_is_noticed_by_what_was_made_from_it() {
    let subject = InFolder::new();
    let store = subject.open().await;
    grow(&*store, 0, 8).await;
    // the copy is what a killed process leaves; its index is up to date half a second after the last event, or later where the
    // machine is busy
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    let copy = InFolder::new();
    fs::create_dir_all(folder(&copy)).unwrap();
    for file in fs::read_dir(folder(&subject)).unwrap().map(Result::unwrap) {
        if file.file_name() != "lock" {
            fs::copy(file.path(), folder(&copy).join(file.file_name())).unwrap();
        }
    }
    let ahead = folder(&copy).join("events.db-wal");
    let mut bytes = fs::read(&ahead).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&ahead, bytes).unwrap();
    let OpenError::EventsLost(lost) = refused(&copy) else { panic!("not noticed") };
    assert_eq!(lost.at.get(), 8);
    assert!(lost.end.get() < 8, "{lost}");
}

#[tokio::test]
async fn a_log_that_is_missing_or_empty_is_not_begun_anew() {
    let subject = InFolder::new();
    grow(&*subject.open().await, 0, 3).await;
    for is_empty in [true, false] {
        fs::remove_file(log_file(&subject)).unwrap();
        if is_empty {
            fs::write(log_file(&subject), "").unwrap();
        }
        let error = refused(&subject).to_string();
        assert!(
            error.contains("missing or empty") && error.contains("up to position 3"),
            "{error}"
        );
        // one sign of the log that was there is enough
        let described = fs::read(folder(&subject).join("log.json")).unwrap();
        fs::remove_file(folder(&subject).join("log.json")).unwrap();
        assert!(matches!(refused(&subject), OpenError::LogLost { .. }));
        fs::write(folder(&subject).join("log.json"), described).unwrap();
    }
    fs::remove_file(folder(&subject).join("index.db")).unwrap();
    assert!(matches!(refused(&subject), OpenError::LogLost { derived: None, .. }));
}

#[tokio::test]
async fn a_first_start_that_was_broken_off_is_begun_again() {
    let subject = InFolder::new();
    fs::create_dir_all(folder(&subject)).unwrap();
    fs::write(log_file(&subject), "").unwrap();
    assert_holds_exactly(&*subject.open().await, &[]).await;
}

#[tokio::test]
async fn a_log_cut_to_half_is_refused() {
    let subject = InFolder::new();
    grow(&*subject.open().await, 0, 200).await;
    let file = fs::File::options().write(true).open(log_file(&subject)).unwrap();
    let pages = file.metadata().unwrap().len() / (16 << 10);
    file.set_len(pages / 2 * (16 << 10)).unwrap();
    let error = refused(&subject);
    assert!(matches!(error, OpenError::Damaged { .. }), "{error}");
    assert!(error.to_string().contains("put the newest whole copy of it back"), "{error}");
}

#[tokio::test]
async fn an_event_changed_at_the_end_is_refused_at_the_start_whatever_was_changed() {
    let subject = InFolder::new();
    grow(&*subject.open().await, 0, 3).await;
    let whole = fs::read(log_file(&subject)).unwrap();
    for harm in [
        "UPDATE events SET data = '{\"number\":7}' WHERE position = 2",
        "UPDATE events SET data = CAST(x'7b22ff227d' AS TEXT) WHERE position = 2",
        "UPDATE events SET recorded_at = recorded_at + 1 WHERE position = 3",
        "UPDATE events SET claims = replace(claims, 'k1', 'k9') WHERE position = 2",
        "UPDATE events SET checksum = checksum + 1, chain = chain + 1 WHERE position = 3",
        "UPDATE events SET checksum = NULL, chain = NULL WHERE position = 3",
        "DELETE FROM events WHERE position = 2",
        "UPDATE streams SET name = 's-2'",
        "DELETE FROM streams",
    ] {
        fs::write(log_file(&subject), &whole).unwrap();
        Connection::open(log_file(&subject)).unwrap().execute_batch(harm).unwrap();
        let error = refused(&subject);
        assert!(matches!(error, OpenError::Damaged { .. }), "{harm}: {error}");
    }
}

#[tokio::test]
async fn an_old_event_that_was_changed_is_an_error_of_its_stream_only() {
    let subject = InFolder::new();
    let store = subject.open().await;
    commit(&*store, transaction([append("hurt", 0, 2), append("sound", 0, 2)])).await;
    commit(&*store, transaction([append("later", 0, CHECKED_AT_START)])).await;
    drop(store);
    let log = Connection::open(log_file(&subject)).unwrap();
    log.execute_batch("UPDATE events SET data = '{\"number\":3}' WHERE position = 2").unwrap();
    drop(log);
    let store = subject.open().await;
    let error = store.load(&[stream("hurt")], 1).await.unwrap_err();
    let EventStoreError::Corrupt(reason) = error else { panic!("{error}") };
    assert!(reason.contains("position 2 of the stream hurt is damaged"), "{reason}");
    let sound = store.read_stream(&stream("sound"), Version::ZERO, 9).await.unwrap();
    assert_eq!(sound.len(), 2);
}

#[tokio::test]
async fn noise_in_the_index_is_replaced_by_a_new_index() {
    let subject = InFolder::new();
    grow(&*subject.open().await, 0, 200).await;
    let index = folder(&subject).join("index.db");
    let whole = fs::read(&index).unwrap();
    // in the header, in the pages of the tables, and nothing but noise
    for (from, to) in [(0, 100), (4_096, whole.len()), (0, whole.len())] {
        let mut noise = whole.clone();
        noise[from..to].iter_mut().zip(0_u8..=250).for_each(|(byte, other)| *byte ^= other | 1);
        noise[from..to].reverse();
        fs::write(&index, noise).unwrap();
        let store = subject.open().await;
        let found = store.find_claims(&[key("k0"), key("k199")], noon()).await.unwrap();
        assert!(found.iter().all(Option::is_some), "noise from byte {from}");
    }
}

#[tokio::test]
async fn a_folder_of_another_kind_of_store_is_refused() {
    let subject = InFolder::new();
    drop(subject.open().await);
    let described = folder(&subject).join("log.json");
    let text = fs::read_to_string(&described).unwrap();
    fs::write(&described, text.replace("sqlite", "jsonl")).unwrap();
    let error = refused(&subject);
    assert!(matches!(error, OpenError::LogFolder(LogFolderError::OtherKind { .. })), "{error}");
}

#[tokio::test]
async fn the_write_ahead_log_stays_small() {
    let subject = InFolder::new();
    let store = subject.open().await;
    for number in 0..60 {
        commit(&*store, transaction([append("s-1", number * 500, 500)])).await;
    }
    let ahead = fs::metadata(folder(&subject).join("events.db-wal")).unwrap().len();
    let log = fs::metadata(log_file(&subject)).unwrap().len();
    assert!(log > 2 << 20, "{log} bytes are in the file itself");
    assert!(ahead < 4 << 20, "{ahead} bytes are ahead of it");
}
