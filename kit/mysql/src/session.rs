//! Connections, each step of them within a time.

use std::time::Duration;

use kit_core::{IdSource as _, RandomIds, Timestamp};
use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, Error, Opts};
use tokio::time::timeout;

use crate::database::{CONNECT_WAIT_MAX, Database};
use crate::errors::{told, too_late};
use crate::lost::Mark;
use crate::shared::Shared;
use crate::sql::text;

/// Opens a connection.
pub(crate) async fn connect(opts: Opts) -> Result<Conn, Error> {
    within(CONNECT_WAIT_MAX, Conn::new(opts)).await
}

/// Waits for a step of a conversation, so long at most. What is given up leaves the connection in the middle of it.
pub(crate) async fn within<T>(
    at_most: Duration,
    step: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    timeout(at_most, step).await.unwrap_or_else(|_| Err(too_late(at_most)))
}

/// Longest statement, in bytes, that the server takes.
pub(crate) async fn statement_bytes_max(conn: &mut Conn) -> Result<usize, Error> {
    let largest = conn.query_first("SELECT @@max_allowed_packet").await?;
    Ok(largest.unwrap_or_default())
}

/// A connection that appends.
pub(crate) struct Session {
    pub(crate) conn: Conn,
    pub(crate) mark: Mark,
    pub(crate) statement_bytes_max: usize,
    /// Whether it is known to be outside of any transaction.
    pub(crate) is_usable: bool,
}

impl Session {
    /// Opens one, once those before it can write no more: groups are applied in the order in which they were begun.
    pub(crate) async fn open(database: &Database, shared: &Shared) -> Result<Self, String> {
        let mut conn = connect(database.opts()).await.map_err(|error| told(&error))?;
        let prepared = within(CONNECT_WAIT_MAX, prepare(&mut conn, shared)).await;
        let (mark, statement_bytes_max) = prepared.map_err(|error| told(&error))?;
        let mark = mark.ok_or("a lost connection still writes")?;
        Ok(Self { conn, mark, statement_bytes_max, is_usable: true })
    }
}

/// Ends the sessions before, then marks this one; no mark when one of them does not end.
async fn prepare(conn: &mut Conn, shared: &Shared) -> Result<(Option<Mark>, usize), Error> {
    if !shared.lost.end_all(conn).await? {
        return Ok((None, 0));
    }
    let id = RandomIds.next_id(Timestamp::default());
    let mark = Mark(format!("gondola-{}", id.simple()));
    conn.query_drop(format!("SELECT GET_LOCK({}, 0)", text(&mark.0))).await?;
    Ok((Some(mark), statement_bytes_max(conn).await?))
}
