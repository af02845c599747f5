//! What the index file does not have yet, in memory: the newest events, stream heads and claims.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use foldhash::fast::RandomState;
use indexmap::IndexMap;
use kit_core::{Position, RecordedEvent, StreamId, Version};
use kit_event_store::{Bookmark, Bookmarks, Claim, ClaimKey, FoundClaim};
use sha2::{Digest, Sha256};

use crate::log::Chained;

/// Events kept for readers without a bookmark, such as the pages of the event feed.
const RECENT_EVENTS_MIN: usize = 8_192;

/// Most events kept for followers that have not read them yet: in a bulk load the views may be a second and more behind,
/// and to read an event from the file takes more than half as long as to apply it.
const RECENT_EVENTS_MAX: usize = 262_144;

/// Most bytes of event data kept.
const RECENT_BYTES_MAX: usize = 64 << 20;

/// Largest table that is kept for the next generation: what a bulk load has filled is given back.
const SPARE_MAX: usize = 262_144;

/// A stream's name in 128 bits of SHA-256, so that an index row is small and nobody can choose names that collide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct StreamKey([u8; 16]);

impl StreamKey {
    pub(crate) fn of(stream: &StreamId) -> Self {
        let digest = Sha256::digest(stream.as_str());
        let mut key = [0; 16];
        key.copy_from_slice(&digest[..16]);
        Self(key)
    }

    pub(crate) fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// The end of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    /// The stream's number: the position of its first event.
    pub(crate) stream: Position,
    /// How many events it has.
    pub(crate) version: Version,
    /// The position of the last one.
    pub(crate) position: Position,
}

/// Changes since some moment, to be written to the index in one go.
#[derive(Debug, Default)]
pub(crate) struct Generation {
    pub(crate) heads: HashMap<StreamId, Head, RandomState>,
    /// As they came: ids that grow with time are nearly in key order, and lie together in memory.
    pub(crate) claims: IndexMap<ClaimKey, FoundClaim, RandomState>,
    /// Events since the generation began.
    pub(crate) events: usize,
    /// The last of them.
    pub(crate) last: Position,
}

impl Generation {
    pub(crate) fn note_head(&mut self, stream: &StreamId, head: Head) {
        match self.heads.get_mut(stream) {
            Some(known) => *known = head,
            None => drop(self.heads.insert(stream.clone(), head)),
        }
        self.events += 1;
        self.last = head.position;
    }

    /// A new generation in the space of this one.
    pub(crate) fn emptied(self) -> Self {
        let Self { mut heads, mut claims, .. } = self;
        heads.clear();
        claims.clear();
        Self { heads, claims, ..Self::default() }
    }

    pub(crate) fn note_claim(&mut self, claim: Claim, position: Position) {
        let Claim { key, value, expires_at } = claim;
        self.claims.insert(key, FoundClaim { value, expires_at, position });
    }
}

/// The newest part of the log.
#[derive(Debug, Default)]
pub(crate) struct Tail {
    recent: VecDeque<Chained>,
    recent_bytes: usize,
    bookmarks: Bookmarks,
    active: Generation,
    flushing: Option<Arc<Generation>>,
    /// Empty, as large as generations become: a table that grows stops the writer for milliseconds.
    spare: Generation,
}

impl Tail {
    /// The generation that new changes go to.
    pub(crate) fn active(&mut self) -> &mut Generation {
        &mut self.active
    }

    /// Closes the active generation for writing to the index; `None` while the one before is being written.
    pub(crate) fn begin_flush(&mut self) -> Option<Arc<Generation>> {
        if self.flushing.is_some() {
            return None;
        }
        let fresh = std::mem::take(&mut self.spare);
        let closed = Arc::new(std::mem::replace(&mut self.active, fresh));
        self.flushing = Some(Arc::clone(&closed));
        Some(closed)
    }

    /// The closed generation is in the index now.
    pub(crate) fn end_flush(&mut self) {
        self.flushing = None;
    }

    /// Takes back a generation that nobody needs any more, for the space in it.
    pub(crate) fn reuse(&mut self, emptied: Generation) {
        if emptied.heads.capacity().max(emptied.claims.capacity()) <= SPARE_MAX {
            self.spare = emptied;
        }
    }

    /// Whether the active generation has so many events or so many claims.
    pub(crate) fn has_unflushed(&self, events: usize, claims: usize) -> bool {
        self.active.events >= events || self.active.claims.len() >= claims
    }

    pub(crate) fn unflushed_events(&self) -> usize {
        self.active.events
    }

    pub(crate) fn head(&self, stream: &StreamId) -> Option<Head> {
        self.generations().find_map(|generation| generation.heads.get(stream).copied())
    }

    pub(crate) fn claim(&self, key: &ClaimKey) -> Option<FoundClaim> {
        self.generations().find_map(|generation| generation.claims.get(key).cloned())
    }

    fn generations(&self) -> impl Iterator<Item = &Generation> {
        std::iter::once(&self.active).chain(self.flushing.as_deref())
    }

    /// Keeps an event for close followers.
    pub(crate) fn remember(&mut self, chained: Chained) {
        self.recent_bytes += chained.event.event.data.len();
        self.recent.push_back(chained);
    }

    /// A new bookmark for a follower.
    pub(crate) fn bookmark(&mut self) -> Bookmark {
        self.bookmarks.add()
    }

    /// Lets go of the oldest events: those beyond the limits, and up to `at_most` of those that all followers have read.
    /// A follower reads thousands at once; to forget them all at once as well would hold up the writer for milliseconds.
    pub(crate) fn let_go(&mut self, at_most: usize) {
        let passed = self.bookmarks.passed();
        let mut room = at_most;
        while let Some(oldest) = self.recent.front() {
            let beyond =
                self.recent.len() > RECENT_EVENTS_MAX || self.recent_bytes > RECENT_BYTES_MAX;
            let read = passed.is_none_or(|passed| oldest.event.position <= passed);
            let unneeded = read && room > 0 && self.recent.len() > RECENT_EVENTS_MIN;
            if !(beyond || unneeded) {
                break;
            }
            self.recent_bytes -= oldest.event.event.data.len();
            self.recent.pop_front();
            room = room.saturating_sub(1);
        }
    }

    /// Events after a position, if all of them up to the head are still here.
    pub(crate) fn events_after(
        &self,
        after: Position,
        limit: usize,
    ) -> Option<Vec<Arc<RecordedEvent>>> {
        let first = self.recent.front()?.event.position;
        let skip = after.next().get().checked_sub(first.get())?;
        let skip = usize::try_from(skip).ok()?;
        Some(self.recent.iter().skip(skip).take(limit).map(|one| Arc::clone(&one.event)).collect())
    }

    /// The event at a position, if it is still here and belongs to the stream.
    pub(crate) fn event_at(&self, stream: &StreamId, at: Position) -> Option<Chained> {
        let first = self.recent.front()?.event.position;
        let index = usize::try_from(at.get().checked_sub(first.get())?).ok()?;
        self.recent.get(index).filter(|one| one.event.stream == *stream).cloned()
    }
}

#[cfg(test)]
mod tests {
    use kit_core::{Actor, EncodedEvent, Metadata, Timestamp};
    use uuid::Uuid;

    use super::*;

    fn remember(tail: &mut Tail, positions: std::ops::RangeInclusive<usize>) {
        for position in positions {
            let at = u64::try_from(position).unwrap();
            let event = EncodedEvent {
                event_id: Uuid::nil(),
                event_type: "StockAddedEvent".into(),
                schema_version: 1,
                occurred_at: Timestamp::from_millis(0),
                data: "{}".into(),
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
            tail.remember(Chained { event: Arc::new(event), previous: Position::new(at - 1) });
        }
        tail.let_go(usize::MAX);
    }

    fn first(tail: &Tail) -> u64 {
        tail.recent.front().unwrap().event.position.get()
    }

    #[test]
    fn what_a_follower_has_not_read_is_kept_within_limits() {
        let mut tail = Tail::default();
        remember(&mut tail, 1..=20_000);
        assert_eq!(tail.recent.len(), RECENT_EVENTS_MIN, "nobody follows");
        let bookmark = tail.bookmark();
        bookmark.pass(Position::new(20_000));
        remember(&mut tail, 20_001..=60_000);
        assert_eq!(first(&tail), 20_001, "all that was not read is here");
        assert_eq!(tail.events_after(Position::new(20_000), 2).unwrap().len(), 2);
        bookmark.pass(Position::new(30_000));
        remember(&mut tail, 60_001..=60_001);
        assert_eq!(first(&tail), 30_001);
        remember(&mut tail, 60_002..=30_001 + RECENT_EVENTS_MAX);
        assert_eq!((first(&tail), tail.recent.len()), (30_002, RECENT_EVENTS_MAX));
        drop(bookmark);
        tail.let_go(1_000);
        assert_eq!(tail.recent.len(), RECENT_EVENTS_MAX - 1_000, "no more at once than asked");
        tail.let_go(usize::MAX);
        assert_eq!(tail.recent.len(), RECENT_EVENTS_MIN, "a follower that is gone wants nothing");
    }

    #[test]
    fn a_generation_in_used_space_knows_nothing_of_the_past() {
        let stream = StreamId::new("inventory-1").unwrap();
        let key = ClaimKey::new("reservation", "1");
        let mut tail = Tail::default();
        let head =
            Head { stream: Position::new(1), version: Version::new(1), position: Position::new(1) };
        tail.active().note_head(&stream, head);
        let expires_at = Some(Timestamp::from_millis(1));
        tail.active()
            .note_claim(Claim { key: key.clone(), value: "x".into(), expires_at }, head.position);
        let closed = tail.begin_flush().unwrap();
        assert_eq!(tail.head(&stream), Some(head), "until it is in the index");
        tail.end_flush();
        tail.reuse(Arc::into_inner(closed).unwrap().emptied());
        tail.active().note_head(&StreamId::new("inventory-2").unwrap(), head);
        tail.begin_flush().unwrap();
        assert_eq!((tail.unflushed_events(), tail.active().last), (0, Position::ZERO));
        assert_eq!((tail.head(&stream), tail.claim(&key)), (None, None));
        assert!(tail.active().heads.capacity() > 0, "the space is used again");
    }
}
