//! The query for the movements of a stock level: newest first by either time, and only those of a period.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use gondola_inventory_domain::{FUTURE_TOLERANCE, ProductId, StoreId, stream_id};
use kit_core::{Position, RecordedEvent, Timestamp};
use kit_event_store::{EventStoreError, Streams as _};
use kit_service::Slice;

use super::history::{Movement, movement};
use super::queries::Queries;
use super::running_balance::{OnRecord, RunningBalance};

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

impl HistoryOrder {
    /// The time of a movement that this order is about.
    const fn time(self, movement: &Movement) -> Timestamp {
        match self {
            Self::RecordedAt => movement.recorded_at,
            Self::OccurredAt => movement.occurred_at,
        }
    }
}

/// Place of a movement in a history: its time in the order asked for, and its position.
type HistoryKey = (Timestamp, Position);

/// Where a page of a history goes on: below this place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HistoryPlace {
    /// The time of the last movement of the page before, in the order asked for.
    pub time: Timestamp,
    /// Its position.
    pub position: Position,
    /// What was on record before it, so that no page has to begin at the end of the history.
    pub before: OnRecord,
}

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
    pub below: Option<HistoryPlace>,
    /// Movements of a page.
    pub limit: usize,
}

impl Queries {
    /// A page of a stock level's movements. Takes the memory of the page, however long the history is.
    pub async fn history(
        &self,
        question: HistoryQuestion,
    ) -> Result<Slice<Movement, HistoryPlace>, kit_service::ReadError> {
        let stream = stream_id(question.product, question.store);
        let log = self.histories.next().await?;
        // in the order of recording a page begins where the one before ended
        let begin = question.below.filter(|_| question.order == HistoryOrder::RecordedAt);
        let mut before = begin.map(|place| place.position);
        let balance = if let Some(place) = begin {
            RunningBalance::from_middle(place.before)
        } else {
            // read before the log is, so that the log has what it shows
            let shown = self.read_model.level(question.store, question.product).await?;
            RunningBalance::from_end(shown.as_ref())
        };
        let mut newest = Newest { question, found: BTreeMap::new(), balance };
        loop {
            let events = log.read_back(&stream, before, READ_EVENTS).await?;
            let Some(last) = events.last() else { break };
            before = Some(last.position);
            if newest.see(&events)?.is_break() || events.len() < READ_EVENTS {
                break;
            }
        }
        Ok(newest.page())
    }
}

/// The newest movements that a page has room for, and one more.
struct Newest {
    question: HistoryQuestion,
    /// Each with what was changed after it.
    found: BTreeMap<Reverse<HistoryKey>, (Movement, OnRecord)>,
    balance: RunningBalance,
}

impl Newest {
    /// Looks at the next events, in the order from the last one recorded, for as long as earlier ones are of interest.
    fn see(&mut self, events: &[Arc<RecordedEvent>]) -> Result<ControlFlow<()>, EventStoreError> {
        for event in events {
            let movement = movement(event)?;
            let changed_after = self.balance.pass(event.version, movement.change());
            let goes_on = self.keep(event, movement, changed_after);
            if !goes_on && self.balance.end().is_some() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Keeps a movement if it belongs to the page; whether one that was recorded earlier can still belong to it.
    fn keep(&mut self, event: &RecordedEvent, movement: Movement, after: OnRecord) -> bool {
        let HistoryQuestion { order, from, to, below, limit, .. } = self.question;
        let (time, position) = (order.time(&movement), movement.position);
        let wanted = from.is_none_or(|from| from <= time)
            && to.is_none_or(|to| time < to)
            && below.is_none_or(|below| (time, position) < (below.time, below.position));
        if wanted {
            self.found.insert(Reverse((time, position)), (movement, after));
            if self.found.len() > limit + 1 {
                self.found.pop_last();
            }
        }
        let full = self.found.len() > limit;
        let last = self.found.last_key_value().filter(|_| full).map(|(Reverse(key), _)| key.0);
        from.max(last).is_none_or(|needed| needed <= self.latest_before(event))
    }

    /// The page, now that the balance is known.
    fn page(self) -> Slice<Movement, HistoryPlace> {
        let HistoryQuestion { order, limit, .. } = self.question;
        let end = self.balance.end().unwrap_or_default();
        let movements = self.found.into_values();
        let found = movements.map(|(movement, changed_after)| {
            let after = end - changed_after;
            Movement { after, ..movement }
        });
        Slice::cut(found.collect(), limit, |last| HistoryPlace {
            time: order.time(last),
            position: last.position,
            before: last.after - last.change(),
        })
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
