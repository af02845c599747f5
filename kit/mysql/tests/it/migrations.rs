//! The tables: who makes them, who may do what with them, and what a program says that finds others.

use kit_event_store::EventLog as _;
use kit_mysql::{DatabaseError, Migrated, MysqlOptions, MysqlStore, accept_older_log, migrate};
use kit_testkit::clock::SimClock;
use kit_testkit::event_store::{append, commit, transaction};
use mysql_async::prelude::Queryable as _;
use std::sync::Arc;

use crate::scratch::{Scratch, new_id, open_at};

async fn refused(scratch: &Scratch) -> DatabaseError {
    let (database, clock) = (scratch.database(), Arc::new(SimClock::default()));
    let options = MysqlOptions { database, read_connections_max: 1, clock };
    match MysqlStore::open(options).await {
        Err(refused) => refused,
        Ok(_) => panic!("it is opened"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs MariaDB: make test-services"]
async fn a_migration_is_applied_once() {
    let scratch = Scratch::new();
    let (database, first) = (scratch.migrator(), new_id());
    let migrated = migrate(&database, first).await.unwrap();
    assert_eq!(migrated.applied, migrated.known);
    let again = migrate(&database, new_id()).await.unwrap();
    assert_eq!(again, Migrated { applied: 0, known: migrated.known });
    let store = open_at(scratch.database()).await;
    assert_eq!(store.incarnation().as_uuid(), first, "the log is the first one still");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs MariaDB: make test-services"]
async fn two_that_migrate_at_once_do_not_meet() {
    let scratch = Scratch::new();
    let database = scratch.migrator();
    let (one, other) = tokio::join!(migrate(&database, new_id()), migrate(&database, new_id()));
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_eq!(one.applied + other.applied, one.known);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs MariaDB: make test-services"]
async fn tables_that_are_missing_or_of_another_program_are_refused_in_a_sentence() {
    let scratch = Scratch::new();
    let told = refused(&scratch).await.to_string();
    assert!(told.contains("has 0 of") && told.contains("gondola migrate"), "{told}");
    migrate(&scratch.migrator(), new_id()).await.unwrap();
    let mut owner = scratch.connect("GONDOLA_TEST_MYSQL_MIGRATOR").await;
    owner.query_drop("UPDATE migrations SET checksum = ''").await.unwrap();
    let told = refused(&scratch).await.to_string();
    assert!(told.contains("migration 1 of the database"), "{told}");
}

/// A process of the release before runs on while the tables are brought up to date, and may be started again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs MariaDB: make test-services"]
async fn newer_tables_are_fine() {
    let scratch = Scratch::new();
    drop(scratch.open().await);
    let mut owner = scratch.connect("GONDOLA_TEST_MYSQL_MIGRATOR").await;
    owner.query_drop("INSERT INTO migrations (number, checksum) VALUES (1000, '')").await.unwrap();
    commit(&open_at(scratch.database()).await, transaction([append("a", 0, 1)])).await;
}

/// A release that is started once more after a newer one has taken away what it uses.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs MariaDB: make test-services"]
async fn tables_that_lack_what_a_release_uses_are_refused_in_a_sentence() {
    let scratch = Scratch::new();
    drop(scratch.open().await);
    let mut owner = scratch.connect("GONDOLA_TEST_MYSQL_MIGRATOR").await;
    let sql = "INSERT INTO migrations (number, checksum, needs) VALUES (1000, '', 999)";
    owner.query_drop(sql).await.unwrap();
    let told = refused(&scratch).await.to_string();
    assert!(told.contains("migration 1000 of the database"), "{told}");
    assert!(told.contains("at least 999 of its migrations, and this one knows"), "{told}");
    let told = migrate(&scratch.migrator(), new_id()).await.unwrap_err().to_string();
    assert!(told.contains("start a newer release"), "{told}");
}

/// As an earlier release has left the table of what was applied.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs MariaDB: make test-services"]
async fn tables_of_the_release_before_are_good_until_somebody_migrates() {
    let scratch = Scratch::new();
    drop(scratch.open().await);
    let mut owner = scratch.connect("GONDOLA_TEST_MYSQL_MIGRATOR").await;
    owner.query_drop("ALTER TABLE migrations DROP COLUMN needs").await.unwrap();
    drop(open_at(scratch.database()).await);
    drop(scratch.open().await);
}

/// Whatever a fault in the product does, it cannot change the tables.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs MariaDB: make test-services"]
async fn the_user_of_the_product_cannot_change_tables() {
    let scratch = Scratch::new();
    drop(scratch.open().await);
    let mut app = scratch.connect("GONDOLA_TEST_MYSQL").await;
    for sql in [
        "TRUNCATE events",
        "DROP TABLE events",
        "ALTER TABLE events DROP COLUMN personal",
        "CREATE TABLE mine (a int)",
    ] {
        match app.query_drop(sql).await {
            Err(mysql_async::Error::Server(refused)) => assert_eq!(refused.code, 1142, "{sql}"),
            other => panic!("{sql}: {other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs MariaDB: make test-services"]
async fn an_older_log_that_is_accepted_is_another_log() {
    let scratch = Scratch::new();
    let store = scratch.open().await;
    commit(&store, transaction([append("a", 0, 3)])).await;
    let before = store.incarnation();
    drop(store);
    let accepted = accept_older_log(&scratch.migrator(), new_id()).await.unwrap();
    assert_ne!(accepted.incarnation, before);
    assert_eq!(scratch.open().await.end(), accepted);
}
