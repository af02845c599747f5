//! Publishes stock to other contexts: each event as the stock level after it.
//!
//! An `InventoryUpdatedEvent` carries the full level, an event of the log only what changed. So the translation folds
//! the log as it goes: it keeps the levels used last, and reads the others from the log up to the event before.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::Arc;

use async_trait::async_trait;
use foldhash::fast::RandomState;
use gondola_contracts::{CloudEvent, IntegrationEvent, InventoryUpdatedEvent, topics};
use gondola_inventory_domain::{Event, Inventory, is_process_stream, parse_stream_id};
use kit_core::{RecordedEvent, StreamId, Version};
use kit_event_bus::{EventBus, Message};
use kit_event_store::{
    EventStore, EventStoreError, Incarnation, LOAD_STREAMS, Loaded, StreamReader,
};
use kit_executor::{Codec, Decider};
use kit_relay::{Relay, RelayConfig, Told, Translate};
use lru::LruCache;

use crate::use_cases::InventoryDecider;

const CONFIG: RelayConfig = RelayConfig { name: "stock-relay", topics: topics::INVENTORY };

/// Stock levels kept between two calls; the least recently used one leaves first.
const LEVELS_MAX: NonZeroUsize = NonZeroUsize::new(10_000).expect("not zero");

/// A schema that no snapshot has: asks for a stream's events from the first.
const NO_SNAPSHOT: u16 = 0;

/// The relay of stock levels, not yet running.
pub(crate) fn stock_relay(
    log: Arc<dyn EventStore>,
    bus: Arc<dyn EventBus>,
) -> Relay<StockTranslation> {
    let translation = StockTranslation::new(Arc::clone(&log));
    Relay::new(CONFIG, log, bus, translation)
}

/// What others are told of a log of stock, for those who follow the log itself.
#[must_use]
pub fn stock_news(log: Arc<dyn EventStore>) -> Box<dyn Translate> {
    Box::new(StockTranslation::new(log))
}

/// Tells stock levels.
pub(crate) struct StockTranslation {
    log: Arc<dyn EventStore>,
    levels: LruCache<StreamId, Level, RandomState>,
}

/// A stock level as it was after one of its events.
#[derive(Default)]
struct Level {
    version: Version,
    inventory: Inventory,
}

/// The levels that a batch of events is about; one that an event of it cannot be read of stays so.
type Levels = HashMap<StreamId, Result<Level, EventStoreError>, RandomState>;

impl Level {
    fn evolve(&mut self, recorded: &RecordedEvent) -> Result<Event, EventStoreError> {
        let event = InventoryDecider.decode(recorded)?;
        self.inventory = InventoryDecider.evolve(std::mem::take(&mut self.inventory), &event);
        self.version = recorded.version;
        Ok(event)
    }
}

impl StockTranslation {
    fn new(log: Arc<dyn EventStore>) -> Self {
        Self { log, levels: LruCache::with_hasher(LEVELS_MAX, RandomState::default()) }
    }

    /// The levels before the first of some events each: those kept, and the others from the log.
    async fn before<'e>(
        &mut self,
        events: impl Iterator<Item = &'e Arc<RecordedEvent>> + Send,
    ) -> Result<Levels, EventStoreError> {
        let mut first: HashMap<&StreamId, Version, RandomState> = HashMap::default();
        for event in events {
            let before = Version::new(event.version.get() - 1);
            first.entry(&event.stream).or_insert(before);
        }
        let mut levels = Levels::default();
        let mut missing = Vec::new();
        for (stream, version) in first {
            match self.levels.pop(stream) {
                Some(level) if level.version == version => {
                    levels.insert(stream.clone(), Ok(level));
                }
                _ => missing.push((stream.clone(), version)),
            }
        }
        let later = self.load(missing, InventoryDecider::SNAPSHOT_SCHEMA, &mut levels).await?;
        self.load(later, NO_SNAPSHOT, &mut levels).await?;
        Ok(levels)
    }

    /// Reads levels at versions; the answer is those whose snapshot did not serve.
    async fn load(
        &self,
        wanted: Vec<(StreamId, Version)>,
        schema: u16,
        levels: &mut Levels,
    ) -> Result<Vec<(StreamId, Version)>, EventStoreError> {
        let mut left = Vec::new();
        for some in wanted.chunks(LOAD_STREAMS) {
            let streams: Vec<StreamId> = some.iter().map(|(stream, _)| stream.clone()).collect();
            let loaded = self.log.load(&streams, schema).await?;
            for ((stream, version), loaded) in some.iter().zip(loaded) {
                match self.level_at(stream, *version, loaded).await.transpose() {
                    Some(level) => drop(levels.insert(stream.clone(), level)),
                    None => left.push((stream.clone(), *version)),
                }
            }
        }
        Ok(left)
    }

    /// The level at a version; `None` when the snapshot is of a later one, or cannot be read.
    async fn level_at(
        &self,
        stream: &StreamId,
        version: Version,
        loaded: Loaded,
    ) -> Result<Option<Level>, EventStoreError> {
        let mut level = match &loaded.snapshot {
            None => Level::default(),
            Some(snapshot) if snapshot.version > version => return Ok(None),
            Some(snapshot) => match InventoryDecider.decode_state(&snapshot.state) {
                Some(inventory) => Level { version: snapshot.version, inventory },
                None => return Ok(None),
            },
        };
        let mut events = StreamReader::of(&*self.log, stream, loaded);
        while level.version < version
            && let Some(event) = events.next().await?
        {
            level.evolve(&event)?;
        }
        Ok(Some(level))
    }
}

#[async_trait]
impl Translate for StockTranslation {
    async fn translate(
        &mut self,
        events: &[Arc<RecordedEvent>],
    ) -> Result<Vec<Told>, EventStoreError> {
        // processes are told by what they do to stock levels
        let of_process = |event: &RecordedEvent| is_process_stream(&event.stream);
        let of_levels = events.iter().filter(|event| !of_process(event));
        let mut levels = self.before(of_levels).await?;
        let mut told = Vec::with_capacity(events.len());
        for recorded in events {
            if of_process(recorded) {
                told.push(Ok(None));
                continue;
            }
            let known = levels.entry(recorded.stream.clone());
            let level = known.or_insert_with(|| Ok(Level::default()));
            told.push(tell(recorded, level, self.log.incarnation()));
        }
        for (stream, level) in levels {
            if let Ok(level) = level {
                self.levels.push(stream, level);
            }
        }
        Ok(told)
    }
}

/// What is told of the next event of a level; an event that cannot be read leaves no level to go on from.
fn tell(
    recorded: &RecordedEvent,
    level: &mut Result<Level, EventStoreError>,
    log: Incarnation,
) -> Told {
    let before = level.as_mut().map_err(|error| error.clone())?;
    let evolved = before.evolve(recorded);
    let told = evolved.and_then(|event| message(recorded, &event, &before.inventory, log));
    if let Err(error) = &told {
        *level = Err(error.clone());
    }
    told
}

fn message(recorded: &RecordedEvent, event: &Event, level: &Inventory, log: Incarnation) -> Told {
    let Some((product, store)) = parse_stream_id(&recorded.stream) else {
        let stream = recorded.stream.as_str();
        return Err(EventStoreError::Corrupt(format!(
            "{stream} is not the stream of a stock level"
        )));
    };
    let now = recorded.metadata.recorded_at;
    let updated = InventoryUpdatedEvent {
        product_id: product.as_uuid(),
        store_id: store.as_uuid(),
        on_hand: level.on_hand().get().into(),
        reserved: level.reserved_at(now).get().into(),
        available: level.available_at(now).get().into(),
        reorder_point: Some(level.policy().reorder_point.get().into()),
        shortfall: Some(level.shortfall().get().into()),
        adjusted: adjusted(event),
        version: recorded.version.get(),
        cause: recorded.event.event_type.to_string(),
    };
    let event = IntegrationEvent::InventoryUpdated(updated);
    let told = CloudEvent::of(recorded, log.as_uuid(), event);
    Ok(Some(Message {
        topic: told.event.event_type().into(),
        key: told.event.subject().into(),
        id: told.id,
        payload: told.to_json().into(),
        trace: None,
    }))
}

/// By how much a correction changed the units on hand; `None` of other events.
fn adjusted(event: &Event) -> Option<i64> {
    match event {
        Event::StockAdjusted { posting, .. } => Some(posting.on_hand.get()),
        _ => None,
    }
}
