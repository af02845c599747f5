//! What the history of a stock level says about the moments that late facts tell of: read once, then gone on with.

use std::collections::BTreeSet;

use gondola_inventory_domain::{LookBack, LookBacks};
use kit_core::{StreamId, Timestamp, Version};
use kit_event_store::{EventStoreError, Streams};

use super::business_order::BusinessOrder;
use super::event_codec::decode_event;

/// Events that a look back goes on by; after more it begins again.
const GOES_ON_BY: usize = 1_000;

/// The moments of a stock level that are asked for, and what its history says about them.
#[derive(Default)]
pub(super) struct LevelHistory {
    moments: BTreeSet<Timestamp>,
    seen: Option<Seen>,
}

/// Look backs, and the version of the stock level up to which they have seen.
struct Seen {
    past: LookBacks,
    version: Version,
}

impl LevelHistory {
    /// Says that this moment will be asked for: all of them are looked back to at once.
    pub(super) fn expect(&mut self, at: Timestamp) {
        if self.moments.insert(at) {
            self.seen = None;
        }
    }

    /// Looks back to a moment, with everything that has been recorded; `None` where a count includes it.
    pub(super) async fn look_back(
        &mut self,
        log: &dyn Streams,
        stream: &StreamId,
        at: Timestamp,
    ) -> Result<Option<LookBack>, EventStoreError> {
        self.expect(at);
        let gone_on = match self.seen.take() {
            Some(seen) => seen.go_on(log, stream).await?,
            None => None,
        };
        let seen = match gone_on {
            Some(seen) => seen,
            None => Seen::read(log, stream, &self.moments).await?,
        };
        Ok(self.seen.insert(seen).past.to(at))
    }
}

impl Seen {
    /// Reads the whole history of a stock level.
    async fn read(
        log: &dyn Streams,
        stream: &StreamId,
        moments: &BTreeSet<Timestamp>,
    ) -> Result<Self, EventStoreError> {
        let newest = log.read_back(stream, None, 1).await?;
        let last = newest.first().map_or(Version::ZERO, |event| event.version);
        let mut past = LookBacks::new(moments.iter().copied());
        let facts = BusinessOrder { log, stream, last };
        facts
            .walk(|fact| {
                if !fact.is_included {
                    past.see(fact.occurred_at(), fact.told);
                }
            })
            .await?;
        Ok(Self { past, version: last })
    }

    /// Sees what was recorded since; `None` where that has no certain place in what it has seen.
    async fn go_on(
        mut self,
        log: &dyn Streams,
        stream: &StreamId,
    ) -> Result<Option<Self>, EventStoreError> {
        let since = log.read_stream(stream, self.version, GOES_ON_BY + 1).await?;
        if since.len() > GOES_ON_BY {
            return Ok(None);
        }
        for recorded in since {
            self.version = recorded.version;
            let event = decode_event(&recorded)?;
            let Some((told, posting)) = event.physical() else { continue };
            if posting.included_in_count_of.is_some() {
                continue;
            }
            if !self.past.fits(posting.occurred_at) {
                return Ok(None);
            }
            self.past.see(posting.occurred_at, told);
        }
        Ok(Some(self))
    }
}
