//! The groups of one commit, each event with its place in its stream; the database gives the places in the log.

use kit_core::Metadata;
use kit_core::{Position, RecordedEvent, StreamId, Timestamp, Version};
use kit_event_store::{Append, Claim, ClaimKey, Transaction};
use std::sync::Arc;

/// What a transaction wants of a key. The numbers are those of the function in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    Free = 0,
    Claimed = 1,
    Renewed = 2,
}

/// A key that a transaction names.
#[derive(Debug)]
pub(crate) struct KeyCheck {
    pub(crate) key: ClaimKey,
    pub(crate) wanted: Wanted,
    pub(crate) value: Arc<str>,
    pub(crate) expires_at: Option<Timestamp>,
}

/// A stream that a transaction names.
#[derive(Debug)]
pub(crate) struct Expectation {
    pub(crate) stream: StreamId,
    pub(crate) expected: Version,
    /// The version that it gets, unless it is only guarded.
    pub(crate) becomes: Option<Version>,
}

/// A transaction, ready to be sent.
#[derive(Debug)]
pub(crate) struct Prepared {
    /// The group that it belongs to, from 1.
    pub(crate) call: i32,
    pub(crate) metadata: Metadata,
    /// In the order in which they are checked.
    pub(crate) keys: Vec<KeyCheck>,
    /// In the order in which they are checked.
    pub(crate) expectations: Vec<Expectation>,
    /// Without positions yet.
    pub(crate) events: Vec<RecordedEvent>,
}

/// Numbers the events of all transactions within their streams.
pub(crate) fn prepare(groups: Vec<Vec<Transaction>>) -> Vec<Prepared> {
    let numbered = (1..).zip(groups);
    numbered
        .flat_map(|(call, group)| group.into_iter().map(move |one| Prepared::new(call, one)))
        .collect()
}

impl Prepared {
    fn new(call: i32, transaction: Transaction) -> Self {
        let Transaction { metadata, appends, guards, claims, renewals, unclaimed, .. } =
            transaction;
        let (mut expectations, mut events) = (Vec::new(), Vec::new());
        for Append { stream, expected, events: new } in appends {
            let mut version = expected;
            for event in new {
                version = version.next();
                let (stream, metadata) = (stream.clone(), metadata.clone());
                let position = Position::ZERO;
                events.push(RecordedEvent { position, stream, version, event, metadata });
            }
            expectations.push(Expectation { stream, expected, becomes: Some(version) });
        }
        expectations.extend(guards.into_iter().map(|guard| Expectation {
            stream: guard.stream,
            expected: guard.version,
            becomes: None,
        }));
        let claimed = claims.into_iter().map(|claim| KeyCheck::new(claim, Wanted::Claimed));
        let free = unclaimed.into_iter().map(|key| KeyCheck {
            key,
            wanted: Wanted::Free,
            value: Arc::from(""),
            expires_at: None,
        });
        let renewed = renewals.into_iter().map(|claim| KeyCheck::new(claim, Wanted::Renewed));
        let keys = claimed.chain(free).chain(renewed).collect();
        Self { call, metadata, keys, expectations, events }
    }
}

impl KeyCheck {
    fn new(claim: Claim, wanted: Wanted) -> Self {
        Self { key: claim.key, wanted, value: claim.value, expires_at: claim.expires_at }
    }
}
