//! What is kept is kept byte by byte, and what cannot be is refused alone.

use std::sync::Arc;
use std::time::Duration;

use kit_core::Version;
use kit_event_store::{EventLog as _, EventStoreError};
use kit_mysql::{MysqlOptions, MysqlStore};
use kit_testkit::clock::SimClock;
use kit_testkit::event_store::{append, claiming, commit, moment, stream, transaction, whole_log};
use mysql_async::prelude::Queryable as _;
use tokio::time::timeout;

use crate::scratch::Scratch;

/// However slow the machine, nothing here takes longer unless something hangs.
const PATIENCE: Duration = Duration::from_secs(30);

/// Characters that a collation, a quote or a number would change.
const TEXTS: [&str; 6] = ["a", "a ", "A", "ä", "a\u{301}\u{0}\u{1f600}", r#"\'";--%_"#];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs MariaDB: make test-services"]
async fn text_and_keys_keep_their_bytes() {
    let scratch = Scratch::new();
    let store = scratch.open().await;
    for (number, text) in (0..).zip(TEXTS) {
        let mut wants = append("texts", number, 1);
        wants.events[0].data = text.into();
        commit(&store, claiming(transaction([wants]), text, None)).await;
    }
    let log = whole_log(&store).await;
    assert_eq!(log.iter().map(|event| &*event.event.data).collect::<Vec<_>>(), TEXTS);
    // streams are told apart by case, too
    let names = [stream("texts"), stream("Texts")];
    assert_eq!(store.versions(&names).await.unwrap(), [Version::new(6), Version::ZERO]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs MariaDB: make test-services"]
async fn an_event_that_is_too_large_is_refused_alone() {
    let scratch = Scratch::new();
    let store = scratch.open().await;
    let mut large = append("large", 0, 1);
    large.events[0].data = "x".repeat(9 << 20).into();
    let (refused, kept) = tokio::join!(
        store.append(vec![transaction([large])]),
        commit(&store, transaction([append("small", 0, 1)])),
    );
    let EventStoreError::Unavailable(told) = refused.unwrap_err() else { panic!("it is kept") };
    assert!(told.contains("max_allowed_packet"), "{told}");
    assert_eq!(kept.len(), 1);
    let key = claiming(transaction([append("key", 0, 1)]), &"k".repeat(3_000), None);
    let refused = store.append(vec![key]).await.unwrap_err().to_string();
    assert!(refused.contains("2048 bytes of a key"), "{refused}");
    // several requests of one transaction
    let mut longest = append("long", 0, 3);
    longest.events.iter_mut().for_each(|event| event.data = "'".repeat(8_000_000).into());
    let written = commit(&store, transaction([longest])).await;
    assert_eq!(whole_log(&store).await[1..], written);
}

/// Claims that ended an hour ago by the clock of the process are deleted, and no others.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs MariaDB: make test-services"]
async fn claims_that_ended_are_purged() {
    const HOUR: i64 = 3_600_000;
    let scratch = Scratch::new();
    let store = scratch.open().await;
    let ends =
        [("ended", Some(moment(HOUR))), ("ended-late", Some(moment(2 * HOUR))), ("never", None)];
    for (number, (key, end)) in (0..).zip(ends) {
        commit(&store, claiming(transaction([append("a", number, 1)]), key, end)).await;
    }
    let clock = Arc::new(SimClock::at(moment(2 * HOUR + 1)));
    let (database, read_connections_max) = (scratch.database(), 1);
    let later = MysqlStore::open(MysqlOptions { database, read_connections_max, clock }).await;
    let mut app = scratch.connect("GONDOLA_TEST_MYSQL").await;
    let purged = async {
        loop {
            let left: Vec<String> =
                app.query("SELECT name FROM claims ORDER BY name").await.unwrap();
            if left != ["ended", "ended-late", "never"] {
                return left;
            }
        }
    };
    let left = timeout(PATIENCE, purged).await.expect("something is purged");
    assert_eq!(left, ["ended-late", "never"]);
    drop(later.unwrap());
}
