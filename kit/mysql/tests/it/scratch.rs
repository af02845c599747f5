//! A database for one test, on the server that `scripts/services-up` has started.

use std::sync::Arc;

use kit_core::{Clock as _, IdSource as _, RandomIds};
use kit_mysql::{Database, MysqlOptions, MysqlStore, migrate};
use kit_testkit::clock::SimClock;
use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, Opts, OptsBuilder};
use tokio::runtime::Runtime;
use uuid::Uuid;

/// A database of its own, gone with this value.
pub(crate) struct Scratch {
    pub(crate) name: String,
}

/// An address of the server, as `scripts/services-up` tells it.
#[expect(
    clippy::disallowed_methods,
    reason = "a test is told by its environment where the server is"
)]
pub(crate) fn address(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run make test-services"))
}

pub(crate) fn new_id() -> Uuid {
    RandomIds.next_id(SimClock::default().now())
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
        Self { name: format!("test_{}", new_id().simple()) }
    }

    /// The database at an address of the server.
    pub(crate) fn at(&self, url: &str) -> Database {
        let (server, _) = url.rsplit_once('/').unwrap();
        Database::new(&format!("{server}/{}", self.name)).unwrap()
    }

    /// The database as the user sees it who uses it.
    pub(crate) fn database(&self) -> Database {
        self.at(&address("GONDOLA_TEST_MYSQL"))
    }

    /// The database as the user sees it who migrates.
    pub(crate) fn migrator(&self) -> Database {
        self.at(&address("GONDOLA_TEST_MYSQL_MIGRATOR"))
    }

    /// A connection that does what the store does not, of the user of an address.
    pub(crate) async fn connect(&self, user: &str) -> Conn {
        let opts = Opts::from_url(&address(user)).unwrap();
        let opts = OptsBuilder::from_opts(opts).prefer_socket(false).db_name(Some(&self.name));
        Conn::new(opts).await.unwrap()
    }

    /// Opens the store; its tables are made when they are not there.
    pub(crate) async fn open(&self) -> MysqlStore {
        migrate(&self.migrator(), new_id()).await.unwrap();
        open_at(self.database()).await
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let sql = format!("DROP DATABASE IF EXISTS {}", self.name);
        let dropped = std::thread::spawn(move || {
            Runtime::new().unwrap().block_on(async {
                let opts = Opts::from_url(&address("GONDOLA_TEST_MYSQL_MIGRATOR")).unwrap();
                let opts = OptsBuilder::from_opts(opts).prefer_socket(false);
                Conn::new(opts).await.unwrap().query_drop(sql).await.unwrap();
            });
        });
        // a test that failed because the server is gone has told so
        drop(dropped.join());
    }
}
