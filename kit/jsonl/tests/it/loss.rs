//! A journal that is shorter than what was made from it, of another log, or of another version of the program.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use kit_core::{Epoch, Position};
use kit_event_store::{Checkpoints as _, EventLog as _, LostEvents, SavedCheckpoint};
use kit_jsonl::{JsonlOptions, JsonlStore, OpenError, accept_older_log};
use kit_testkit::event_store::{append, assert_holds_exactly, commit, transaction, whole_log};
use tempfile::TempDir;
use uuid::Uuid;

fn options(dir: &Path) -> JsonlOptions {
    JsonlOptions::new(dir, dir.join("events"), Uuid::from_u128(1))
}

fn journal(dir: &TempDir) -> PathBuf {
    dir.path().join("journal/journal-00000001.log")
}

/// Six events of two streams; after the first three the journal was this long.
async fn filled() -> (TempDir, usize) {
    let dir = tempfile::tempdir().unwrap();
    let store = JsonlStore::open(options(dir.path())).unwrap();
    commit(&store, transaction([append("a", 0, 2), append("b", 0, 1)])).await;
    let half = fs::metadata(journal(&dir)).unwrap().len();
    commit(&store, transaction([append("a", 2, 1), append("c", 0, 2)])).await;
    (dir, usize::try_from(half).unwrap())
}

#[track_caller]
fn refused(dir: &TempDir) -> OpenError {
    JsonlStore::open(options(dir.path())).err().unwrap()
}

/// Everything in a folder but the lock.
fn contents(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for path in fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(contents(&path));
        } else if !path.ends_with("lock") {
            found.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    found
}

#[tokio::test]
async fn a_journal_behind_its_stream_files_is_refused_and_nothing_is_changed() {
    let (dir, half) = filled().await;
    let whole = fs::read(journal(&dir)).unwrap();
    for length in [half, half + 40, whole.len() - 1] {
        fs::write(journal(&dir), &whole[..length]).unwrap();
        let before = contents(dir.path());
        let OpenError::EventsLost(LostEvents { derived, at, end }) = refused(&dir) else {
            panic!("the loss is not noticed when {length} bytes are left")
        };
        assert_eq!((at.get(), end.get()), (6, 3), "{derived}");
        assert_eq!(contents(dir.path()), before);
    }
}

#[tokio::test]
async fn an_older_journal_is_another_log_once_it_is_accepted() {
    let (dir, half) = filled().await;
    let whole = fs::read(journal(&dir)).unwrap();
    fs::write(journal(&dir), &whole[..half]).unwrap();
    let accepting = JsonlOptions { new_id: Uuid::from_u128(2), ..options(dir.path()) };
    let accepted = accept_older_log(&accepting).unwrap();
    assert_eq!(accepted.position, Position::new(3));
    for _ in 0..2 {
        let store = JsonlStore::open(options(dir.path())).unwrap();
        assert_eq!(store.incarnation(), accepted.incarnation);
        assert_eq!(store.incarnation().as_uuid(), Uuid::from_u128(2));
    }
    assert!(!dir.path().join("events/c.jsonl").exists(), "it was of the log of before");
    let store = JsonlStore::open(options(dir.path())).unwrap();
    assert_holds_exactly(&store, &whole_log(&store).await).await;
}

/// As earlier versions left them: neither stream files nor checkpoints say which log they were made from.
#[tokio::test]
async fn an_older_journal_is_accepted_though_what_was_made_from_it_has_no_name() {
    let (dir, half) = filled().await;
    let whole = fs::read(journal(&dir)).unwrap();
    fs::write(journal(&dir), &whole[..half]).unwrap();
    fs::remove_file(dir.path().join("events/incarnation.txt")).unwrap();
    fs::write(dir.path().join("journal/checkpoints.json"), r#"{"relay": 6}"#).unwrap();
    assert!(matches!(refused(&dir), OpenError::EventsLost(_)));
    let accepting = JsonlOptions { new_id: Uuid::from_u128(2), ..options(dir.path()) };
    accept_older_log(&accepting).unwrap();
    let store = JsonlStore::open(options(dir.path())).unwrap();
    assert_eq!(store.load_checkpoint("relay").await.unwrap(), Position::ZERO);
    assert_holds_exactly(&store, &whole_log(&store).await).await;
}

#[tokio::test]
async fn a_journal_that_is_missing_or_empty_is_not_begun_anew() {
    let (dir, _) = filled().await;
    for is_empty in [true, false] {
        fs::remove_file(journal(&dir)).unwrap();
        if is_empty {
            fs::write(journal(&dir), "").unwrap();
        }
        let error = refused(&dir).to_string();
        assert!(
            error.contains("missing or empty") && error.contains("up to position 6"),
            "{error}"
        );
        assert!(dir.path().join("events/a.jsonl").metadata().unwrap().len() > 0);
    }
    // one sign of the log that was there is enough
    let events = dir.path().join("events");
    fs::rename(&events, dir.path().join("aside")).unwrap();
    assert!(matches!(refused(&dir), OpenError::JournalLost { derived: None, .. }));
    fs::remove_dir_all(&events).unwrap();
    fs::rename(dir.path().join("aside"), &events).unwrap();
    fs::remove_file(dir.path().join("log.json")).unwrap();
    assert!(matches!(refused(&dir), OpenError::JournalLost { derived: Some(_), .. }));
}

#[tokio::test]
async fn a_stream_file_is_never_cut() {
    let (dir, _) = filled().await;
    let file = dir.path().join("events/a.jsonl");
    let longer = [&fs::read(&file).unwrap()[..], b"a note of somebody\n"].concat();
    fs::write(&file, &longer).unwrap();
    let error = refused(&dir);
    assert!(matches!(error, OpenError::StreamFileLonger { .. }), "{error}");
    assert_eq!(fs::read(&file).unwrap(), longer);
}

#[tokio::test]
async fn stream_files_of_another_log_are_thrown_away() {
    let (dir, _) = filled().await;
    let other = tempfile::tempdir().unwrap();
    let named = JsonlOptions { new_id: Uuid::from_u128(3), ..options(other.path()) };
    let store = JsonlStore::open(named).unwrap();
    commit(&store, transaction([append("a", 0, 9), append("d", 0, 1)])).await;
    drop(store);
    let events = dir.path().join("events");
    fs::remove_dir_all(&events).unwrap();
    fs::rename(other.path().join("events"), &events).unwrap();
    let store = JsonlStore::open(options(dir.path())).unwrap();
    assert!(!events.join("d.jsonl").exists());
    assert_holds_exactly(&store, &whole_log(&store).await).await;
}

#[tokio::test]
async fn checkpoints_belong_to_their_log() {
    let (dir, _) = filled().await;
    let store = JsonlStore::open(options(dir.path())).unwrap();
    let saved = store.save_checkpoint("relay", Position::new(7), Epoch::ZERO).await.unwrap();
    assert_eq!(saved, SavedCheckpoint::Saved);
    drop(store);
    let OpenError::EventsLost(lost) = refused(&dir) else { panic!("not noticed") };
    assert_eq!((lost.at.get(), lost.end.get()), (7, 6));
    let file = dir.path().join("journal/checkpoints.json");
    let text = fs::read_to_string(&file).unwrap();
    let foreign = text.replace(&Uuid::from_u128(1).to_string(), &Uuid::from_u128(9).to_string());
    assert_ne!(foreign, text);
    fs::write(&file, foreign).unwrap();
    let store = JsonlStore::open(options(dir.path())).unwrap();
    assert_eq!(store.load_checkpoint("relay").await.unwrap(), Position::ZERO);
    drop(store);
    // as they were written when logs had no name
    fs::write(&file, r#"{"relay":5}"#).unwrap();
    let store = JsonlStore::open(options(dir.path())).unwrap();
    assert_eq!(store.load_checkpoint("relay").await.unwrap(), Position::new(5));
}

/// A frame, and its checksum, which the next one names.
fn frame(previous: u32, body: &str) -> (String, u32) {
    let covered = format!("{previous:08x} {:08x} {body}", body.len());
    let crc = crc32c::crc32c(covered.as_bytes());
    (format!("{crc:08x} {covered}\n"), crc)
}

/// A journal with this header and this group.
fn written(header: &str, group: &str) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("journal")).unwrap();
    let (header, crc) = frame(0, header);
    let (group, _) = frame(crc, group);
    fs::write(journal(&dir), header + &group).unwrap();
    dir
}

#[test]
fn a_journal_of_a_newer_program_is_told_from_a_damaged_one() {
    const HEADER: &str = r#"{"format":1,"segment":1,"after":0}"#;
    for (header, group) in [
        (r#"{"format":3,"segment":1,"after":0}"#, r#"{"events":[],"claims":[]}"#),
        (r#"{"format":2,"segment":1,"after":0,"shard":1}"#, r#"{"events":[],"claims":[]}"#),
        (HEADER, r#"{"events":[],"claims":[],"shard":1}"#),
        (HEADER, r#"{"groups":[]}"#),
    ] {
        let dir = written(header, group);
        let before = fs::read(journal(&dir)).unwrap();
        let error = refused(&dir);
        assert!(matches!(error, OpenError::Newer { .. }), "{header} {group}: {error}");
        assert!(error.to_string().contains("newer version of this program"), "{error}");
        assert_eq!(fs::read(journal(&dir)).unwrap(), before);
    }
}

#[tokio::test]
async fn a_journal_of_before_is_named_after_its_first_event() {
    const EVENT: &str = r#"{"event_id":"00000000-0000-0000-0000-00000000000e","event_type":"SomethingHappenedEvent","schema_version":1,"stream":"a","version":1,"position":1,"occurred_at":"2026-11-22T12:00:00.000Z","recorded_at":"2026-11-22T12:00:00.000Z","correlation_id":"00000000-0000-0000-0000-00000000000c","causation_id":"00000000-0000-0000-0000-00000000000b","actor":"system:contract","data":{"number":1}}"#;
    const HEADER: &str = r#"{"format":1,"segment":1,"after":0}"#;
    let dir = written(HEADER, &format!(r#"{{"events":[{EVENT}],"claims":[]}}"#));
    for new_id in [1, 2] {
        let options = JsonlOptions {
            new_id: Uuid::from_u128(new_id),
            segment_bytes_max: 1,
            ..options(dir.path())
        };
        let store = JsonlStore::open(options).unwrap();
        assert_eq!(store.incarnation().as_uuid(), Uuid::from_u128(0xe));
        commit(&store, transaction([append("a", new_id.try_into().unwrap(), 1)])).await;
    }
    let second = dir.path().join("journal/journal-00000002.log");
    let header = fs::read_to_string(second).unwrap().lines().next().unwrap().to_owned();
    assert!(header.contains(r#""format":2"#) && header.contains("00000000000e"), "{header}");

    // one without events has no name yet, and gets one that it keeps
    let empty = tempfile::tempdir().unwrap();
    fs::create_dir(empty.path().join("journal")).unwrap();
    fs::write(journal(&empty), frame(0, HEADER).0).unwrap();
    for new_id in [7, 8] {
        let options = JsonlOptions { new_id: Uuid::from_u128(new_id), ..options(empty.path()) };
        let store = JsonlStore::open(options).unwrap();
        assert_eq!(store.incarnation().as_uuid(), Uuid::from_u128(7));
    }
}
