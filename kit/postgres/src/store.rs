//! The event store over PostgreSQL: opens the log, starts its tasks, implements the port.

use std::sync::Arc;

use async_trait::async_trait;
use kit_core::{Clock, Epoch, Position, RecordedEvent, StreamId, Timestamp, Version};
use kit_event_store::shared_log::{
    AppendQueue, LogState, append_queue, events_by_append, purge_claims, stream_key, write_groups,
};
use kit_event_store::{
    Checkpoints, ClaimKey, EventLog, EventStoreError, FoundClaim, Incarnation, Loaded, Outcome,
    SavedCheckpoint, Snapshot, Streams, Transaction,
};
use kit_process::critical_task;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_postgres::{Client, Error};
use uuid::Uuid;

use crate::connections::Connections;
use crate::database::{Database, DatabaseError};
use crate::follower::follow;
use crate::log_tables::MIGRATIONS;
use crate::lost::LostBackends;
use crate::migrations::{connect, refused};
use crate::reader::Reader;
use crate::rows::{self, number, position};
use crate::shared::Shared;
use crate::writer::Writer;

/// Events at the end of the log among which the latest time is looked for: positions follow time but for the skew of clocks.
const LATEST_AMONG: i64 = 10_000;

/// How a log is opened.
pub struct PostgresOptions {
    /// Where it is.
    pub database: Database,
    /// Connections for reading, beside one that writes and one that listens.
    pub read_connections_max: usize,
    /// Tells which claims ended long ago.
    pub clock: Arc<dyn Clock>,
}

/// An event store in a schema of a PostgreSQL database, which other processes may write too.
pub struct PostgresStore {
    reader: Reader,
    shared: Arc<Shared>,
    queue: AppendQueue,
    /// What ends with the store; the writer ends by itself when it has written what waits.
    tasks: Vec<JoinHandle<()>>,
    last_recorded_at: Timestamp,
    incarnation: Incarnation,
}

/// What a log says of itself.
struct Found {
    incarnation: Uuid,
    head: Position,
    last_recorded_at: Timestamp,
}

impl PostgresStore {
    /// Opens a log whose tables are there and starts the writer.
    pub async fn open(options: PostgresOptions) -> Result<Self, DatabaseError> {
        let PostgresOptions { database, read_connections_max, clock } = options;
        let session = connect(&database).await?;
        MIGRATIONS.check(&session.client, &database.schema).await?;
        ensure_durable(&session.client).await?;
        let found = find(&session.client).await.map_err(|error| refused(&error))?;
        drop(session);
        let log = Arc::new(LogState::new(found.head));
        let shared = Arc::new(Shared { log: Arc::clone(&log), lost: LostBackends::default() });
        let connections = Connections::new(&database, read_connections_max)?;
        let reader = Reader::new(connections, Arc::clone(&shared));
        let (queue, waiting) = append_queue(Arc::clone(&log));
        let writer = Writer::new(database.clone(), Arc::clone(&shared));
        tokio::spawn(critical_task("log-writer", write_groups(writer, log, waiting)));
        let follower = follow(database, Arc::clone(&shared));
        let tasks = vec![
            tokio::spawn(critical_task("log-follower", follower)),
            tokio::spawn(critical_task("claim-purge", purge_claims(reader.clone(), clock))),
        ];
        let incarnation = Incarnation::new(found.incarnation);
        let last_recorded_at = found.last_recorded_at;
        Ok(Self { reader, shared, queue, tasks, last_recorded_at, incarnation })
    }
}

/// Refuses a server that answers before a commit is on disk.
async fn ensure_durable(client: &Client) -> Result<(), DatabaseError> {
    for setting in ["synchronous_commit", "fsync", "full_page_writes"] {
        let row = client.query_one("SELECT current_setting($1)", &[&setting]).await;
        let value: String = row.and_then(|row| row.try_get(0)).map_err(|error| refused(&error))?;
        if value == "off" {
            return Err(DatabaseError::NotDurable { setting: setting.to_owned() });
        }
    }
    Ok(())
}

async fn find(client: &Client) -> Result<Found, Error> {
    let sql = "SELECT l.incarnation, coalesce(max(e.position), 0), coalesce(max(e.recorded_at), 0) \
        FROM log l LEFT JOIN (SELECT position, recorded_at FROM events ORDER BY position DESC LIMIT $1) e \
          ON true GROUP BY l.incarnation";
    let row = client.query_one(sql, &[&LATEST_AMONG]).await?;
    let head: i64 = row.try_get(1)?;
    Ok(Found {
        incarnation: row.try_get(0)?,
        head: Position::new(u64::try_from(head).unwrap_or_default()),
        last_recorded_at: Timestamp::from_millis(row.try_get(2)?),
    })
}

impl Drop for PostgresStore {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

#[async_trait]
impl EventLog for PostgresStore {
    async fn append(
        &self,
        transactions: Vec<Transaction>,
    ) -> Result<Vec<Outcome>, EventStoreError> {
        transactions.iter().try_for_each(ensure_storable)?;
        self.queue.append(transactions).await
    }

    async fn read_all(
        &self,
        after: Position,
        limit: usize,
    ) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError> {
        self.reader.read_all(after, limit).await
    }

    async fn find_claims(
        &self,
        keys: &[ClaimKey],
        now: Timestamp,
    ) -> Result<Vec<Option<FoundClaim>>, EventStoreError> {
        let found = self.reader.find_claims(keys).await?;
        Ok(found.into_iter().map(|claim| claim.filter(|one| one.holds_at(now))).collect())
    }

    async fn find_appends(
        &self,
        after: Position,
        append_ids: &[Uuid],
    ) -> Result<Vec<Vec<Arc<RecordedEvent>>>, EventStoreError> {
        let events = self.reader.events_of_appends(after, append_ids).await?;
        Ok(events_by_append(append_ids, events))
    }

    async fn versions(&self, streams: &[StreamId]) -> Result<Vec<Version>, EventStoreError> {
        self.reader.versions(streams).await
    }

    fn incarnation(&self) -> Incarnation {
        self.incarnation
    }

    fn health(&self) -> Result<(), String> {
        self.shared.log.check_health()
    }

    fn head(&self) -> watch::Receiver<Position> {
        self.shared.log.follow_head()
    }

    fn last_recorded_at(&self) -> Timestamp {
        self.last_recorded_at
    }

    fn is_exclusive(&self) -> bool {
        false
    }
}

/// Refuses text that the database cannot keep, before it takes the neighbours of its transaction with it.
fn ensure_storable(transaction: &Transaction) -> Result<(), EventStoreError> {
    let events = transaction.appends.iter().flat_map(|append| &append.events);
    let mut texts =
        events.flat_map(|event| [&*event.data, event.personal.as_deref().unwrap_or("")]);
    let claims = transaction.claims.iter().chain(&transaction.renewals);
    let mut claimed = claims.flat_map(|claim| [&*claim.key.key, &*claim.value]);
    let mut free = transaction.unclaimed.iter().map(|key| &*key.key);
    let has_nul = |text: &str| text.contains('\0');
    if texts.any(has_nul) || claimed.any(has_nul) || free.any(has_nul) {
        let reason = "PostgreSQL keeps no text with a NUL character".to_owned();
        return Err(EventStoreError::Unavailable(reason));
    }
    Ok(())
}

#[async_trait]
impl Streams for PostgresStore {
    async fn load(
        &self,
        streams: &[StreamId],
        schema_version: u16,
    ) -> Result<Vec<Loaded>, EventStoreError> {
        self.reader.load(streams, schema_version, Timestamp::MAX).await
    }

    async fn load_at(
        &self,
        stream: &StreamId,
        at: Timestamp,
        schema_version: u16,
    ) -> Result<Loaded, EventStoreError> {
        let loaded = self.reader.load(std::slice::from_ref(stream), schema_version, at).await?;
        Ok(loaded.into_iter().next().unwrap_or_default())
    }

    async fn read_stream(
        &self,
        stream: &StreamId,
        after: Version,
        limit: usize,
    ) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError> {
        self.reader.read_stream(stream, after, limit).await
    }

    async fn read_back(
        &self,
        stream: &StreamId,
        before: Option<Position>,
        limit: usize,
    ) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError> {
        self.reader.read_back(stream, before, limit).await
    }

    async fn save_snapshots(&self, snapshots: Vec<Snapshot>) -> Result<(), EventStoreError> {
        let sql = "INSERT INTO snapshots (stream, schema_version, version, position, recorded_at, state) \
            SELECT DISTINCT ON (1, 2, 3) * FROM unnest($1::uuid[], $2::integer[], $3::bigint[], $4::bigint[], \
              $5::bigint[], $6::text[]) \
            ON CONFLICT (stream, schema_version, version) DO UPDATE SET state = excluded.state";
        let keys: Vec<Uuid> = snapshots.iter().map(|one| stream_key(&one.stream)).collect();
        let schemas: Vec<i32> = snapshots.iter().map(|one| i32::from(one.schema_version)).collect();
        let versions: Vec<i64> = snapshots.iter().map(|one| number(one.version.get())).collect();
        let positions: Vec<i64> = snapshots.iter().map(|one| number(one.position.get())).collect();
        let times: Vec<i64> = snapshots.iter().map(|one| one.recorded_at.as_millis()).collect();
        let states: Vec<&str> = snapshots.iter().map(|one| &*one.state).collect();
        let arguments: [&(dyn tokio_postgres::types::ToSql + Sync); 6] =
            [&keys, &schemas, &versions, &positions, &times, &states];
        self.reader.query(sql, &arguments).await.map(drop)
    }
}

#[async_trait]
impl Checkpoints for PostgresStore {
    async fn load_checkpoint(&self, subscriber: &str) -> Result<Position, EventStoreError> {
        let sql = "SELECT position FROM checkpoints WHERE subscriber = $1";
        let rows = self.reader.query(sql, &[&subscriber]).await?;
        rows.first().map_or(Ok(Position::ZERO), |row| position(row, 0))
    }

    async fn save_checkpoint(
        &self,
        subscriber: &str,
        at: Position,
        epoch: Epoch,
    ) -> Result<SavedCheckpoint, EventStoreError> {
        let sql = "INSERT INTO checkpoints AS saved (subscriber, position, epoch) VALUES ($1, $2, $3) \
            ON CONFLICT (subscriber) DO UPDATE SET position = excluded.position, epoch = excluded.epoch \
              WHERE saved.epoch <= excluded.epoch \
            RETURNING epoch";
        let arguments: [&(dyn tokio_postgres::types::ToSql + Sync); 3] =
            [&subscriber, &number(at.get()), &number(epoch.get())];
        if !self.reader.query(sql, &arguments).await?.is_empty() {
            return Ok(SavedCheckpoint::Saved);
        }
        let sql = "SELECT epoch FROM checkpoints WHERE subscriber = $1";
        let rows = self.reader.query(sql, &[&subscriber]).await?;
        let by = rows.first().map_or(Ok(Epoch::ZERO), |row| rows::epoch(row, 0))?;
        Ok(SavedCheckpoint::Superseded { by })
    }
}
