//! An event store for one test, in a database of its own.

use std::sync::Arc;

use kit_mysql::{Database, MysqlOptions, MysqlStore, migrate};
use kit_testkit::clock::SimClock;
use kit_testkit::mysql::{APP, MIGRATOR, TestDatabase, connect};
pub(crate) use kit_testkit::mysql::{address, new_id};
use mysql_async::Conn;

/// A database of its own, gone with this value.
pub(crate) struct Scratch {
    pub(crate) name: String,
    dropped: TestDatabase,
}

/// Opens a store whose tables are there.
pub(crate) async fn open_at(database: Database) -> MysqlStore {
    // by the machine's clock the suite's claims would one day have expired and been forgotten
    let clock = Arc::new(SimClock::default());
    let options = MysqlOptions { database, read_connections_max: 3, clock };
    MysqlStore::open(options).await.unwrap()
}

impl Scratch {
    /// The name of a database that is not there yet.
    pub(crate) fn new() -> Self {
        let dropped = TestDatabase::unused();
        Self { name: dropped.name.clone(), dropped }
    }

    /// The database at an address of the server.
    pub(crate) fn at(&self, url: &str) -> Database {
        Database::new(&self.dropped.at(url)).unwrap()
    }

    /// The database as the user sees it who uses it.
    pub(crate) fn database(&self) -> Database {
        self.at(&address(APP))
    }

    /// The database as the user sees it who migrates.
    pub(crate) fn migrator(&self) -> Database {
        self.at(&address(MIGRATOR))
    }

    /// A connection that does what the store does not, of the user of an address.
    pub(crate) async fn connect(&self, user: &str) -> Conn {
        connect(user, Some(&self.name)).await
    }

    /// Opens the store; its tables are made when they are not there.
    pub(crate) async fn open(&self) -> MysqlStore {
        migrate(&self.migrator(), new_id()).await.unwrap();
        open_at(self.database()).await
    }
}
