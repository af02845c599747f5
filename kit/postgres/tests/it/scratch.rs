//! A schema for one test, in the database that `scripts/services-up` has made.

use std::sync::Arc;

use kit_core::{Clock as _, IdSource as _, RandomIds};
use kit_postgres::{Database, PostgresOptions, PostgresStore, migrate};
use kit_testkit::clock::SimClock;
use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

/// A schema of its own, gone with this value.
pub(crate) struct Scratch {
    pub(crate) schema: String,
}

/// A variable of the tests.
#[expect(
    clippy::disallowed_methods,
    reason = "a test is told by its environment where the server is"
)]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// An address of the server, as `scripts/services-up` tells it.
pub(crate) fn address(name: &str) -> String {
    variable(name).unwrap_or_else(|| panic!("{name} is not set: run make test-services"))
}

fn new_id() -> Uuid {
    RandomIds.next_id(SimClock::default().now())
}

/// A connection that does what the store does not.
pub(crate) async fn connect(url: &str, schema: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute(&format!("SET search_path = {schema}, pg_temp")).await.unwrap();
    client
}

/// Opens a store whose tables are there.
pub(crate) async fn open_at(database: Database) -> PostgresStore {
    // by the machine's clock the suite's claims would one day have expired and been forgotten
    let clock = Arc::new(SimClock::default());
    let options = PostgresOptions { database, read_connections_max: 3, clock };
    PostgresStore::open(options).await.unwrap()
}

impl Scratch {
    /// The name of a schema that is not there yet.
    pub(crate) fn new() -> Self {
        let schema = format!("test_{}", new_id().simple());
        Self { schema }
    }

    /// The schema as the role sees it that migrates.
    pub(crate) fn migrator(&self) -> Database {
        Database::new(&address("GONDOLA_TEST_POSTGRES_MIGRATOR"), &self.schema, &self.schema)
            .unwrap()
    }

    /// The schema as the role sees it that uses it.
    pub(crate) fn database(&self) -> Database {
        self.database_at(&address("GONDOLA_TEST_POSTGRES"))
    }

    /// The same by another address.
    pub(crate) fn database_at(&self, url: &str) -> Database {
        Database::new(url, &self.schema, &self.schema).unwrap()
    }

    /// Opens the store; its tables are made when they are not there.
    pub(crate) async fn open(&self) -> PostgresStore {
        migrate(&self.migrator(), new_id()).await.unwrap();
        open_at(self.database()).await
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let sql = format!("DROP SCHEMA IF EXISTS {} CASCADE", self.schema);
        let dropped = std::thread::spawn(move || {
            Runtime::new().unwrap().block_on(async {
                let url = address("GONDOLA_TEST_POSTGRES_MIGRATOR");
                connect(&url, "public").await.batch_execute(&sql).await.unwrap();
            });
        });
        // a test that failed because the server is gone has told so
        drop(dropped.join());
    }
}
