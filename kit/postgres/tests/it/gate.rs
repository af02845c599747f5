//! Holds an append up between the allocation of its positions and its commit, until the gate is opened.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use kit_testkit::shared_log::{Gate, WAITS};
use tokio_postgres::Client;

use crate::scratch::{Scratch, address, connect};

/// However slow the machine, appends that must wait do so within this time.
const PATIENCE: Duration = Duration::from_secs(30);

/// A lock that a trigger waits for. It is open when this is dropped.
pub(crate) struct PostgresGate {
    client: Client,
}

impl PostgresGate {
    /// Puts a closed gate before the end of each append of an event that waits.
    pub(crate) async fn closed(scratch: &Scratch) -> Self {
        let owner = connect(&address("GONDOLA_TEST_POSTGRES_MIGRATOR"), &scratch.schema).await;
        let sql = format!(
            "CREATE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
               PERFORM pg_advisory_xact_lock(hashtext('{0}')); RETURN NULL; END $$; \
             CREATE TRIGGER gate AFTER INSERT ON events FOR EACH ROW WHEN (NEW.event_type = '{WAITS}') \
               EXECUTE FUNCTION {0}.gate()",
            scratch.schema
        );
        owner.batch_execute(&sql).await.unwrap();
        let lock = format!("SELECT pg_advisory_lock(hashtext('{}'))", scratch.schema);
        owner.batch_execute(&lock).await.unwrap();
        Self { client: owner }
    }
}

#[async_trait]
impl Gate for PostgresGate {
    async fn until_waiting(&self, appends: u64) {
        let appends = i64::try_from(appends).unwrap();
        let sql = "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database \
            WHERE l.locktype = 'advisory' AND NOT l.granted AND d.datname = current_database() \
              AND (l.objid = hashtext(current_schema())::oid OR l.objid = 'events'::regclass::oid)";
        let (mut waiting, began): (i64, _) = (0, Instant::now());
        while waiting != appends {
            assert!(began.elapsed() < PATIENCE, "{waiting} appends wait, not {appends}");
            waiting = self.client.query_one(sql, &[]).await.unwrap().get(0);
        }
    }

    async fn open(&self) {
        self.client.batch_execute("SELECT pg_advisory_unlock_all()").await.unwrap();
    }
}
