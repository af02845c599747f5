//! A database for one test, on the MariaDB server that `scripts/services-up` has started.

use std::fmt::Write as _;

use kit_core::{Clock as _, IdSource as _, RandomIds};
use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, Opts, OptsBuilder, Row, Value};
use tokio::runtime::Runtime;
use uuid::Uuid;

use crate::clock::SimClock;

/// Environment variable with the address of the user who uses tables.
pub const APP: &str = "GONDOLA_TEST_MYSQL";

/// The same of the user who makes them.
pub const MIGRATOR: &str = "GONDOLA_TEST_MYSQL_MIGRATOR";

/// An address of the server, as `scripts/services-up` tells it.
///
/// # Panics
///
/// When no server is named.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "a test is told by its environment where the server is"
)]
pub fn address(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run make test-services"))
}

/// An id that no other has.
#[must_use]
pub fn new_id() -> Uuid {
    RandomIds.next_id(SimClock::default().now())
}

/// A connection to a database, or to none, for what the product does not do.
///
/// # Panics
///
/// When the server does not answer.
pub async fn connect(user: &str, database: Option<&str>) -> Conn {
    let opts = Opts::from_url(&address(user)).unwrap_or_else(|error| panic!("{error}"));
    let opts = OptsBuilder::from_opts(opts).prefer_socket(false).db_name(database);
    Conn::new(opts).await.unwrap_or_else(|error| panic!("{error}"))
}

/// The name of a database of its own, which is gone with this value.
#[derive(Debug)]
pub struct TestDatabase {
    /// Its name.
    pub name: String,
}

impl TestDatabase {
    /// One that is not there yet.
    #[must_use]
    pub fn unused() -> Self {
        Self { name: format!("test_{}", new_id().simple()) }
    }

    /// The same server's address of a user, with this database.
    #[must_use]
    pub fn at(&self, url: &str) -> String {
        let server = url.rsplit_once('/').map_or(url, |(server, _)| server);
        format!("{server}/{}", self.name)
    }

    /// All rows of all tables as text, one a line behind the name of its table; bytes that are no text are in hexadecimal.
    ///
    /// # Panics
    ///
    /// When the server does not answer.
    pub async fn dump(&self) -> String {
        let mut owner = connect(MIGRATOR, Some(&self.name)).await;
        let tables: Vec<String> =
            owner.query("SHOW TABLES").await.unwrap_or_else(|error| panic!("{error}"));
        let mut text = String::new();
        for table in tables {
            let rows: Vec<Row> = owner
                .query(format!("SELECT * FROM `{table}`"))
                .await
                .unwrap_or_else(|error| panic!("{error}"));
            for row in rows {
                let values = row.unwrap().into_iter().map(shown).collect::<Vec<_>>();
                // writing to a string does not fail
                let _ = writeln!(text, "{table}: {}", values.join(" | "));
            }
        }
        text
    }
}

/// A value as people read it.
fn shown(value: Value) -> String {
    match value {
        Value::Bytes(bytes) => String::from_utf8(bytes).unwrap_or_else(|error| {
            error.as_bytes().iter().fold(String::new(), |mut text, byte| {
                // writing to a string does not fail
                let _ = write!(text, "{byte:02x}");
                text
            })
        }),
        other => other.as_sql(false),
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let sql = format!("DROP DATABASE IF EXISTS {}", self.name);
        let dropped = std::thread::spawn(move || {
            let runtime = Runtime::new().unwrap_or_else(|error| panic!("{error}"));
            runtime.block_on(async {
                let mut owner = connect(MIGRATOR, None).await;
                owner.query_drop(sql).await.unwrap_or_else(|error| panic!("{error}"));
            });
        });
        // a test that failed because the server is gone has told so
        drop(dropped.join());
    }
}
