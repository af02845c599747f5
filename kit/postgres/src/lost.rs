//! Connections that were lost in the middle of an append: the server may still be about to run it.

use parking_lot::Mutex;
use tokio_postgres::{Client, Error};

/// Longest wait for a server process to end, in milliseconds.
const END_WAIT_MAX: i64 = 3_000;

/// The process of the server that serves a connection. Its start tells it from a later one with the same number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Backend {
    pid: i32,
    started_at: String,
}

impl Backend {
    /// The one behind a connection.
    pub(crate) async fn of(client: &Client) -> Result<Self, Error> {
        let sql =
            "SELECT pid, backend_start::text FROM pg_stat_activity WHERE pid = pg_backend_pid()";
        let row = client.query_one(sql, &[]).await?;
        Ok(Self { pid: row.try_get(0)?, started_at: row.try_get(1)? })
    }

    /// Ends it; true when it is gone.
    async fn end(&self, client: &Client) -> Result<bool, Error> {
        let sql = "SELECT pg_terminate_backend(pid, $3) FROM pg_stat_activity \
            WHERE pid = $1 AND backend_start::text = $2";
        let row = client.query_opt(sql, &[&self.pid, &self.started_at, &END_WAIT_MAX]).await?;
        row.map_or(Ok(true), |row| row.try_get(0))
    }
}

/// The server processes whose last append has an unknown outcome.
#[derive(Debug, Default)]
pub(crate) struct LostBackends(Mutex<Vec<Backend>>);

impl LostBackends {
    pub(crate) fn add(&self, backend: Backend) {
        self.0.lock().push(backend);
    }

    /// Makes sure that none of them writes any more: what is in the log then is all that ever will be. False when one of
    /// them does not end in time.
    pub(crate) async fn end_all(&self, client: &Client) -> Result<bool, Error> {
        let lost = self.0.lock().clone();
        for backend in lost {
            if !backend.end(client).await? {
                return Ok(false);
            }
            self.0.lock().retain(|other| *other != backend);
        }
        Ok(true)
    }
}
