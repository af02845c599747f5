//! What may happen: an address is told each notice once.

use std::collections::BTreeSet;

use kit_core::{StreamId, Timestamp};
use kit_event_store::{Claim, ClaimKey, FoundClaim};
use kit_executor::{Decider, Decision, Versioned};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Tells an address something: the one command.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Notify {
    /// Unique for ever; a notice that comes again has the same.
    pub(super) notice_id: Uuid,
    /// Who is told.
    pub(super) address: Uuid,
    /// What it is told.
    pub(super) text: String,
}

/// An address was told something: the one event.
#[derive(Serialize, Deserialize)]
pub(super) struct Notified {
    pub(super) notice_id: Uuid,
    pub(super) address: Uuid,
    pub(super) text: String,
}

/// The address has been told this notice before.
#[derive(Debug, thiserror::Error)]
#[error("notice {0} was told before; give a new notice an id of its own")]
pub(super) struct AlreadyTold(pub(super) Uuid);

/// The rules; a state is the notices that an address was told, an answer their number.
pub(super) struct Rules;

impl Decider for Rules {
    type Command = Notify;
    type Event = Notified;
    type State = BTreeSet<Uuid>;
    type Answer = usize;
    type Refusal = AlreadyTold;

    fn route(&self, command: &Notify) -> u64 {
        command.address.as_u64_pair().1
    }

    fn streams(&self, command: &Notify) -> Vec<StreamId> {
        let name = format!("address-{}", command.address);
        vec![StreamId::new(name).expect("an id fits into a stream's name")]
    }

    fn unique_keys(&self, _: &Notify) -> Vec<ClaimKey> {
        Vec::new()
    }

    fn decide(
        &self,
        command: &Notify,
        streams: &[Versioned<'_, BTreeSet<Uuid>>],
        _: Timestamp,
    ) -> Result<Decision<Notified>, AlreadyTold> {
        let Notify { notice_id, address, text } = command.clone();
        if streams[0].state.contains(&notice_id) {
            return Err(AlreadyTold(notice_id));
        }
        let event = Notified { notice_id, address, text };
        Ok(Decision { events: vec![(0, event)], claims: Vec::new(), renewals: Vec::new() })
    }

    fn evolve(&self, mut told: BTreeSet<Uuid>, event: &Notified) -> BTreeSet<Uuid> {
        told.insert(event.notice_id);
        told
    }

    fn answer(
        &self,
        _: &Notify,
        _: &[(usize, Notified)],
        streams: &[Versioned<'_, BTreeSet<Uuid>>],
        _: Timestamp,
    ) -> usize {
        streams[0].state.len()
    }

    fn claim_taken(&self, command: &Notify, _: &Claim, _: &FoundClaim) -> AlreadyTold {
        AlreadyTold(command.notice_id)
    }
}
