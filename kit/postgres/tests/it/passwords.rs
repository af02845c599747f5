//! A password that is changed while a store is open: connections from then on have what the file says.

use std::path::Path;
use std::time::Duration;

use kit_core::Position;
use kit_event_store::EventLog as _;
use kit_postgres::{Database, migrate};
use kit_testkit::event_store::{append, commit, transaction};
use kit_testkit::postgres::new_id;
use tokio_postgres::Client;

use crate::scratch::{Scratch, address, connect, open_at};

/// A role of a test's own, gone with the test.
struct Role {
    name: String,
    superuser: Client,
}

impl Role {
    /// One that may what another may.
    async fn like(other: &str, password: &str) -> Self {
        let superuser = connect(&address("GONDOLA_TEST_POSTGRES_SUPERUSER"), "public").await;
        let name = format!("test_{}", new_id().simple());
        let sql = format!("CREATE ROLE {name} LOGIN PASSWORD '{password}' IN ROLE {other}");
        superuser.batch_execute(&sql).await.unwrap();
        Self { name, superuser }
    }

    async fn change_password(&self, password: &str) {
        let sql = format!("ALTER ROLE {} PASSWORD '{password}'", self.name);
        self.superuser.batch_execute(&sql).await.unwrap();
    }

    /// Waits until it has this many.
    async fn await_connections(&self, count: i64) {
        let sql = "SELECT count(*) FROM pg_stat_activity WHERE usename = $1";
        let all = async {
            while self.superuser.query_one(sql, &[&self.name]).await.unwrap().get::<_, i64>(0)
                < count
            {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let all = tokio::time::timeout(Duration::from_secs(30), all).await;
        all.unwrap_or_else(|_| panic!("there are no {count} connections"));
    }

    /// Ends all its connections, and says how many there were.
    async fn end_connections(&self) -> usize {
        // waits until each is gone: what a backend does last must not come after this
        let sql =
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE usename = $1";
        self.superuser.query(sql, &[&self.name]).await.unwrap().len()
    }

    /// The schema as the role sees it, with the password of a file.
    fn database(&self, scratch: &Scratch, url: &str, file: &Path) -> Database {
        let (_, place) = url.rsplit_once('@').unwrap();
        let (name, file) = (&self.name, file.display());
        scratch.database_at(&format!("postgres://{name}@{place}?password_file={file}"))
    }

    async fn remove(self) {
        self.end_connections().await;
        self.superuser.batch_execute(&format!("DROP ROLE {}", self.name)).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: make test-services"]
async fn a_changed_password_is_read_without_a_restart() {
    let (scratch, folder) = (Scratch::new(), tempfile::tempdir().unwrap());
    migrate(&scratch.migrator(), new_id()).await.unwrap();
    let (file, role) = (folder.path().join("password"), Role::like("inventory_app", "one").await);
    std::fs::write(&file, "one\n").unwrap();
    let store = open_at(role.database(&scratch, &address("GONDOLA_TEST_POSTGRES"), &file)).await;
    commit(&store, transaction([append("a", 0, 1)])).await;
    assert_eq!(store.read_all(Position::ZERO, 10).await.unwrap().len(), 1);
    // one that reads, one that writes, one that listens
    role.await_connections(3).await;
    role.change_password("two").await;
    commit(&store, transaction([append("a", 1, 1)])).await;
    assert_eq!(store.read_all(Position::ZERO, 10).await.unwrap().len(), 2, "what is open stays so");

    assert!(role.end_connections().await >= 3);
    // who has not yet seen that a connection is gone says so; nothing is written in any case
    let refused = async {
        loop {
            let refused = store.append(vec![transaction([append("b", 0, 1)])]).await;
            if refused.unwrap_err().to_string().contains("password") {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let refused = tokio::time::timeout(Duration::from_secs(30), refused).await;
    refused.expect("with the old one there is none");
    std::fs::write(&file, "two\n").unwrap();
    commit(&store, transaction([append("b", 0, 1)])).await;
    assert_eq!(store.read_all(Position::ZERO, 10).await.unwrap().len(), 3);
    // the one that listens comes back as well
    let well = async {
        while store.health().is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), well).await.expect("health");
    drop(store);
    role.remove().await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: make test-services"]
async fn migrations_are_applied_with_the_password_of_a_file() {
    let (scratch, folder) = (Scratch::new(), tempfile::tempdir().unwrap());
    let file = folder.path().join("password");
    let url = address("GONDOLA_TEST_POSTGRES_MIGRATOR");
    let (user, place) = url.strip_prefix("postgres://").unwrap().split_once('@').unwrap();
    let (name, password) = user.split_once(':').unwrap();
    let at = format!("postgres://{name}:wrong@{place}?password_file={}", file.display());
    let none = Database::new(&at, &scratch.schema, "test").unwrap_err().to_string();
    assert!(none.contains("password") && none.contains("cannot be read"), "{none}");
    std::fs::write(&file, "wrong as well").unwrap();
    let database = scratch.database_at(&at);
    let refused = migrate(&database, new_id()).await.unwrap_err().to_string();
    assert!(refused.contains("password"), "{refused}");
    std::fs::write(&file, password).unwrap();
    assert!(migrate(&database, new_id()).await.unwrap().applied > 0);
}
