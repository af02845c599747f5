//! Queries of the log.

use std::sync::Arc;

use kit_core::{Position, RecordedEvent, StreamId, Version};
use kit_event_store::{ClaimKey, EventStoreError, FoundClaim};
use mysql_async::Row;
use uuid::Uuid;

use crate::database::{ANSWER_WAIT_MAX, Database};
use crate::errors::unavailable;
use crate::lookup::{claims, claims_sql, versions, versions_sql};
use crate::pool::{Answer, Pool};
use crate::rows::{self, COLUMNS, corrupt, limit, number, take};
use crate::session::within;
use crate::shared::Shared;
use crate::sql;

/// Answers from the database. Whatever it shows, the head covers.
#[derive(Clone)]
pub(crate) struct Reader {
    pool: Arc<Pool>,
    pub(crate) shared: Arc<Shared>,
}

impl Reader {
    pub(crate) fn new(database: &Database, connections_max: usize, shared: Arc<Shared>) -> Self {
        Self { pool: Arc::new(Pool::new(database, connections_max)), shared }
    }

    /// The rows that a statement gives.
    pub(crate) async fn query(&self, sql: &str) -> Result<Vec<Row>, EventStoreError> {
        self.pool.run(sql).await.map(|answer| answer.rows)
    }

    /// Runs a statement that changes something.
    pub(crate) async fn execute(&self, sql: &str) -> Result<Answer, EventStoreError> {
        self.pool.run(sql).await
    }

    /// Up to `at_most` events after a position: gapless positions make that a range.
    pub(crate) async fn read_all(
        &self,
        after: Position,
        at_most: usize,
    ) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError> {
        let after = number(after.get());
        let until = after.saturating_add(limit(at_most));
        let range = format!("e.position > {after} AND e.position <= {until}");
        self.named_events(&range).await
    }

    /// The events that some appends have written after a position.
    pub(crate) async fn events_of_appends(
        &self,
        after: Position,
        append_ids: &[Uuid],
    ) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError> {
        if append_ids.is_empty() {
            return Ok(Vec::new());
        }
        self.wait_for_appends().await?;
        let ids = append_ids.iter().map(|id| sql::id(*id)).collect::<Vec<_>>().join(",");
        let after = number(after.get());
        self.named_events(&format!("e.position > {after} AND e.causation_id IN ({ids})")).await
    }

    /// Waits for the end of every append that the server has begun.
    async fn wait_for_appends(&self) -> Result<(), EventStoreError> {
        let mut lease = self.pool.lease().await?;
        match within(ANSWER_WAIT_MAX, self.shared.lost.end_all(&mut lease.conn)).await {
            Ok(true) => lease.give_back(),
            Ok(false) => {
                let reason = "a lost connection still writes".to_owned();
                return Err(EventStoreError::Unavailable(reason));
            }
            Err(error) => return Err(unavailable(&error)),
        }
        self.query("SELECT position FROM log LOCK IN SHARE MODE").await.map(drop)
    }

    async fn named_events(
        &self,
        condition: &str,
    ) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError> {
        let sql = format!(
            "SELECT s.name, {COLUMNS} FROM events e LEFT JOIN streams s ON s.id = e.stream \
             WHERE {condition} ORDER BY e.position"
        );
        let event = |mut row| {
            let name: Option<String> = take(&mut row, 0)?;
            let name = name.ok_or_else(|| corrupt(&"an event's stream has no name"))?;
            let stream = StreamId::new(name).map_err(|error| corrupt(&error))?;
            rows::event(&mut row, 1, stream)
        };
        let rows = self.query(&sql).await?;
        Ok(self.seen(rows.into_iter().map(event).collect::<Result<_, _>>()?))
    }

    /// Events that are about to be shown: the head covers them from now on.
    fn seen(&self, events: Vec<Arc<RecordedEvent>>) -> Vec<Arc<RecordedEvent>> {
        if let Some(last) = events.iter().map(|event| event.position).max() {
            self.shared.log.saw(last);
        }
        events
    }

    /// Up to `at_most` events of a stream after a version.
    pub(crate) async fn read_stream(
        &self,
        stream: &StreamId,
        after: Version,
        at_most: usize,
    ) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError> {
        let page = format!("e.version > {} ORDER BY e.version", number(after.get()));
        self.events_of(stream, &page, at_most).await
    }

    /// Up to `at_most` events of a stream, newest first, before one of its events or from its end.
    pub(crate) async fn read_back(
        &self,
        stream: &StreamId,
        before: Option<Position>,
        at_most: usize,
    ) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError> {
        let before = before.map_or_else(
            || i64::MAX.to_string(),
            |before| {
                let (position, stream) = (number(before.get()), sql::stream(stream));
                format!(
                    "(SELECT version FROM events WHERE position = {position} AND stream = {stream})"
                )
            },
        );
        let page = format!("e.version < {before} ORDER BY e.version DESC");
        self.events_of(stream, &page, at_most).await
    }

    async fn events_of(
        &self,
        stream: &StreamId,
        page: &str,
        at_most: usize,
    ) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError> {
        let (key, limit) = (sql::stream(stream), limit(at_most));
        let sql = format!(
            "SELECT {COLUMNS} FROM events e WHERE e.stream = {key} AND {page} LIMIT {limit}"
        );
        let event = |mut row| rows::event(&mut row, 0, stream.clone());
        let rows = self.query(&sql).await?;
        Ok(self.seen(rows.into_iter().map(event).collect::<Result<_, _>>()?))
    }

    /// The present versions of some streams.
    pub(crate) async fn versions(
        &self,
        streams: &[StreamId],
    ) -> Result<Vec<Version>, EventStoreError> {
        let rows = self.query(&versions_sql(streams)).await?;
        let (found, latest) = versions(rows, streams.len())?;
        self.shared.log.saw(latest);
        Ok(found)
    }

    /// The claims of some keys, ended or not.
    pub(crate) async fn find_claims(
        &self,
        keys: &[ClaimKey],
    ) -> Result<Vec<Option<FoundClaim>>, EventStoreError> {
        let rows = self.query(&claims_sql(keys)).await?;
        let (found, latest) = claims(rows, keys.len())?;
        self.shared.log.saw(latest);
        Ok(found)
    }
}
