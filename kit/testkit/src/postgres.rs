//! A schema for one test, in the database that `scripts/services-up` has made.

use std::fmt::Write as _;

use kit_core::{Clock as _, IdSource as _, RandomIds};
use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

use crate::clock::SimClock;

/// Environment variable with the address of the role that uses tables.
pub const APP: &str = "GONDOLA_TEST_POSTGRES";

/// The same of the role that makes them.
pub const MIGRATOR: &str = "GONDOLA_TEST_POSTGRES_MIGRATOR";

/// The same of a replica.
pub const REPLICA: &str = "GONDOLA_TEST_POSTGRES_REPLICA";

/// A variable of the tests.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "a test is told by its environment where the server is"
)]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// An address of the server, as `scripts/services-up` tells it.
///
/// # Panics
///
/// When no server is named.
#[must_use]
pub fn address(name: &str) -> String {
    variable(name).unwrap_or_else(|| panic!("{name} is not set: run make test-services"))
}

/// An id that no other has.
#[must_use]
pub fn new_id() -> Uuid {
    RandomIds.next_id(SimClock::default().now())
}

/// A connection to a schema, for what the product does not do.
///
/// # Panics
///
/// When the server does not answer.
pub async fn connect(url: &str, schema: &str) -> Client {
    let connected = tokio_postgres::connect(url, NoTls).await;
    let (client, connection) = connected.unwrap_or_else(|error| panic!("{error}"));
    tokio::spawn(connection);
    let path = client.batch_execute(&format!("SET search_path = {schema}, pg_temp")).await;
    path.unwrap_or_else(|error| panic!("{error}"));
    client
}

/// The name of a schema of its own, which is gone with this value.
#[derive(Debug)]
pub struct Schema {
    /// Its name.
    pub name: String,
}

impl Schema {
    /// One that is not there yet.
    #[must_use]
    pub fn unused() -> Self {
        Self { name: format!("test_{}", new_id().simple()) }
    }

    /// All rows of all tables as text, one a line behind the name of its table; bytes are in hexadecimal.
    ///
    /// # Panics
    ///
    /// When the server does not answer.
    pub async fn dump(&self) -> String {
        let owner = connect(&address(MIGRATOR), &self.name).await;
        let sql = "SELECT table_name::text FROM information_schema.tables WHERE table_schema = $1";
        let tables = owner.query(sql, &[&self.name]).await;
        let mut text = String::new();
        for table in tables.unwrap_or_else(|error| panic!("{error}")) {
            let table: &str = table.get(0);
            let rows = owner.query(&format!("SELECT t::text FROM {table} t"), &[]).await;
            for row in rows.unwrap_or_else(|error| panic!("{error}")) {
                // writing to a string does not fail
                let _ = writeln!(text, "{table}: {}", row.get::<_, &str>(0));
            }
        }
        text
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        let sql = format!("DROP SCHEMA IF EXISTS {} CASCADE", self.name);
        let dropping = std::thread::spawn(move || {
            let runtime = Runtime::new().unwrap_or_else(|error| panic!("{error}"));
            runtime.block_on(async {
                let owner = connect(&address(MIGRATOR), "public").await;
                owner.batch_execute(&sql).await.unwrap_or_else(|error| panic!("{error}"));
            });
        });
        // a test that failed because the server is gone has told so
        drop(dropping.join());
    }
}
