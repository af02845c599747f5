//! Connections for reading. One that is not given back after a whole answer is closed, so that a caller who goes away in the
//! middle leaves nothing to the next one.

use mysql_async::{Conn, Opts};
use parking_lot::Mutex;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

use crate::database::CONNECT_WAIT_MAX;
use crate::errors::told;
use crate::session::connect;

/// A bounded number of connections.
pub(crate) struct Pool {
    opts: Opts,
    permits: Semaphore,
    idle: Mutex<Vec<Conn>>,
}

/// A connection for one conversation.
pub(crate) struct Lease<'a> {
    pub(crate) conn: Conn,
    /// Whether it was used before: it may have ended since.
    pub(crate) is_used: bool,
    pool: &'a Pool,
    _permit: SemaphorePermit<'a>,
}

impl Pool {
    pub(crate) fn new(opts: Opts, connections_max: usize) -> Self {
        Self { opts, permits: Semaphore::new(connections_max), idle: Mutex::default() }
    }

    /// A connection, as soon as there is one.
    pub(crate) async fn lease(&self) -> Result<Lease<'_>, String> {
        let permit = timeout(CONNECT_WAIT_MAX, self.permits.acquire()).await;
        let permit = permit.ok().and_then(Result::ok);
        let _permit = permit.ok_or("all connections to the database are in use")?;
        let idle = self.idle.lock().pop();
        let is_used = idle.is_some();
        let conn = match idle {
            Some(conn) => conn,
            None => connect(&self.opts).await.map_err(|error| told(&error))?,
        };
        Ok(Lease { conn, is_used, pool: self, _permit })
    }

    /// Closes those that nobody uses.
    pub(crate) fn close_idle(&self) {
        self.idle.lock().clear();
    }
}

impl Lease<'_> {
    /// Lets others use the connection, which has nothing open.
    pub(crate) fn give_back(self) {
        self.pool.idle.lock().push(self.conn);
    }
}
