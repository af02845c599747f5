//! Which transactions of a group may be written, and with which positions and versions.
//!
//! Shared by every adapter with a single writer; the adapter only looks up what is stored and writes what is
//! admitted, so the rules exist once.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;
use kit_core::{Position, RecordedEvent, StreamId, Timestamp, Version};

use crate::port::{Append, Claim, ClaimKey, FoundClaim, Outcome, StoreError, Transaction};

/// What an adapter knows of the past.
pub trait Lookup {
    /// The present version of a stream; zero when it does not exist.
    fn version(&mut self, stream: &StreamId) -> Result<Version, StoreError>;

    /// The stored claim of a key, expired or not.
    fn claim(&mut self, key: &ClaimKey) -> Result<Option<FoundClaim>, StoreError>;
}

/// A group after admission: the outcomes, were the write to succeed, and what to write.
#[derive(Debug)]
pub struct Admitted {
    /// One outcome per transaction.
    pub outcomes: Vec<Outcome>,
    /// The claims taken, each with the position of its transaction's last event, in order.
    pub claims: Vec<(Claim, Position)>,
    /// Position of the last admitted event; the given one when nothing was admitted.
    pub last: Position,
}

impl Admitted {
    /// The admitted events in log order.
    pub fn events(&self) -> impl Iterator<Item = &Arc<RecordedEvent>> {
        self.outcomes.iter().flat_map(|outcome| match outcome {
            Outcome::Committed(events) => events.as_slice(),
            Outcome::Conflict { .. } | Outcome::ClaimTaken { .. } => &[],
        })
    }
}

/// Decides a group: `last` is the position of the last event in the log.
pub fn admit(
    lookup: &mut impl Lookup,
    last: Position,
    transactions: Vec<Transaction>,
) -> Result<Admitted, StoreError> {
    let mut group = Group { lookup, versions: HashMap::default(), taken: HashMap::default() };
    let mut admitted =
        Admitted { outcomes: Vec::with_capacity(transactions.len()), claims: Vec::new(), last };
    for transaction in transactions {
        let outcome = match group.objection(&transaction)? {
            Some(refused) => refused,
            None => Outcome::Committed(group.accept(transaction, &mut admitted)),
        };
        admitted.outcomes.push(outcome);
    }
    Ok(admitted)
}

/// The past plus what earlier transactions of the group did.
struct Group<'a, L> {
    lookup: &'a mut L,
    versions: HashMap<StreamId, Version, RandomState>,
    taken: HashMap<ClaimKey, FoundClaim, RandomState>,
}

impl<L: Lookup> Group<'_, L> {
    fn objection(&mut self, transaction: &Transaction) -> Result<Option<Outcome>, StoreError> {
        let now = transaction.metadata.recorded_at;
        for claim in &transaction.claims {
            if let Some(found) = self.holder(&claim.key, now)? {
                return Ok(Some(Outcome::ClaimTaken { key: claim.key.clone(), found }));
            }
        }
        let appends = transaction.appends.iter().map(|append| (&append.stream, append.expected));
        let guards = transaction.guards.iter().map(|guard| (&guard.stream, guard.version));
        for (stream, expected) in appends.chain(guards) {
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
            // a stream that the transaction names again goes on where it stopped
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
        for claim in transaction.claims {
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

    fn version(&mut self, stream: &StreamId) -> Result<Version, StoreError> {
        match self.versions.get(stream) {
            Some(version) => Ok(*version),
            None => self.lookup.version(stream),
        }
    }

    fn holder(&mut self, key: &ClaimKey, now: Timestamp) -> Result<Option<FoundClaim>, StoreError> {
        let found = match self.taken.get(key) {
            Some(found) => Some(found.clone()),
            None => self.lookup.claim(key)?,
        };
        Ok(found.filter(|claim| claim.holds_at(now)))
    }
}
