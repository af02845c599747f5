//! Long streams: reading a page does not touch the rest of the stream.

use std::fs;

use kit_core::Version;
use kit_event_store::{EventStoreError, LOAD_PAGE_EVENTS};
use kit_testkit::event_store::{Subject as _, append, commit, stream, transaction};
use rusqlite::Connection;

use crate::contract::InFolder;

/// Events at the end that every start checks.
const CHECKED_AT_START: u64 = 10_000;

const PAGE: u64 = LOAD_PAGE_EVENTS as u64;

#[tokio::test]
async fn a_page_is_read_without_what_lies_behind_it() {
    let subject = InFolder::new();
    let store = subject.open().await;
    commit(&*store, transaction([append("long", 0, 5 * PAGE)])).await;
    commit(&*store, transaction([append("later", 0, CHECKED_AT_START)])).await;
    drop(store);
    let folder = subject.options().folder;
    let log = Connection::open(folder.join("events.db")).unwrap();
    // the third page cannot be read; up to 255 events behind a page are passed on the way to it
    let harm = format!(
        "UPDATE events SET data = '{{}}' WHERE position BETWEEN {} AND {}",
        2 * PAGE + 256,
        3 * PAGE
    );
    log.execute_batch(&harm).unwrap();
    drop(log);
    for index in ["as it was written", "rebuilt from the log"] {
        let store = subject.open().await;
        let read = async |page: u64| {
            let after = Version::new(page * PAGE);
            store.read_stream(&stream("long"), after, LOAD_PAGE_EVENTS).await
        };
        for page in [0, 1, 3, 4] {
            assert_eq!(read(page).await.unwrap().len(), LOAD_PAGE_EVENTS, "{page}, {index}");
        }
        assert!(matches!(read(2).await, Err(EventStoreError::Corrupt(_))), "{index}");
        let loaded = store.load(&[stream("long")], 1).await.unwrap().remove(0);
        assert_eq!(loaded.events.len(), LOAD_PAGE_EVENTS, "{index}");
        drop(store);
        fs::remove_file(folder.join("index.db")).unwrap();
    }
}

#[tokio::test]
async fn an_index_that_leads_into_the_wrong_place_is_noticed() {
    let subject = InFolder::new();
    let store = subject.open().await;
    commit(&*store, transaction([append("long", 0, 2 * PAGE), append("other", 0, 1)])).await;
    drop(store);
    let index = subject.options().folder.join("index.db");
    let moved = "UPDATE marks SET position = position - 300";
    Connection::open(index).unwrap().execute_batch(moved).unwrap();
    let store = subject.open().await;
    let error = store.load(&[stream("long")], 1).await.unwrap_err();
    let EventStoreError::Corrupt(reason) = error else { panic!("{error}") };
    assert!(reason.contains("remove index.db"), "{reason}");
    assert!(reason.contains("events 1 to 1000 of the stream long"), "{reason}");
}
