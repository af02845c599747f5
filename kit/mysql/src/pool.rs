//! Connections for statements that are transactions of their own. One that is not given back after a whole answer is closed, so that a caller who goes away in the
//! middle leaves nothing to the next one.

use kit_database::{InUse, PoolMetrics};
use kit_event_store::EventStoreError;
use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, Row};
use parking_lot::Mutex;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

use crate::database::{ANSWER_WAIT_MAX, CONNECT_WAIT_MAX, Database};
use crate::errors::{had_ended, told, unavailable};
use crate::session::{connect, within};

/// A bounded number of connections.
pub(crate) struct Pool {
    database: Database,
    permits: Semaphore,
    idle: Mutex<Vec<Conn>>,
    metrics: PoolMetrics,
}

/// What a statement gave.
pub(crate) struct Answer {
    pub(crate) rows: Vec<Row>,
    /// Rows that it changed.
    pub(crate) changed: u64,
    /// What it gave to `LAST_INSERT_ID`.
    pub(crate) last_id: u64,
}

/// A connection for one conversation.
pub(crate) struct Lease<'a> {
    pub(crate) conn: Conn,
    /// Whether it was used before: it may have ended since.
    is_used: bool,
    pool: &'a Pool,
    _permit: SemaphorePermit<'a>,
    _in_use: InUse,
}

impl Pool {
    pub(crate) fn new(database: &Database, connections_max: usize) -> Self {
        Self {
            database: database.clone(),
            permits: Semaphore::new(connections_max),
            idle: Mutex::default(),
            metrics: PoolMetrics::of(&database.name),
        }
    }

    /// Runs one statement; a second time when the connection turns out to have ended.
    pub(crate) async fn run(&self, sql: &str) -> Result<Answer, EventStoreError> {
        loop {
            let mut lease = self.lease().await?;
            match within(ANSWER_WAIT_MAX, lease.conn.query(sql)).await {
                Ok(rows) => {
                    let changed = lease.conn.affected_rows();
                    let last_id = lease.conn.last_insert_id().unwrap_or_default();
                    lease.give_back();
                    return Ok(Answer { rows, changed, last_id });
                }
                // those that wait beside it have probably ended, too
                Err(error) if lease.is_used && had_ended(&error) => self.idle.lock().clear(),
                Err(error) => return Err(unavailable(&error)),
            }
        }
    }

    /// A connection, as soon as there is one.
    pub(crate) async fn lease(&self) -> Result<Lease<'_>, EventStoreError> {
        let ((conn, is_used, permit), in_use) = self.metrics.taken(self.connection()).await?;
        Ok(Lease { conn, is_used, pool: self, _permit: permit, _in_use: in_use })
    }

    /// A connection, whether it was used before, and the permit to use it.
    async fn connection(&self) -> Result<(Conn, bool, SemaphorePermit<'_>), EventStoreError> {
        let none = |reason: &str| {
            EventStoreError::Unavailable(format!("no connection to the database: {reason}"))
        };
        let permit = timeout(CONNECT_WAIT_MAX, self.permits.acquire()).await;
        let permit = permit.ok().and_then(Result::ok).ok_or_else(|| none("all are in use"))?;
        let idle = self.idle.lock().pop();
        let is_used = idle.is_some();
        let conn = match idle {
            Some(conn) => conn,
            None => connect(self.database.opts()).await.map_err(|error| none(&told(&error)))?,
        };
        Ok((conn, is_used, permit))
    }
}

impl Lease<'_> {
    /// Lets others use the connection, which has nothing open.
    pub(crate) fn give_back(self) {
        self.pool.idle.lock().push(self.conn);
    }
}
