//! Writing: events become rows, in one transaction with the checkpoint and the check that nobody else follows by now.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use async_trait::async_trait;
use foldhash::fast::RandomState;
use gondola_inventory_domain::{Event, parse_stream_id};
use kit_core::{Clock, Position, RecordedEvent, StreamId};
use kit_event_store::parking::{Parking, ParkingChange};
use kit_event_store::projection::{Projection, ProjectionError};
use kit_postgres::views::{self, Term};
use kit_postgres::{Connections, QueryError};
use lru::LruCache;

use super::level_rows::{self, LevelRows};
use super::lines::LineRows;
use super::news;
use super::tables::{Tables, VIEW};
use crate::adapters::fold::{Changes, LevelKey};
use crate::adapters::observer::LevelObserver;
use crate::use_cases::{StockLevel, decode_event};

/// Name in logs.
const NAME: &str = "inventory";

/// Rows that the projection remembers between batches, so that busy levels are not read back.
const ROWS_MAX: usize = 200_000;

/// Events of one transaction: none of its statements is then near its time limit.
const TRANSACTION_EVENTS: usize = 10_000;

/// Who is told what a writer has written, beside those that read the database.
pub(crate) struct Told {
    pub(super) observer: Arc<dyn LevelObserver>,
    /// What this process shows as passed over.
    pub(super) parking: Parking,
}

/// Writes the rows of a view as long as its term lasts.
pub(crate) struct PostgresWriter {
    connections: Connections,
    term: Term,
    tables: Tables,
    at: Position,
    parking: Parking,
    rows: LruCache<LevelKey, StockLevel, RandomState>,
    clock: Arc<dyn Clock>,
    /// `None` while nobody reads the view.
    told: Option<Told>,
}

/// The events of a batch that are not passed over.
type Admitted = Vec<(LevelKey, Arc<RecordedEvent>, Event)>;

/// What a batch has changed, and its columns.
struct Folded {
    changes: Changes,
    levels: LevelRows,
    lines: LineRows,
}

impl PostgresWriter {
    pub(super) async fn begin(
        connections: Connections,
        term: Term,
        clock: Arc<dyn Clock>,
        told: Option<Told>,
    ) -> Result<Self, ProjectionError> {
        let parked = views::parked_streams(&connections, term.view()).await?;
        if let Some(told) = &told {
            told.parking.replace(parked.clone());
        }
        let (tables, at) = (Tables::of(term.state.generation), term.state.mark.position);
        let rows = LruCache::unbounded_with_hasher(RandomState::default());
        let parking = Parking::new(NAME, parked);
        Ok(Self { connections, term, tables, at, parking, rows, clock, told })
    }

    async fn write(&mut self, events: Vec<Arc<RecordedEvent>>) -> Result<(), ProjectionError> {
        let Some(last) = events.last().map(|event| event.position) else { return Ok(()) };
        let parking = self.parking.begin();
        let (admitted, parking) = blocking(move || admit(events, parking)).await??;
        let known = self.known(&admitted).await?;
        let mut folded = blocking(move || fold(known, admitted)).await?;
        let as_of = self.clock.now();
        self.commit(&mut folded, &parking, last).await?;
        parking.commit();
        self.at = self.at.max(last);
        for level in folded.changes.levels.values_mut() {
            level.as_of = as_of;
            self.rows.put((level.store, level.product), *level);
        }
        if let Some(told) = &self.told {
            told.parking.replace(self.parking.streams());
            told.observer.changed(&mut folded.changes.levels.into_values());
        }
        while self.rows.len() > ROWS_MAX {
            self.rows.pop_lru();
        }
        Ok(())
    }

    /// The levels of some events as they were before. Nobody else changes them in this term.
    async fn known(
        &self,
        admitted: &Admitted,
    ) -> Result<HashMap<LevelKey, StockLevel, RandomState>, ProjectionError> {
        let keys: BTreeSet<LevelKey> = admitted.iter().map(|(key, ..)| *key).collect();
        let unseen: Vec<LevelKey> =
            keys.iter().filter(|key| self.rows.peek(key).is_none()).copied().collect();
        let mut known = level_rows::find(&self.connections, self.tables, &unseen).await?;
        for key in keys {
            let row = self.rows.peek(&key).copied();
            let unrecorded = || row.unwrap_or_else(|| StockLevel::unrecorded(key.0, key.1));
            known.entry(key).or_insert_with(unrecorded);
        }
        Ok(known)
    }

    /// Writes all of a batch, or nothing of it.
    async fn commit(
        &self,
        folded: &mut Folded,
        parking: &ParkingChange,
        last: Position,
    ) -> Result<(), ProjectionError> {
        let mut client = self.connections.client().await?;
        let change = client.transaction().await.map_err(unwritable)?;
        if let Some(by) = self.term.superseded_by(&change).await.map_err(unwritable)? {
            return Err(ProjectionError::Superseded { by });
        }
        let written = async {
            folded.lines.write(&change, self.tables).await?;
            let deadlines = folded.levels.write(&change, self.tables).await?;
            views::set_parking(&change, self.term.view(), parking).await?;
            if self.term.view() == VIEW && last > self.at {
                news::write(&change, (self.at, last), folded.changes.levels.values()).await?;
            }
            self.term.set_checkpoint(&change, last).await?;
            change.commit().await?;
            Ok(deadlines)
        };
        for (key, deadline) in written.await.map_err(unwritable)? {
            if let Some(level) = folded.changes.levels.get_mut(&key) {
                level.next_deadline = deadline;
            }
        }
        Ok(())
    }
}

#[async_trait]
impl Projection for PostgresWriter {
    fn name(&self) -> &'static str {
        NAME
    }

    fn parking(&self) -> Parking {
        self.parking.clone()
    }

    async fn release(&mut self, stream: &StreamId) -> Result<(), ProjectionError> {
        let client = self.connections.client().await?;
        let released = views::release_stream(&client, self.term.view(), stream).await;
        released.map_err(unwritable)?;
        self.parking.release(stream);
        if let Some(told) = &self.told {
            told.parking.release(stream);
        }
        Ok(())
    }

    async fn checkpoint(&mut self) -> Result<Position, ProjectionError> {
        let client = self.connections.client().await?;
        self.at = self.term.position(&client).await.map_err(unwritable)?;
        Ok(self.at)
    }

    /// In several transactions when there is much: what the first ones have written stays.
    async fn apply(&mut self, mut events: Vec<Arc<RecordedEvent>>) -> Result<(), ProjectionError> {
        while !events.is_empty() {
            let later = events.split_off(events.len().min(TRANSACTION_EVENTS));
            let written = self.write(events).await;
            if written.is_err() {
                // rows of a change that was rolled back
                self.rows.clear();
            }
            written?;
            events = later;
        }
        Ok(())
    }
}

fn admit(
    events: Vec<Arc<RecordedEvent>>,
    mut parking: ParkingChange,
) -> Result<(Admitted, ParkingChange), ProjectionError> {
    let mut admitted = Vec::with_capacity(events.len());
    for recorded in events {
        let Some((product, store)) = parse_stream_id(&recorded.stream) else { continue };
        if let Some(event) = parking.admit(&recorded, decode_event)? {
            admitted.push(((store, product), recorded, event));
        }
    }
    Ok((admitted, parking))
}

fn fold(levels: HashMap<LevelKey, StockLevel, RandomState>, admitted: Admitted) -> Folded {
    let mut changes = Changes { levels, ..Changes::default() };
    for (key, recorded, event) in admitted {
        changes.fold(key, &recorded, event);
    }
    let (levels, lines) = (LevelRows::of(&changes), LineRows::of(&changes));
    Folded { changes, levels, lines }
}

/// Work that would keep a thread of the runtime from answering.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ProjectionError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| ProjectionError::View(error.to_string()))
}

/// The database has refused; nothing of the transaction is written, unless it was the answer to its end that was lost.
pub(super) fn unwritable(error: tokio_postgres::Error) -> ProjectionError {
    QueryError::from(error).into()
}
