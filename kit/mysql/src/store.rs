//! The event store over MySQL: opens the log, starts its tasks, implements the port.

use std::sync::Arc;

use async_trait::async_trait;
use kit_core::{Clock, Epoch, Position, RecordedEvent, StreamId, Timestamp, Version};
use kit_event_store::shared_log::{
    AppendQueue, LogState, append_queue, events_by_append, purge_claims, write_groups,
};
use kit_event_store::{
    Checkpoints, ClaimKey, EventLog, EventStoreError, FoundClaim, Incarnation, Loaded, Outcome,
    SavedCheckpoint, Snapshot, Streams, Transaction,
};
use kit_process::critical_task;
use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, Error};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::database::{Database, DatabaseError};
use crate::durable::ensure_durable;
use crate::follower::follow;
use crate::lost::LostSessions;
use crate::migrations::{connect, found_incarnation, refused};
use crate::reader::Reader;
use crate::rows::{number, position};
use crate::session::statement_bytes_max;
use crate::shared::Shared;
use crate::sql;
use crate::storable::Storable;
use crate::writer::Writer;

/// Events at the end of the log among which the latest time is looked for: positions follow time but for the skew of clocks.
const LATEST_AMONG: u32 = 10_000;

/// How a log is opened.
pub struct MysqlOptions {
    /// Where it is.
    pub database: Database,
    /// Connections for reading, beside one that writes and one that asks for the end.
    pub read_connections_max: usize,
    /// Tells which claims ended long ago.
    pub clock: Arc<dyn Clock>,
}

/// An event store in a MySQL or MariaDB database, which other processes may write too.
pub struct MysqlStore {
    reader: Reader,
    shared: Arc<Shared>,
    queue: AppendQueue,
    storable: Storable,
    /// What ends with the store; the writer ends by itself when it has written what waits.
    tasks: Vec<JoinHandle<()>>,
    last_recorded_at: Timestamp,
    incarnation: Incarnation,
}

/// What a log says of itself: which one it is, where it ends, the latest time in it.
type Found = (Vec<u8>, u64, i64);

impl MysqlStore {
    /// Opens a log whose tables are there and starts the writer.
    pub async fn open(options: MysqlOptions) -> Result<Self, DatabaseError> {
        let MysqlOptions { database, read_connections_max, clock } = options;
        let mut conn = connect(&database).await?;
        ensure_durable(&mut conn).await?;
        let found = find(&mut conn).await.map_err(|error| refused(&error))?;
        let (incarnation, end, latest) = found.unwrap_or_default();
        let incarnation = found_incarnation(Some(incarnation))?;
        let bytes_max = statement_bytes_max(&mut conn).await.map_err(|error| refused(&error))?;
        conn.disconnect().await.map_err(|error| refused(&error))?;
        let log = Arc::new(LogState::new(Position::new(end)));
        let shared = Arc::new(Shared { log: Arc::clone(&log), lost: LostSessions::default() });
        let reader = Reader::new(&database, read_connections_max, Arc::clone(&shared));
        let (queue, waiting) = append_queue(Arc::clone(&log));
        let writer = Writer::new(database.clone(), Arc::clone(&shared));
        tokio::spawn(critical_task("log-writer", write_groups(writer, log, waiting)));
        let follower = follow(database, Arc::clone(&shared));
        let tasks = vec![
            tokio::spawn(critical_task("log-follower", follower)),
            tokio::spawn(critical_task("claim-purge", purge_claims(reader.clone(), clock))),
        ];
        Ok(Self {
            reader,
            shared,
            queue,
            storable: Storable::within(bytes_max),
            tasks,
            last_recorded_at: Timestamp::from_millis(latest),
            incarnation,
        })
    }
}

async fn find(conn: &mut Conn) -> Result<Option<Found>, Error> {
    let sql = format!(
        "SELECT incarnation, position, (SELECT COALESCE(MAX(e.recorded_at), 0) FROM \
           (SELECT recorded_at FROM events ORDER BY position DESC LIMIT {LATEST_AMONG}) e) FROM log"
    );
    conn.query_first(sql).await
}

impl Drop for MysqlStore {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

#[async_trait]
impl EventLog for MysqlStore {
    async fn append(
        &self,
        transactions: Vec<Transaction>,
    ) -> Result<Vec<Outcome>, EventStoreError> {
        transactions.iter().try_for_each(|one| self.storable.check(one))?;
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

#[async_trait]
impl Streams for MysqlStore {
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
        // one by one: together they may be larger than a statement
        for one in snapshots {
            let sql = format!(
                "INSERT INTO snapshots (stream, schema_version, version, position, recorded_at, state) \
                 VALUES ({},{},{},{},{},{}) ON DUPLICATE KEY UPDATE state = VALUES(state)",
                sql::stream(&one.stream),
                one.schema_version,
                number(one.version.get()),
                number(one.position.get()),
                one.recorded_at.as_millis(),
                sql::text(&one.state)
            );
            self.reader.execute(&sql).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl Checkpoints for MysqlStore {
    async fn load_checkpoint(&self, subscriber: &str) -> Result<Position, EventStoreError> {
        let subscriber = sql::bytes(subscriber.as_bytes());
        let sql = format!("SELECT position FROM checkpoints WHERE subscriber = {subscriber}");
        let row = self.reader.query(&sql).await?.into_iter().next();
        row.map_or(Ok(Position::ZERO), |mut row| position(&mut row, 0))
    }

    async fn save_checkpoint(
        &self,
        subscriber: &str,
        at: Position,
        epoch: Epoch,
    ) -> Result<SavedCheckpoint, EventStoreError> {
        // the position first: it is compared with the epoch before
        let sql = format!(
            "INSERT INTO checkpoints (subscriber, position, epoch) VALUES ({}, {}, {}) ON DUPLICATE KEY UPDATE \
             position = IF(epoch <= VALUES(epoch), VALUES(position), position), \
             epoch = LAST_INSERT_ID(GREATEST(epoch, VALUES(epoch)))",
            sql::bytes(subscriber.as_bytes()),
            number(at.get()),
            number(epoch.get())
        );
        let by = Epoch::new(self.reader.execute(&sql).await?.last_id);
        Ok(if by > epoch { SavedCheckpoint::Superseded { by } } else { SavedCheckpoint::Saved })
    }
}
