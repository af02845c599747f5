//! The tables: who makes them, who may do what with them, and what a program says that finds others.

use kit_core::{Clock as _, IdSource as _, RandomIds};
use kit_event_store::EventLog as _;
use kit_postgres::{
    DatabaseError, Migrated, Migration, Migrations, PostgresOptions, PostgresStore,
    accept_older_log, migrate,
};
use kit_testkit::clock::SimClock;
use kit_testkit::event_store::{append, commit, transaction};
use std::sync::Arc;
use uuid::Uuid;

use crate::scratch::{Scratch, address, connect, open_at};

fn new_id() -> Uuid {
    RandomIds.next_id(SimClock::default().now())
}

async fn refused(scratch: &Scratch) -> DatabaseError {
    let (database, clock) = (scratch.database(), Arc::new(SimClock::default()));
    let options = PostgresOptions { database, read_connections_max: 1, clock };
    match PostgresStore::open(options).await {
        Err(refused) => refused,
        Ok(_) => panic!("it is opened"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: make test-services"]
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
#[ignore = "needs PostgreSQL: make test-services"]
async fn two_that_migrate_at_once_do_not_meet() {
    let scratch = Scratch::new();
    let database = scratch.migrator();
    let (one, other) = tokio::join!(migrate(&database, new_id()), migrate(&database, new_id()));
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_eq!(one.applied + other.applied, one.known);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: make test-services"]
async fn tables_that_are_missing_or_of_another_program_are_refused_in_a_sentence() {
    let scratch = Scratch::new();
    let told = refused(&scratch).await.to_string();
    assert!(told.contains("has 0 of") && told.contains("gondola migrate"), "{told}");
    migrate(&scratch.migrator(), new_id()).await.unwrap();
    let owner = connect(&address("GONDOLA_TEST_POSTGRES_MIGRATOR"), &scratch.schema).await;
    owner.batch_execute("UPDATE migrations SET checksum = ''").await.unwrap();
    let told = refused(&scratch).await.to_string();
    assert!(told.contains("migration 1 of the schema"), "{told}");
}

/// A process of the release before runs on while the tables are brought up to date, and may be started again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: make test-services"]
async fn newer_tables_are_fine() {
    let scratch = Scratch::new();
    drop(scratch.open().await);
    let owner = connect(&address("GONDOLA_TEST_POSTGRES_MIGRATOR"), &scratch.schema).await;
    owner.batch_execute("INSERT INTO migrations VALUES (1000, '')").await.unwrap();
    commit(&open_at(scratch.database()).await, transaction([append("a", 0, 1)])).await;
}

/// A release that is started once more after a newer one has taken away what it uses.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: make test-services"]
async fn tables_that_lack_what_a_release_uses_are_refused_in_a_sentence() {
    const FIRST: Migration = Migration::expand("CREATE TABLE a (old int)");
    const EXPAND: Migration = Migration::expand("ALTER TABLE a ADD COLUMN new int");
    const CONTRACT: Migration = Migration::contract("ALTER TABLE a DROP COLUMN old", 2);
    const OF: &str = "something";
    let releases = [
        Migrations { of: OF, steps: &[FIRST] },
        Migrations { of: OF, steps: &[FIRST, EXPAND] },
        Migrations { of: OF, steps: &[FIRST, EXPAND, CONTRACT] },
    ];
    let scratch = Scratch::new();
    let owner = scratch.migrator();
    for (index, release) in releases.iter().enumerate() {
        release.apply(&owner).await.unwrap();
        let before = releases[index.saturating_sub(1)];
        before.check_in(&owner).await.expect("the release before goes on");
    }
    let told = releases[0].check_in(&owner).await.unwrap_err().to_string();
    assert!(told.contains("migration 3 of the schema"), "{told}");
    assert!(told.contains("at least 2 of its migrations, and this one knows 1"), "{told}");
    let told = releases[0].apply(&owner).await.unwrap_err().to_string();
    assert!(told.contains("start a newer release"), "{told}");
}

/// As an earlier release has left the table of what was applied.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: make test-services"]
async fn tables_of_the_release_before_are_good_until_somebody_migrates() {
    let scratch = Scratch::new();
    drop(scratch.open().await);
    let owner = connect(&address("GONDOLA_TEST_POSTGRES_MIGRATOR"), &scratch.schema).await;
    owner.batch_execute("ALTER TABLE migrations DROP COLUMN needs").await.unwrap();
    drop(open_at(scratch.database()).await);
    drop(scratch.open().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: make test-services"]
async fn a_server_that_answers_before_a_commit_is_on_disk_is_refused() {
    let scratch = Scratch::new();
    drop(scratch.open().await);
    let url = format!("{}?options=-c%20synchronous_commit%3Doff", address("GONDOLA_TEST_POSTGRES"));
    let (database, clock) = (scratch.database_at(&url), Arc::new(SimClock::default()));
    let options = PostgresOptions { database, read_connections_max: 1, clock };
    let refused = PostgresStore::open(options).await.err().map(|refused| refused.to_string());
    assert!(
        refused.as_ref().is_some_and(|told| told.contains("synchronous_commit is off")),
        "{refused:?}"
    );
}

/// Whatever a fault in the product does, it cannot change what was written.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: make test-services"]
async fn the_role_of_the_product_can_append_and_nothing_else() {
    let scratch = Scratch::new();
    commit(&scratch.open().await, transaction([append("a", 0, 1)])).await;
    let app = connect(&address("GONDOLA_TEST_POSTGRES"), &scratch.schema).await;
    for sql in [
        "DELETE FROM events",
        "UPDATE events SET data = '{}'",
        "INSERT INTO events SELECT * FROM events",
        "TRUNCATE events",
        "DELETE FROM claims",
        "INSERT INTO claims VALUES ('a', 'b', 'c', null, 1)",
        "DELETE FROM streams",
        "UPDATE log SET incarnation = gen_random_uuid()",
        "DELETE FROM migrations",
        "CREATE TABLE mine (a int)",
    ] {
        let refused = app.batch_execute(sql).await.expect_err(sql);
        let code = refused.code().map(|code| code.code().to_owned());
        assert_eq!(code.as_deref(), Some("42501"), "{sql}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: make test-services"]
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
