//! A log written before its tables had a version opens, and one of a later program is refused.

use std::path::PathBuf;

use kit_sqlite::{OpenError, SqliteStore};
use kit_testkit::event_store::{
    Subject as _, append, assert_holds_exactly, commit, key, noon, transaction, whole_log,
};
use rusqlite::Connection;

use crate::contract::InFolder;

/// What the program wrote when tables had no version, statement by statement.
const LOG_OF_BEFORE: &str = include_str!("log_of_before.sql");

fn log_path(subject: &InFolder) -> PathBuf {
    subject.options().folder.join("events.db")
}

fn version(subject: &InFolder) -> i64 {
    let log = Connection::open(log_path(subject)).unwrap();
    log.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
}

fn log_of_before() -> InFolder {
    let subject = InFolder::new();
    std::fs::create_dir_all(subject.options().folder).unwrap();
    Connection::open(log_path(&subject)).unwrap().execute_batch(LOG_OF_BEFORE).unwrap();
    assert_eq!(version(&subject), 0);
    subject
}

#[tokio::test]
async fn a_log_without_a_version_is_taken_as_the_first() {
    let subject = log_of_before();
    let store = subject.open().await;
    let log = whole_log(store.as_ref()).await;
    let told: Vec<_> = log
        .iter()
        .map(|event| (event.stream.as_str(), event.version.get(), &*event.event.data))
        .collect();
    let first = ("s-1", 1, r#"{"number":1}"#);
    assert_eq!(told, [first, ("s-2", 1, r#"{"number":1}"#), ("s-1", 2, r#"{"number":2}"#)]);
    assert_eq!(log[1].event.personal.as_deref(), Some(r#"{"customer":"c-1"}"#));
    assert!(store.find_claims(&[key("k")], noon()).await.unwrap()[0].is_some());
    assert_holds_exactly(store.as_ref(), &log).await;
    drop(store);
    assert_eq!(version(&subject), 2, "it has its version from now on");
    assert_eq!(whole_log(subject.open().await.as_ref()).await.len(), log.len() + 1);
}

#[tokio::test]
async fn a_column_of_a_later_version_does_not_disturb() {
    let subject = log_of_before();
    let log = Connection::open(log_path(&subject)).unwrap();
    log.execute_batch("ALTER TABLE events ADD COLUMN later TEXT DEFAULT 'x'").unwrap();
    drop(log);
    let store = subject.open().await;
    commit(store.as_ref(), transaction([append("s-1", 2, 1)])).await;
    assert_eq!(whole_log(store.as_ref()).await.len(), 4);
}

#[tokio::test]
async fn a_log_of_a_later_program_is_refused_and_left_alone() {
    let subject = log_of_before();
    let log = Connection::open(log_path(&subject)).unwrap();
    log.pragma_update(None, "user_version", 7).unwrap();
    drop(log);
    let error = SqliteStore::open(subject.options()).err().unwrap();
    assert!(matches!(error, OpenError::NewerLog { found: 7, known: 2, .. }), "{error:?}");
    assert!(error.to_string().contains("newer version of this program"), "{error}");
    assert_eq!(version(&subject), 7);
}
