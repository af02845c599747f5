//! The query for the movements of a stock level: newest first by either time, and only those of a period.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use gondola_inventory_domain::{FUTURE_TOLERANCE, ProductId, StoreId, stream_id};
use kit_core::{Position, RecordedEvent, Timestamp};
use kit_event_store::Streams as _;
use kit_service::Slice;

use super::history::{Movement, movement};
use super::queries::Queries;

/// Events read at a time.
const READ_EVENTS: usize = 500;

/// The time that movements are ordered and filtered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HistoryOrder {
    /// When they were recorded.
    #[default]
    RecordedAt,
    /// When they happened.
    OccurredAt,
}

/// Place of a movement in a history: its time in the order asked for, and its position.
pub type HistoryKey = (Timestamp, Position);

/// Query: what happened to a stock level?
#[derive(Clone, Copy, Debug)]
pub struct HistoryQuestion {
    /// The store.
    pub store: StoreId,
    /// The product.
    pub product: ProductId,
    /// The time that the answer is ordered by, newest first, and that the period is about.
    pub order: HistoryOrder,
    /// Only what is not before this moment.
    pub from: Option<Timestamp>,
    /// Only what is before this moment.
    pub to: Option<Timestamp>,
    /// Begin below this place.
    pub below: Option<HistoryKey>,
    /// Movements of a page.
    pub limit: usize,
}

impl Queries {
    /// A page of a stock level's movements. Takes the memory of the page, however long the history is.
    pub async fn history(
        &self,
        question: HistoryQuestion,
    ) -> Result<Slice<Movement, HistoryKey>, kit_service::ReadError> {
        let stream = stream_id(question.product, question.store);
        let mut newest = Newest::new(question);
        let log = self.histories.next().await?;
        // in the order of recording the cursor is where to begin
        let below = question.below.filter(|_| question.order == HistoryOrder::RecordedAt);
        let mut before = below.map(|(_, position)| position);
        loop {
            let events = log.read_back(&stream, before, READ_EVENTS).await?;
            let Some(last) = events.last() else { break };
            before = Some(last.position);
            let goes_on = events.len() == READ_EVENTS;
            if !events.into_iter().all(|event| newest.see(event)) || !goes_on {
                break;
            }
        }
        let found = newest.found.into_iter().collect();
        let Slice { items, next } = Slice::cut(found, question.limit, |(Reverse(key), _)| *key);
        let items = items.iter().map(|(_, event)| movement(event)).collect::<Result<_, _>>()?;
        Ok(Slice { items, next })
    }
}

/// The newest events that a page has room for, and one more.
struct Newest {
    question: HistoryQuestion,
    found: BTreeMap<Reverse<HistoryKey>, Arc<RecordedEvent>>,
}

impl Newest {
    fn new(question: HistoryQuestion) -> Self {
        Self { question, found: BTreeMap::new() }
    }

    fn key(&self, event: &RecordedEvent) -> HistoryKey {
        let time = match self.question.order {
            HistoryOrder::RecordedAt => event.metadata.recorded_at,
            HistoryOrder::OccurredAt => event.event.occurred_at,
        };
        (time, event.position)
    }

    /// Looks at the next event, in the order from the last one recorded; whether an earlier one can still be of interest.
    fn see(&mut self, event: Arc<RecordedEvent>) -> bool {
        let HistoryQuestion { from, to, below, limit, .. } = self.question;
        let (time, position) = self.key(&event);
        let wanted = from.is_none_or(|from| from <= time)
            && to.is_none_or(|to| time < to)
            && below.is_none_or(|below| (time, position) < below);
        let latest = self.latest_before(&event);
        if wanted {
            self.found.insert(Reverse((time, position)), event);
            if self.found.len() > limit + 1 {
                self.found.pop_last();
            }
        }
        let full = self.found.len() > limit;
        let last = self.found.last_key_value().filter(|_| full).map(|(Reverse(key), _)| key.0);
        from.max(last).is_none_or(|needed| needed <= latest)
    }

    /// The latest time that an event recorded before this one can have: none happens after it is recorded, but for a till
    /// whose clock was ahead.
    fn latest_before(&self, event: &RecordedEvent) -> Timestamp {
        let recorded_at = event.metadata.recorded_at;
        match self.question.order {
            HistoryOrder::RecordedAt => recorded_at,
            HistoryOrder::OccurredAt => recorded_at.after(FUTURE_TOLERANCE),
        }
    }
}
