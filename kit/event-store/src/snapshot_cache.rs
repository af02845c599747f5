//! The newest snapshots of the streams in use, in memory: for adapters that keep no snapshots on disk.

use std::num::NonZeroUsize;

use foldhash::fast::RandomState;
use kit_core::{StreamId, Timestamp};
use lru::LruCache;

use crate::port::Snapshot;

/// Streams remembered; the least recently used one leaves first.
const STREAMS_MAX: NonZeroUsize = NonZeroUsize::new(10_000).expect("not zero");
/// Snapshots remembered of one stream; the oldest leaves first.
const SNAPSHOTS_PER_STREAM_MAX: usize = 4;

/// A bounded memory of snapshots: the newest few of the 10,000 streams used last.
#[derive(Debug)]
pub struct SnapshotCache {
    streams: LruCache<StreamId, Vec<Snapshot>, RandomState>,
}

impl Default for SnapshotCache {
    fn default() -> Self {
        Self { streams: LruCache::with_hasher(STREAMS_MAX, RandomState::default()) }
    }
}

impl SnapshotCache {
    /// Keeps a snapshot in place of one of the same version and schema.
    pub fn save(&mut self, snapshot: Snapshot) {
        let kept = self.streams.get_or_insert_mut(snapshot.stream.clone(), Vec::new);
        let same = |old: &Snapshot| {
            (old.version, old.schema_version) == (snapshot.version, snapshot.schema_version)
        };
        kept.retain(|old| !same(old));
        let place = kept.partition_point(|old| old.version <= snapshot.version);
        kept.insert(place, snapshot);
        if kept.len() > SNAPSHOTS_PER_STREAM_MAX {
            kept.remove(0);
        }
    }

    /// The newest snapshot of a schema, at most as new as `at`.
    pub fn newest(
        &mut self,
        stream: &StreamId,
        schema_version: u16,
        at: Option<Timestamp>,
    ) -> Option<Snapshot> {
        let usable = |snapshot: &&Snapshot| {
            snapshot.schema_version == schema_version
                && at.is_none_or(|at| snapshot.recorded_at <= at)
        };
        self.streams.get(stream)?.iter().rev().find(usable).cloned()
    }
}
