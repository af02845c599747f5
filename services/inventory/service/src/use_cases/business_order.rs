//! The physical facts of a stock level in the order in which they happened, out of a log that has them as recorded.
//!
//! In most logs nearly all facts are in order already: those stream by. The few that were told late are collected and
//! merged in. Where they are too many to keep, the log is read once more for each window of business time.

use std::collections::BinaryHeap;

use gondola_inventory_domain::Told;
use kit_core::{StreamId, Timestamp, Version};
use kit_event_store::{EventStoreError, StreamReader, Streams};

use super::event_codec::decode_event;

/// Facts out of order that are kept at a time, some 40 bytes each.
const LATE_MAX: usize = 20_000;

/// A physical fact in its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fact {
    place: Place,
    pub(super) told: Told,
    /// Whether a count had seen it when it was told, so that it moved nothing.
    pub(super) is_included: bool,
}

impl Fact {
    /// When it happened.
    pub(super) const fn occurred_at(&self) -> Timestamp {
        self.place.0
    }
}

/// Place of a fact: its business time, and among those of one moment its number in the order of recording.
type Place = (Timestamp, u64);

impl PartialEq for Fact {
    fn eq(&self, other: &Self) -> bool {
        self.place == other.place
    }
}

impl Eq for Fact {}

impl PartialOrd for Fact {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Fact {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.place.cmp(&other.place)
    }
}

/// The facts of a stock level up to a version of it.
pub(super) struct BusinessOrder<'a> {
    pub(super) log: &'a dyn Streams,
    pub(super) stream: &'a StreamId,
    /// What is recorded meanwhile comes after it: the log may be read more than once.
    pub(super) last: Version,
}

impl BusinessOrder<'_> {
    /// Hands over all facts, those of one moment as recorded. Constant memory.
    pub(super) async fn walk(&self, each: impl FnMut(Fact)) -> Result<(), EventStoreError> {
        self.walk_keeping(LATE_MAX, each).await
    }

    async fn walk_keeping(
        &self,
        late_max: usize,
        mut each: impl FnMut(Fact),
    ) -> Result<(), EventStoreError> {
        let mut done: Option<Place> = None;
        loop {
            let (late, until) = self.late_after(done, late_max).await?;
            let mut late = late.into_iter().peekable();
            self.as_recorded(|fact, is_late| {
                let wanted = Some(fact.place) > done && until.is_none_or(|end| fact.place <= end);
                if is_late || !wanted {
                    return;
                }
                while let Some(earlier) = late.next_if(|late| *late < fact) {
                    each(earlier);
                }
                each(fact);
            })
            .await?;
            late.for_each(&mut each);
            match until {
                None => return Ok(()),
                end => done = end,
            }
        }
    }

    /// The first facts out of order after a place, in order, and where to go on when there are more.
    async fn late_after(
        &self,
        done: Option<Place>,
        late_max: usize,
    ) -> Result<(Vec<Fact>, Option<Place>), EventStoreError> {
        let mut first = BinaryHeap::new();
        let mut more = false;
        self.as_recorded(|fact, is_late| {
            if is_late && Some(fact.place) > done {
                first.push(fact);
                if first.len() > late_max {
                    first.pop();
                    more = true;
                }
            }
        })
        .await?;
        let first = first.into_sorted_vec();
        let until = first.last().filter(|_| more).map(|last| last.place);
        Ok((first, until))
    }

    /// All facts in the order of recording, and whether one happened before any that was recorded before it.
    async fn as_recorded(&self, mut each: impl FnMut(Fact, bool)) -> Result<(), EventStoreError> {
        let (mut latest, mut number) = (None, 0);
        let mut events = StreamReader::after(self.log, self.stream, Version::ZERO);
        while let Some(recorded) = events.next().await? {
            if recorded.version > self.last {
                break;
            }
            let event = decode_event(&recorded)?;
            let Some((told, posting)) = event.physical() else { continue };
            number += 1;
            let (at, is_included) = (posting.occurred_at, posting.included_in_count_of.is_some());
            each(Fact { place: (at, number), told, is_included }, Some(at) < latest);
            latest = latest.max(Some(at));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
