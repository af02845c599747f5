//! Holds an append up between the allocation of its positions and its commit, until the gate is opened.

use std::time::{Duration, Instant};

use kit_postgres::PostgresStore;
use kit_testkit::event_store::append;
use tokio_postgres::Client;

use crate::scratch::{Scratch, address, connect};

/// The name of the events that wait.
const WAITS: &str = "WaitsAtTheGateEvent";

/// However slow the machine, appends that must wait do so within this time.
const PATIENCE: Duration = Duration::from_secs(30);

/// A lock that a trigger waits for. It is open when this is dropped.
pub(crate) struct Gate {
    client: Client,
}

impl Gate {
    /// Puts a closed gate before the end of each append of an event that [`waiting`] makes.
    pub(crate) async fn closed(scratch: &Scratch, _its_tables_are_there: &PostgresStore) -> Self {
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

    /// Until so many appends wait: at the gate or for the log's lock.
    pub(crate) async fn until_waiting(&self, appends: i64) {
        let sql = "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database \
            WHERE l.locktype = 'advisory' AND NOT l.granted AND d.datname = current_database() \
              AND (l.objid = hashtext(current_schema())::oid OR l.objid = 'events'::regclass::oid)";
        let (mut waiting, began): (i64, _) = (0, Instant::now());
        while waiting != appends {
            assert!(began.elapsed() < PATIENCE, "{waiting} appends wait, not {appends}");
            waiting = self.client.query_one(sql, &[]).await.unwrap().get(0);
        }
    }

    /// Lets all go on.
    pub(crate) async fn open(&self) {
        self.client.batch_execute("SELECT pg_advisory_unlock_all()").await.unwrap();
    }
}

/// An append of one event that waits at the gate.
pub(crate) fn waiting(stream: &str) -> kit_event_store::Append {
    let mut append = append(stream, 0, 1);
    append.events[0].event_type = WAITS.into();
    append
}
