//! What the JSONL store does with its files: the lock, the readable files, and what is said when they are wrong.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use kit_event_store::log_folder::LogFolderError;
use kit_event_store::{EventLog as _, EventStoreError, Streams as _};
use kit_jsonl::{JsonlOptions, JsonlStore, OpenError};
use kit_testkit::event_store::{
    append, assert_holds_exactly, commit, stream, transaction, whole_log, whole_stream,
};
use uuid::Uuid;

fn options(dir: &Path) -> JsonlOptions {
    JsonlOptions::new(dir, dir.join("events"), Uuid::nil())
}

fn open(dir: &Path) -> JsonlStore {
    JsonlStore::open(options(dir)).unwrap()
}

fn stream_files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    fs::read_dir(dir.join("events"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "jsonl"))
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .collect()
}

#[tokio::test]
async fn a_second_writer_is_kept_out_until_the_first_is_gone() {
    let dir = tempfile::tempdir().unwrap();
    let first = open(dir.path());
    let error = JsonlStore::open(options(dir.path())).err().unwrap();
    assert!(matches!(error, OpenError::LogFolder(LogFolderError::InUse(_))), "{error}");
    assert!(error.to_string().contains(&*dir.path().to_string_lossy()), "{error}");
    commit(&first, transaction([append("a", 0, 1)])).await;
    drop(first);
    assert_eq!(whole_log(&open(dir.path())).await.len(), 1);
}

#[tokio::test]
async fn a_stream_file_has_one_readable_event_a_line() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let mut sent = transaction([append("inventory-p-s", 0, 2)]);
    sent.appends[0].events[1].personal = Some(r#"{"customer":"c-1"}"#.into());
    let events = commit(&store, sent).await;
    drop(store);
    let text = fs::read_to_string(dir.path().join("events/inventory-p-s.jsonl")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let metadata = &events[0].metadata;
    let expected = |version: usize, personal: &str| {
        format!(
            r#"{{"event_id":"{}","event_type":"SomethingHappenedEvent","schema_version":1,"stream":"inventory-p-s","version":{version},"position":{version},"occurred_at":"2026-11-22T12:00:00.000Z","recorded_at":"2026-11-22T12:00:00.000Z","correlation_id":"{}","causation_id":"{}","actor":"system:contract","data":{{"number":{version}}}{personal}}}"#,
            events[version - 1].event.event_id,
            metadata.correlation_id,
            metadata.causation_id,
        )
    };
    assert_eq!(lines, [expected(1, ""), expected(2, r#","personal":{"customer":"c-1"}"#)]);
}

#[tokio::test]
async fn stream_files_that_are_gone_or_garbled_are_rebuilt_as_they_were() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    for version in 0..20 {
        let appends = ["gone", "short", "other", "sound"];
        commit(&store, transaction(appends.map(|name| append(name, version, 1)))).await;
    }
    let log = whole_log(&store).await;
    drop(store);
    let sound = stream_files(dir.path());
    assert_eq!(sound.len(), 4);

    let events = dir.path().join("events");
    fs::remove_file(events.join("gone.jsonl")).unwrap();
    fs::write(events.join("short.jsonl"), &sound["short.jsonl"][..100]).unwrap();
    let mut garbled = sound["other.jsonl"].clone();
    garbled[77] ^= 1;
    fs::write(events.join("other.jsonl"), garbled).unwrap();

    let store = open(dir.path());
    assert_eq!(stream_files(dir.path()), sound);
    assert_eq!(whole_log(&store).await, log);
    assert_eq!(whole_stream(&store, "other").await.len(), 20);
    drop(store);
    fs::remove_dir_all(&events).unwrap();
    assert_holds_exactly(&open(dir.path()), &log).await;
}

#[tokio::test]
async fn every_version_of_a_stream_is_found_whatever_its_lines_are_long() {
    const EVENTS: u64 = 40;
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let mut sent = transaction([append("a", 0, EVENTS)]);
    for (index, event) in sent.appends[0].events.iter_mut().enumerate() {
        let length = [1, 40_000, 10, 3_000, 100_000][index % 5];
        event.data = format!(r#"{{"text":"{}"}}"#, "x".repeat(length)).into();
    }
    let events = commit(&store, sent).await;
    drop(store);
    let store = open(dir.path());
    let stream = &events[0].stream;
    for (before, expected) in events.iter().zip(0..) {
        let page = store.read_back(stream, Some(before.position), 2).await.unwrap();
        let versions: Vec<u64> = page.iter().map(|event| event.version.get()).collect();
        assert_eq!(versions, (1..=expected).rev().take(2).collect::<Vec<_>>());
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_disk_that_does_not_give_what_it_has_is_told_from_damage() {
    let dir = tempfile::tempdir().unwrap();
    commit(&open(dir.path()), transaction([append("a", 0, 3)])).await;
    let file = dir.path().join("events/a.jsonl");
    let store = open(dir.path());
    let load = async || store.load(&[stream("a")], 1).await.unwrap_err();
    let whole = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    // opens like a file, and fails to be read with EIO
    std::os::unix::fs::symlink("/proc/self/mem", &file).unwrap();
    let failed = load().await;
    assert!(matches!(failed, EventStoreError::Unavailable(_)), "{failed}");
    assert!(failed.to_string().contains("Input/output error"), "{failed}");
    fs::remove_file(&file).unwrap();
    let missing = load().await;
    assert!(matches!(missing, EventStoreError::Corrupt(_)), "{missing}");
    fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    let short = load().await;
    assert!(matches!(short, EventStoreError::Corrupt(_)), "{short}");
    assert!(short.to_string().contains("a restart rebuilds it"), "{short}");
}

/// The journal is read by its frames, which have become fewer here.
#[tokio::test]
async fn a_journal_that_has_become_shorter_is_damage() {
    let dir = tempfile::tempdir().unwrap();
    let store = JsonlStore::open(JsonlOptions { recent_bytes_max: 0, ..options(dir.path()) });
    let store = store.unwrap();
    let events = commit(&store, transaction([append("a", 0, 3)])).await;
    let journal = dir.path().join("journal/journal-00000001.log");
    fs::File::options().write(true).open(journal).unwrap().set_len(1).unwrap();
    let error = store.read_all(events[0].position, 9).await.unwrap_err();
    assert!(matches!(error, EventStoreError::Corrupt(_)), "{error}");
}

#[tokio::test]
async fn checkpoints_that_cannot_be_read_are_told_with_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()));
    fs::write(dir.path().join("journal/checkpoints.json"), "{").unwrap();
    let error = JsonlStore::open(options(dir.path())).err().unwrap();
    assert!(error.to_string().contains("checkpoints.json; delete the file"), "{error}");
}

#[tokio::test]
async fn data_that_is_not_json_is_refused_before_anything_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let sound = transaction([append("a", 0, 1)]);
    let mut bad = transaction([append("b", 0, 1)]);
    bad.appends[0].events[0].data = "not json".into();
    let error = store.append(vec![sound.clone(), bad]).await.unwrap_err();
    assert!(matches!(error, EventStoreError::Corrupt(_)), "{error:?}");
    let mut spacious = sound;
    spacious.appends[0].events[0].data = "{\n  \"a\": 1\n}".into();
    let log = commit(&store, spacious).await;
    drop(store);
    assert_holds_exactly(&open(dir.path()), &log).await;
}

#[tokio::test]
async fn stream_files_that_cannot_be_written_hold_up_appends_but_lose_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let tight = JsonlOptions { backlog_bytes_max: 0, ..options(dir.path()) };
    let store = JsonlStore::open(tight).unwrap();
    // A folder where the file should be: no user may write to that.
    fs::create_dir(dir.path().join("events/a.jsonl")).unwrap();
    let log = commit(&store, transaction([append("a", 0, 1)])).await;
    let error = store.append(vec![transaction([append("a", 1, 1)])]).await.unwrap_err();
    assert!(
        matches!(&error, EventStoreError::Unavailable(why) if why.contains("a.jsonl")),
        "{error:?}"
    );
    assert_eq!(whole_stream(&store, "a").await, log, "what memory holds can be read");
    drop(store);
    fs::remove_dir(dir.path().join("events/a.jsonl")).unwrap();
    assert_holds_exactly(&open(dir.path()), &log).await;
}
