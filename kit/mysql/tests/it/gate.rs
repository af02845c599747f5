//! Holds an append up between the allocation of its positions and its commit, until the gate is opened.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use kit_testkit::shared_log::{Gate, WAITS};
use mysql_async::Conn;
use mysql_async::prelude::Queryable as _;
use tokio::sync::Mutex;

use crate::scratch::Scratch;

/// However slow the machine, appends that must wait do so within this time.
const PATIENCE: Duration = Duration::from_secs(30);

/// A lock by name that a trigger waits for. It is open when this is dropped.
pub(crate) struct MysqlGate {
    superuser: Mutex<Conn>,
    name: String,
}

impl MysqlGate {
    /// Puts a closed gate before the end of each append of an event that waits.
    pub(crate) async fn closed(scratch: &Scratch) -> Self {
        let mut superuser = scratch.connect("GONDOLA_TEST_MYSQL_SUPERUSER").await;
        let name = scratch.name.clone();
        // as the user who appends: a session that runs something as another cannot be ended by its own user
        let trigger = format!(
            "CREATE DEFINER = 'inventory_app'@'127.0.0.1' TRIGGER gate AFTER INSERT ON events FOR EACH ROW \
             IF NEW.event_type = '{WAITS}' THEN SET @passed = GET_LOCK('{name}', 60) + RELEASE_LOCK('{name}'); END IF"
        );
        superuser.query_drop(trigger).await.unwrap();
        superuser.query_drop(format!("SELECT GET_LOCK('{name}', 0)")).await.unwrap();
        Self { superuser: Mutex::new(superuser), name }
    }
}

#[async_trait]
impl Gate for MysqlGate {
    async fn until_waiting(&self, appends: u64) {
        let sql = format!(
            "SELECT COUNT(*) FROM information_schema.processlist p \
             LEFT JOIN information_schema.innodb_trx t ON t.trx_mysql_thread_id = p.id \
             WHERE p.db = '{}' AND (p.state = 'User lock' OR t.trx_state = 'LOCK WAIT')",
            self.name
        );
        let (mut waiting, began) = (0, Instant::now());
        while waiting != appends {
            assert!(began.elapsed() < PATIENCE, "{waiting} appends wait, not {appends}");
            // the server looks at its transactions ten times a second at most
            tokio::time::sleep(Duration::from_millis(100)).await;
            let found = self.superuser.lock().await.query_first(&sql).await.unwrap();
            waiting = found.unwrap_or_default();
        }
    }

    async fn open(&self) {
        let sql = format!("DO RELEASE_LOCK('{}')", self.name);
        self.superuser.lock().await.query_drop(sql).await.unwrap();
    }
}
