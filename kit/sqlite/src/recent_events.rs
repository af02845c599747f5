//! The newest events in memory, for those who follow the log closely.

use std::collections::VecDeque;
use std::sync::Arc;

use kit_core::{Position, RecordedEvent, StreamId};

use crate::log::Chained;

/// Most events kept. In a bulk load a view is a batch of up to 40,000 events behind, and to read an event from the file
/// takes more than half as long as to apply it.
const EVENTS_MAX: usize = 65_536;

/// Most bytes of event data kept: what 65,536 events of 1.5 KiB have, which is several times the usual size.
const BYTES_MAX: usize = 96 << 20;

/// A ring of the newest events, in log order and without gaps.
#[derive(Debug, Default)]
pub(crate) struct RecentEvents {
    events: VecDeque<Chained>,
    bytes: usize,
}

impl RecentEvents {
    /// Adds the next events of the log and evicts the oldest ones that are beyond the limits.
    pub(crate) fn extend(&mut self, events: impl IntoIterator<Item = Chained>) {
        for event in events {
            self.bytes += bytes_of(&event);
            self.events.push_back(event);
            self.evict();
        }
    }

    fn evict(&mut self) {
        while self.events.len() > EVENTS_MAX || self.bytes > BYTES_MAX {
            let Some(oldest) = self.events.pop_front() else { return };
            self.bytes -= bytes_of(&oldest);
        }
    }

    /// Up to `limit` events after a position; `None` when the first of them is not here any more.
    pub(crate) fn after(&self, after: Position, limit: usize) -> Option<Vec<Arc<RecordedEvent>>> {
        let first = self.events.front()?.event.position;
        let skip = after.next().get().checked_sub(first.get())?;
        let skip = usize::try_from(skip).ok()?;
        Some(self.events.iter().skip(skip).take(limit).map(|one| Arc::clone(&one.event)).collect())
    }

    /// The event at a position, if it is still here and belongs to the stream.
    pub(crate) fn at(&self, stream: &StreamId, at: Position) -> Option<Chained> {
        let first = self.events.front()?.event.position;
        let index = usize::try_from(at.get().checked_sub(first.get())?).ok()?;
        self.events.get(index).filter(|one| one.event.stream == *stream).cloned()
    }
}

fn bytes_of(one: &Chained) -> usize {
    let event = &one.event.event;
    event.data.len() + event.personal.as_deref().map_or(0, str::len)
}

#[cfg(test)]
mod tests {
    use kit_core::{Actor, EncodedEvent, Metadata, Timestamp, Version};
    use uuid::Uuid;

    use super::*;

    fn event(position: usize, data: &str) -> Chained {
        let at = u64::try_from(position).unwrap();
        let event = EncodedEvent {
            event_id: Uuid::nil(),
            event_type: "StockAddedEvent".into(),
            schema_version: 1,
            occurred_at: Timestamp::from_millis(0),
            data: data.into(),
            personal: None,
        };
        let metadata = Metadata {
            correlation_id: Uuid::nil(),
            causation_id: Uuid::nil(),
            actor: Actor::system("test"),
            recorded_at: Timestamp::from_millis(0),
        };
        let event = RecordedEvent {
            position: Position::new(at),
            stream: StreamId::new("inventory-1").unwrap(),
            version: Version::new(at),
            event,
            metadata,
        };
        Chained { event: Arc::new(event), previous: Position::new(at - 1) }
    }

    fn after(recent: &RecentEvents, position: u64) -> Option<usize> {
        recent.after(Position::new(position), usize::MAX).map(|events| events.len())
    }

    #[test]
    fn the_oldest_events_are_evicted_by_their_number() {
        let mut recent = RecentEvents::default();
        assert_eq!(after(&recent, 0), None, "nothing is here");
        recent.extend((1..=EVENTS_MAX + 3).map(|position| event(position, "{}")));
        assert_eq!(after(&recent, 2), None, "the third event is gone");
        assert_eq!(after(&recent, 3), Some(EVENTS_MAX));
        assert_eq!(recent.after(Position::new(5), 2).unwrap()[0].position.get(), 6);
        let stream = StreamId::new("inventory-1").unwrap();
        assert!(recent.at(&stream, Position::new(3)).is_none());
        assert_eq!(recent.at(&stream, Position::new(4)).unwrap().previous.get(), 3);
        let other = StreamId::new("inventory-2").unwrap();
        assert!(recent.at(&other, Position::new(4)).is_none(), "of another stream");
    }

    #[test]
    fn the_oldest_events_are_evicted_by_their_bytes() {
        let third = "x".repeat(BYTES_MAX / 3);
        let mut recent = RecentEvents::default();
        recent.extend((1..=4).map(|position| event(position, &third)));
        assert_eq!((after(&recent, 0), after(&recent, 1)), (None, Some(3)));
        recent.extend([event(5, "{}")]);
        assert_eq!((after(&recent, 1), after(&recent, 2)), (None, Some(3)));
        recent.extend([event(6, &"x".repeat(BYTES_MAX + 1))]);
        assert_eq!((after(&recent, 5), recent.bytes), (None, 0), "one too large for all of it");
    }
}
