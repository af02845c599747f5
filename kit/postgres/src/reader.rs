//! Queries of the log, on pooled connections.

use std::sync::Arc;

use kit_core::{Position, RecordedEvent, StreamId, Timestamp, Version};
use kit_event_store::shared_log::stream_key;
use kit_event_store::{ClaimKey, EventStoreError, FoundClaim};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::connections::{Arguments, Connections, QueryError};
use crate::rows::{self, COLUMNS, get, limit, number, position, version};
use crate::shared::Shared;

/// Answers from the database. Whatever it shows, the head covers.
#[derive(Clone)]
pub(crate) struct Reader {
    connections: Connections,
    pub(crate) shared: Arc<Shared>,
}

impl Reader {
    pub(crate) fn new(connections: Connections, shared: Arc<Shared>) -> Self {
        Self { connections, shared }
    }

    /// Runs one statement.
    pub(crate) async fn query(
        &self,
        sql: &str,
        arguments: Arguments<'_>,
    ) -> Result<Vec<Row>, EventStoreError> {
        Ok(self.connections.query(sql, arguments).await?)
    }

    /// Up to `at_most` events after a position: gapless positions make that a range.
    pub(crate) async fn read_all(
        &self,
        after: Position,
        at_most: usize,
    ) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError> {
        let sql = format!(
            "SELECT (SELECT name FROM streams WHERE id = e.stream), {COLUMNS} FROM events e \
             WHERE e.position > $1 AND e.position <= $2 ORDER BY e.position"
        );
        let after = number(after.get());
        let rows = self.query(&sql, &[&after, &after.saturating_add(limit(at_most))]).await?;
        self.named_events(&rows)
    }

    /// The events that some appends have written after a position.
    pub(crate) async fn events_of_appends(
        &self,
        after: Position,
        append_ids: &[Uuid],
    ) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError> {
        let client = self.connections.client().await?;
        match self.shared.lost.end_all(&client).await {
            Ok(true) => {}
            Ok(false) => {
                let reason = "a lost connection still writes".to_owned();
                return Err(EventStoreError::Unavailable(reason));
            }
            Err(error) => return Err(QueryError::from(error).into()),
        }
        drop(client);
        self.query("SELECT wait_for_appends()", &[]).await?;
        let sql = format!(
            "SELECT (SELECT name FROM streams WHERE id = e.stream), {COLUMNS} FROM events e \
             WHERE e.position > $1 AND e.causation_id = ANY($2) ORDER BY e.position"
        );
        let rows = self.query(&sql, &[&number(after.get()), &append_ids]).await?;
        self.named_events(&rows)
    }

    fn named_events(&self, rows: &[Row]) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError> {
        let event = |row: &Row| {
            let name: Option<&str> = get(row, 0)?;
            let name = name.ok_or_else(|| {
                EventStoreError::Corrupt("an event's stream has no name".to_owned())
            })?;
            let stream = StreamId::new(name).map_err(|error| rows::corrupt(&error))?;
            rows::event(row, 1, stream)
        };
        Ok(self.seen(rows.iter().map(event).collect::<Result<_, _>>()?))
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
        let sql = format!(
            "SELECT {COLUMNS} FROM events e WHERE e.stream = $1 AND e.version > $2 \
             ORDER BY e.version LIMIT $3"
        );
        let arguments: Arguments<'_> =
            &[&stream_key(stream), &number(after.get()), &limit(at_most)];
        self.events_of(stream, &self.query(&sql, arguments).await?)
    }

    /// Up to `at_most` events of a stream, newest first, before one of its events or from its end.
    pub(crate) async fn read_back(
        &self,
        stream: &StreamId,
        before: Option<Position>,
        at_most: usize,
    ) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM events e WHERE e.stream = $1 AND e.version < \
               CASE WHEN $2::bigint IS NULL THEN {max} \
               ELSE (SELECT version FROM events WHERE position = $2 AND stream = $1) END \
             ORDER BY e.version DESC LIMIT $3",
            max = i64::MAX,
        );
        let before = before.map(|position| number(position.get()));
        let arguments: Arguments<'_> = &[&stream_key(stream), &before, &limit(at_most)];
        self.events_of(stream, &self.query(&sql, arguments).await?)
    }

    fn events_of(
        &self,
        stream: &StreamId,
        rows: &[Row],
    ) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError> {
        let event = |row| rows::event(row, 0, stream.clone());
        Ok(self.seen(rows.iter().map(event).collect::<Result<_, _>>()?))
    }

    /// The present versions of some streams.
    pub(crate) async fn versions(
        &self,
        streams: &[StreamId],
    ) -> Result<Vec<Version>, EventStoreError> {
        let sql = "SELECT s.place, e.version, e.position \
            FROM unnest($1::uuid[]) WITH ORDINALITY AS s(id, place) \
            CROSS JOIN LATERAL (SELECT version, position FROM events WHERE stream = s.id \
              ORDER BY version DESC LIMIT 1) e";
        let keys: Vec<Uuid> = streams.iter().map(stream_key).collect();
        let mut versions = vec![Version::ZERO; streams.len()];
        for row in self.query(sql, &[&keys]).await? {
            self.shared.log.saw(position(&row, 2)?);
            *versions.get_mut(place(&row)?).ok_or_else(misplaced)? = version(&row, 1)?;
        }
        Ok(versions)
    }

    /// The claims of some keys, ended or not.
    pub(crate) async fn find_claims(
        &self,
        keys: &[ClaimKey],
    ) -> Result<Vec<Option<FoundClaim>>, EventStoreError> {
        let sql = "SELECT k.place, c.value, c.expires_at, c.position \
            FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS k(namespace, name, place) \
            CROSS JOIN LATERAL (SELECT * FROM claims WHERE namespace = k.namespace AND key = k.name \
              OFFSET 0) c";
        let namespaces: Vec<&str> = keys.iter().map(|key| &*key.namespace).collect();
        let names: Vec<&str> = keys.iter().map(|key| &*key.key).collect();
        let mut found = vec![None; keys.len()];
        for row in self.query(sql, &[&namespaces, &names]).await? {
            let claim = FoundClaim {
                value: get::<String>(&row, 1)?.into(),
                expires_at: get::<Option<i64>>(&row, 2)?.map(Timestamp::from_millis),
                position: position(&row, 3)?,
            };
            self.shared.log.saw(claim.position);
            *found.get_mut(place(&row)?).ok_or_else(misplaced)? = Some(claim);
        }
        Ok(found)
    }
}

/// Which of the things that were asked a row belongs to: `WITH ORDINALITY` counts from 1.
pub(crate) fn place(row: &Row) -> Result<usize, EventStoreError> {
    let ordinal: i64 = get(row, 0)?;
    usize::try_from(ordinal - 1).map_err(|error| rows::corrupt(&error))
}

/// The database named something that it was not asked for.
pub(crate) fn misplaced() -> EventStoreError {
    EventStoreError::Corrupt("the database answered what was not asked".to_owned())
}
