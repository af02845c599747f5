//! Past moments of a stock level: what was known then, and what was true then.

use std::time::Duration;

use gondola_inventory_domain::{Balance, Inventory, ProductId, StoreId, Told, evolve, stream_id};
use kit_core::{Position, RecordedEvent, StreamId, Timestamp, Version};
use kit_event_store::{EventStoreError, StreamReader, Streams};
use kit_executor::Versioned;

use super::business_order::{BusinessOrder, Fact};
use super::event_codec::decode_event;
use super::history_turns::HistoryTurn;
use super::queries::Queries;
use super::read_error::ReadError;
use super::snapshot_codec;
use super::stock_level::StockLevel;

/// Longest wait for a moment that is not over yet.
const SETTLE_WAIT: Duration = Duration::from_secs(2);

/// Pause between two looks at the clock: it tells milliseconds.
const SETTLE_LOOK: Duration = Duration::from_millis(1);

/// The fold of the physical facts of a stock level up to a moment of business time.
#[derive(Default)]
struct Effective {
    balance: Balance,
    counted_at: Option<Timestamp>,
    /// Without what a later count includes: what a count of its moment was compared with when it was recorded.
    posted: Balance,
}

impl Effective {
    fn see(&mut self, fact: &Fact) {
        if !fact.is_included {
            self.posted = self.posted.after(fact.told);
        }
        match fact.told {
            Told::Changed(_) => self.balance = self.balance.after(fact.told),
            // a count sets, whatever is known by now of what happened before it
            Told::Counted(_) => self.count(fact, self.balance.after(fact.told)),
            Told::CountedNow(_) => self.count(fact, self.posted),
        }
    }

    fn count(&mut self, fact: &Fact, balance: Balance) {
        self.balance = balance;
        self.counted_at = Some(fact.occurred_at());
    }
}

impl Queries {
    /// A stock level as it was known at a moment; the same whenever it is asked.
    pub(super) async fn as_of(
        &self,
        store: StoreId,
        product: ProductId,
        at: Timestamp,
    ) -> Result<Option<StockLevel>, ReadError> {
        self.settle(store, product, at).await?;
        let log = self.histories.next().await?;
        let found = state_at(&log, &stream_id(product, store), at).await?;
        let Some((state, last)) = found else { return Ok(None) };
        let level = Versioned { state: &state, version: last.version, position: last.position };
        Ok(Some(StockLevel::of(store, product, &level, at)))
    }

    /// When the first event of a stock level was recorded; `None` when none ever was.
    pub async fn first_recorded(
        &self,
        store: StoreId,
        product: ProductId,
    ) -> Result<Option<Timestamp>, ReadError> {
        let log = self.histories.next().await?;
        let first = log.read_stream(&stream_id(product, store), Version::ZERO, 1).await?;
        Ok(first.first().map(|event| event.metadata.recorded_at))
    }

    /// A stock level as it was at a moment of business time, by all that is known now, or was known at `as_of`.
    ///
    /// Holds are no physical facts: they are those on record at that moment.
    pub(super) async fn effective_at(
        &self,
        store: StoreId,
        product: ProductId,
        at: Timestamp,
        as_of: Option<Timestamp>,
    ) -> Result<Option<StockLevel>, ReadError> {
        self.is_past(at, "effectiveAt")?;
        let stream = stream_id(product, store);
        let last = match as_of {
            Some(known_at) => {
                self.settle(store, product, known_at).await?;
                let log = self.histories.next().await?;
                state_at(&log, &stream, known_at).await?.map(|(_, last)| last)
            }
            None => self.pass(store, product).await?,
        };
        let log = self.histories.next().await?;
        let Some(last) = last else { return Ok(None) };
        let facts = BusinessOrder { log: &log, stream: &stream, last: last.version };
        let Effective { balance, counted_at, .. } = effective_stock(&facts, at).await?;
        let on_record = state_at(&log, &stream, at.min(as_of.unwrap_or(at))).await?;
        let state = on_record.map(|(state, _)| state).unwrap_or_default();
        let level = Versioned { state: &state, version: last.version, position: last.position };
        let units = |units: i64| u32::try_from(units).unwrap_or(u32::MAX);
        Ok(Some(StockLevel {
            on_hand: units(balance.on_hand),
            shortfall: units(balance.shortfall),
            counted_at,
            ..StockLevel::of(store, product, &level, at)
        }))
    }

    /// Waits until nothing can be recorded at or before a moment any more, and all that was is durable.
    async fn settle(
        &self,
        store: StoreId,
        product: ProductId,
        at: Timestamp,
    ) -> Result<(), ReadError> {
        self.is_past(at, "asOf")?;
        let is_over = async {
            while self.clock.now() <= at {
                tokio::time::sleep(SETTLE_LOOK).await;
            }
        };
        let over = tokio::time::timeout(SETTLE_WAIT, is_over).await;
        over.map_err(|_| ReadError::NotOver { at })?;
        self.pass(store, product).await?;
        Ok(())
    }

    fn is_past(&self, at: Timestamp, asked: &'static str) -> Result<(), ReadError> {
        let now = self.clock.now();
        if at > now { Err(ReadError::Future { asked, at, now }) } else { Ok(()) }
    }

    /// Passes through the stock level's shard, behind every earlier command; where the level's log then ends.
    async fn pass(
        &self,
        store: StoreId,
        product: ProductId,
    ) -> Result<Option<LastEvent>, kit_service::ReadError> {
        let end = |level: Versioned<'_, Inventory>| {
            let Versioned { version, position, .. } = level;
            (version > Version::ZERO).then_some(LastEvent { version, position })
        };
        self.inspect(store, product, end).await
    }
}

async fn effective_stock(
    facts: &BusinessOrder<'_>,
    at: Timestamp,
) -> Result<Effective, EventStoreError> {
    let mut effective = Effective::default();
    facts
        .walk(|fact| {
            if fact.occurred_at() <= at {
                effective.see(&fact);
            }
        })
        .await?;
    Ok(effective)
}

/// The state of a stock level with what was recorded up to a moment, and the event that led to it.
async fn state_at(
    log: &HistoryTurn,
    stream: &StreamId,
    at: Timestamp,
) -> Result<Option<(Inventory, LastEvent)>, EventStoreError> {
    let mut loaded = log.load_at(stream, at, snapshot_codec::SCHEMA).await?;
    let mut last = None;
    let mut state = Inventory::default();
    if let Some(snapshot) = &mut loaded.snapshot {
        let text = std::mem::take(&mut snapshot.state);
        let decoded = log.compute(move || snapshot_codec::decode(&text)).await?;
        state = decoded.ok_or_else(|| {
            EventStoreError::Corrupt(format!("the snapshot of {stream} cannot be read"))
        })?;
        last = Some(LastEvent { version: snapshot.version, position: snapshot.position });
    }
    let mut events = StreamReader::of(log, stream, loaded).until(at);
    while let Some(event) = events.next().await? {
        state = evolve(state, &decode_event(&event)?);
        last = Some(LastEvent::of(&event));
    }
    Ok(last.map(|last| (state, last)))
}

/// Where a state ends in the log.
#[derive(Clone, Copy, Debug)]
struct LastEvent {
    version: Version,
    position: Position,
}

impl LastEvent {
    fn of(event: &RecordedEvent) -> Self {
        Self { version: event.version, position: event.position }
    }
}
