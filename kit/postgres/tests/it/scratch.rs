//! An event store for one test, in a schema of its own.

use std::sync::Arc;

use kit_postgres::{Database, PostgresOptions, PostgresStore, migrate};
use kit_testkit::clock::SimClock;
use kit_testkit::postgres::{APP, MIGRATOR, Schema, new_id};
pub(crate) use kit_testkit::postgres::{address, connect};

/// A schema of its own, gone with this value.
pub(crate) struct Scratch {
    pub(crate) schema: String,
    _dropped: Schema,
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
        let dropped = Schema::unused();
        Self { schema: dropped.name.clone(), _dropped: dropped }
    }

    /// The schema as the role sees it that migrates.
    pub(crate) fn migrator(&self) -> Database {
        Database::new(&address(MIGRATOR), &self.schema, &self.schema).unwrap()
    }

    /// The schema as the role sees it that uses it.
    pub(crate) fn database(&self) -> Database {
        self.database_at(&address(APP))
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
