//! Memtables: stream heads, marks and claims in memory until they are flushed to the index file.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use foldhash::fast::RandomState;
use indexmap::IndexMap;
use kit_core::{Position, StreamId, Version};
use kit_event_store::{Claim, ClaimKey, FoundClaim};

use crate::stream_head::StreamHead;

/// Versions of a stream from one mark to the next: as many events may be passed before the page that is read.
const MARK_EVERY: u64 = 256;

/// An event of a stream, by its version, and its position.
pub(crate) type Mark = ((StreamId, Version), Position);

/// Changes since the last flush, to be written to the index together.
#[derive(Debug, Default)]
pub(crate) struct Memtable {
    pub(crate) heads: HashMap<StreamId, StreamHead, RandomState>,
    /// Where every 256th event of a stream is.
    pub(crate) marks: BTreeMap<(StreamId, Version), Position>,
    /// As they came: ids that grow with time are nearly in key order, and lie together in memory.
    pub(crate) claims: IndexMap<ClaimKey, FoundClaim, RandomState>,
    /// Events since it was begun.
    pub(crate) events: usize,
    /// The last of them.
    pub(crate) last: Position,
}

impl Memtable {
    /// An empty memtable with room for as much as another holds: growing by doubling copies every entry twice.
    fn with_room_like(other: &Self) -> Self {
        Self {
            heads: HashMap::with_capacity_and_hasher(other.heads.len(), RandomState::default()),
            claims: IndexMap::with_capacity_and_hasher(other.claims.len(), RandomState::default()),
            ..Self::default()
        }
    }

    /// Records the new head of a stream after an event.
    pub(crate) fn note_head(&mut self, stream: &StreamId, head: StreamHead) {
        match self.heads.get_mut(stream) {
            Some(known) => *known = head,
            None => drop(self.heads.insert(stream.clone(), head)),
        }
        if head.version.get().is_multiple_of(MARK_EVERY) {
            self.marks.insert((stream.clone(), head.version), head.position);
        }
        self.events += 1;
        self.last = head.position;
    }

    /// Notes a claim of the transaction that ends at a position.
    pub(crate) fn note_claim(&mut self, claim: Claim, position: Position) {
        let Claim { key, value, expires_at } = claim;
        self.claims.insert(key, FoundClaim { value, expires_at, position });
    }
}

/// The memtable that changes go to, and the one that is being written to the index, if any.
#[derive(Debug, Default)]
pub(crate) struct Memtables {
    active: Memtable,
    sealed: Option<Arc<Memtable>>,
}

impl Memtables {
    /// The memtable that new changes go to.
    pub(crate) fn active(&mut self) -> &mut Memtable {
        &mut self.active
    }

    /// Seals the active memtable for writing to the index; `None` while the one before is being written.
    pub(crate) fn seal(&mut self) -> Option<Arc<Memtable>> {
        if self.sealed.is_some() {
            return None;
        }
        let next = Memtable::with_room_like(&self.active);
        let sealed = Arc::new(std::mem::replace(&mut self.active, next));
        self.sealed = Some(Arc::clone(&sealed));
        Some(sealed)
    }

    /// The sealed memtable is in the index now.
    pub(crate) fn forget_sealed(&mut self) {
        self.sealed = None;
    }

    /// Whether the active memtable has at least this many events or this many claims.
    pub(crate) fn has_unflushed(&self, events: usize, claims: usize) -> bool {
        self.active.events >= events || self.active.claims.len() >= claims
    }

    /// Events of the active memtable.
    pub(crate) fn unflushed_events(&self) -> usize {
        self.active.events
    }

    /// The head of a stream, if it has changed since it was written to the index.
    pub(crate) fn head(&self, stream: &StreamId) -> Option<StreamHead> {
        self.newest_first().find_map(|table| table.heads.get(stream).copied())
    }

    /// The position of the first marked event of a stream from a version on, if it is not in the index.
    pub(crate) fn mark(&self, stream: &StreamId, from: Version) -> Option<Position> {
        let mut oldest_first = self.sealed.as_deref().into_iter().chain([&self.active]);
        oldest_first.find_map(|table| {
            let ((found, _), at) = table.marks.range((stream.clone(), from)..).next()?;
            (found == stream).then_some(*at)
        })
    }

    /// A claim that was taken since the last flush, expired or not.
    pub(crate) fn claim(&self, key: &ClaimKey) -> Option<FoundClaim> {
        self.newest_first().find_map(|table| table.claims.get(key).cloned())
    }

    fn newest_first(&self) -> impl Iterator<Item = &Memtable> {
        std::iter::once(&self.active).chain(self.sealed.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use kit_core::{Timestamp, Version};

    use super::*;

    #[test]
    fn the_first_mark_from_a_version_on_is_found_in_both_memtables() {
        let [stream, other] =
            ["inventory-1", "inventory-2"].map(|name| StreamId::new(name).unwrap());
        let mut tables = Memtables::default();
        let note = |tables: &mut Memtables, versions: std::ops::RangeInclusive<u64>| {
            for version in versions {
                let position = Position::new(version * 10);
                let head = StreamHead {
                    stream: Position::new(10),
                    version: Version::new(version),
                    position,
                };
                tables.active().note_head(&stream, head);
            }
        };
        note(&mut tables, 1..=MARK_EVERY * 2);
        drop(tables.seal());
        note(&mut tables, MARK_EVERY * 2 + 1..=MARK_EVERY * 4 + 1);
        let mark = |from: u64| tables.mark(&stream, Version::new(from)).map(Position::get);
        assert_eq!(mark(1), Some(MARK_EVERY * 10));
        assert_eq!(mark(MARK_EVERY), Some(MARK_EVERY * 10));
        assert_eq!(mark(MARK_EVERY + 1), Some(MARK_EVERY * 20));
        assert_eq!(mark(MARK_EVERY * 2 + 1), Some(MARK_EVERY * 30));
        assert_eq!(mark(MARK_EVERY * 4 + 1), None, "the head is as near");
        assert_eq!(tables.mark(&other, Version::new(1)), None);
    }

    #[test]
    fn what_is_sealed_is_found_until_it_is_in_the_index() {
        let stream = StreamId::new("inventory-1").unwrap();
        let key = ClaimKey::new("reservation", "1");
        let position = Position::new(1);
        let head = StreamHead { stream: position, version: Version::new(1), position };
        let mut tables = Memtables::default();
        tables.active().note_head(&stream, head);
        let expires_at = Some(Timestamp::from_millis(1));
        tables
            .active()
            .note_claim(Claim { key: key.clone(), value: "x".into(), expires_at }, position);
        assert!(tables.has_unflushed(1, 2) && tables.has_unflushed(2, 1));
        let sealed = tables.seal().unwrap();
        assert_eq!((sealed.events, sealed.last), (1, position));
        assert!(tables.seal().is_none(), "one at a time");
        assert_eq!(tables.unflushed_events(), 0);
        assert_eq!(tables.head(&stream), Some(head));
        assert!(tables.claim(&key).is_some());
        tables.forget_sealed();
        assert_eq!((tables.head(&stream), tables.claim(&key)), (None, None));
    }
}
