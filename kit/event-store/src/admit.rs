//! Which transactions of a group may be written, and with which positions and versions.
//!
//! Shared by every adapter with a single writer; the adapter only looks up what is stored and writes what is
//! admitted, so the rules exist once.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use foldhash::fast::RandomState;
use kit_core::{Position, RecordedEvent, StreamId, Timestamp, Version};

use crate::port::EventStoreError;
use crate::transaction::{Append, Claim, ClaimKey, FoundClaim, Outcome, Transaction};

/// Look-ups in what an adapter has stored.
pub trait Lookup {
    /// The present version of a stream; zero when it does not exist.
    fn version(&mut self, stream: &StreamId) -> Result<Version, EventStoreError>;

    /// The stored claim of a key, expired or not.
    fn claim(&mut self, key: &ClaimKey) -> Result<Option<FoundClaim>, EventStoreError>;
}

/// A group after admission: the outcomes, were the write to succeed, and what to write.
#[derive(Debug)]
pub struct Admitted {
    /// One outcome per transaction.
    pub outcomes: Vec<Outcome>,
    /// The claims taken or renewed, each with the position of its transaction's last event, in order.
    pub claims: Vec<(Claim, Position)>,
    /// Position of the last admitted event; the given one when nothing was admitted.
    pub last: Position,
}

impl Admitted {
    /// The admitted events in log order.
    pub fn events(&self) -> impl Iterator<Item = &Arc<RecordedEvent>> {
        self.outcomes.iter().flat_map(|outcome| match outcome {
            Outcome::Committed(events) => events.as_slice(),
            Outcome::Conflict { .. } | Outcome::ClaimTaken { .. } | Outcome::Superseded { .. } => {
                &[]
            }
        })
    }
}

/// Decides groups that are written together, in order, one outcome per transaction; `last` is the position of the last
/// event in the log.
///
/// A group is what one call appends. When a transaction is refused, the later ones of the same group on its streams are
/// refused too, and no others: only transactions that were decided together can depend on each other.
pub fn admit(
    lookup: &mut impl Lookup,
    last: Position,
    groups: Vec<Vec<Transaction>>,
) -> Result<Admitted, EventStoreError> {
    let mut state = Admission {
        lookup,
        versions: HashMap::default(),
        taken: HashMap::default(),
        refused: HashSet::default(),
    };
    let outcomes = Vec::with_capacity(groups.iter().map(Vec::len).sum());
    let mut admitted = Admitted { outcomes, claims: Vec::new(), last };
    for group in groups {
        state.refused.clear();
        for transaction in group {
            let outcome = match state.objection(&transaction)? {
                Some(refused) => {
                    let streams = transaction.expectations().map(|(stream, _)| stream.clone());
                    state.refused.extend(streams);
                    refused
                }
                None => Outcome::Committed(state.accept(transaction, &mut admitted)),
            };
            admitted.outcomes.push(outcome);
        }
    }
    Ok(admitted)
}

/// The stored state plus the effects of the earlier transactions.
struct Admission<'a, L> {
    lookup: &'a mut L,
    versions: HashMap<StreamId, Version, RandomState>,
    taken: HashMap<ClaimKey, FoundClaim, RandomState>,
    /// Streams of refused transactions of this group: later transactions on them may depend on events that do not
    /// exist.
    refused: HashSet<StreamId, RandomState>,
}

impl<L: Lookup> Admission<'_, L> {
    fn objection(&mut self, transaction: &Transaction) -> Result<Option<Outcome>, EventStoreError> {
        let now = transaction.metadata.recorded_at;
        let claimed = transaction.claims.iter().map(|claim| &claim.key);
        for key in claimed.chain(&transaction.unclaimed) {
            if let Some(found) = self.holder(key, now)? {
                return Ok(Some(Outcome::ClaimTaken { key: key.clone(), found }));
            }
        }
        for renewal in &transaction.renewals {
            let holder = self.holder(&renewal.key, now)?;
            if let Some(found) = holder.filter(|found| found.value != renewal.value) {
                return Ok(Some(Outcome::ClaimTaken { key: renewal.key.clone(), found }));
            }
        }
        for (stream, expected) in transaction.expectations() {
            if self.refused.contains(stream) {
                return Ok(Some(Outcome::Superseded { stream: stream.clone() }));
            }
            let actual = self.version(stream)?;
            if actual != expected {
                return Ok(Some(Outcome::Conflict { stream: stream.clone(), expected, actual }));
            }
        }
        Ok(None)
    }

    fn accept(
        &mut self,
        transaction: Transaction,
        admitted: &mut Admitted,
    ) -> Vec<Arc<RecordedEvent>> {
        let mut recorded = Vec::with_capacity(transaction.appends.len());
        for Append { stream, expected, events } in transaction.appends {
            // a stream may appear more than once in a transaction: versions continue
            let mut version =
                self.versions.get(&stream).map_or(expected, |last| *last.max(&expected));
            for event in events {
                version = version.next();
                admitted.last = admitted.last.next();
                recorded.push(Arc::new(RecordedEvent {
                    position: admitted.last,
                    stream: stream.clone(),
                    version,
                    event,
                    metadata: transaction.metadata.clone(),
                }));
            }
            self.versions.insert(stream, version);
        }
        for claim in transaction.claims.into_iter().chain(transaction.renewals) {
            let found = FoundClaim {
                value: claim.value.clone(),
                expires_at: claim.expires_at,
                position: admitted.last,
            };
            self.taken.insert(claim.key.clone(), found);
            admitted.claims.push((claim, admitted.last));
        }
        recorded
    }

    fn version(&mut self, stream: &StreamId) -> Result<Version, EventStoreError> {
        match self.versions.get(stream) {
            Some(version) => Ok(*version),
            None => self.lookup.version(stream),
        }
    }

    fn holder(
        &mut self,
        key: &ClaimKey,
        now: Timestamp,
    ) -> Result<Option<FoundClaim>, EventStoreError> {
        let found = match self.taken.get(key) {
            Some(found) => Some(found.clone()),
            None => self.lookup.claim(key)?,
        };
        Ok(found.filter(|claim| claim.holds_at(now)))
    }
}
