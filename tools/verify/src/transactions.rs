//! The log side of I3: each command is one piece of the log, and never comes again.

use std::collections::HashSet;

use foldhash::fast::RandomState;
use uuid::Uuid;

use super::entry::{Broken, Entry, Invariant, require};

/// The commands seen so far, and the one whose events are being read.
#[derive(Default)]
pub(super) struct Transactions {
    ended: HashSet<u128, RandomState>,
    current: Option<Current>,
}

struct Current {
    causation_id: u128,
    correlation_id: u128,
    recorded_at: i64,
    actor: String,
    first: u64,
    store: Option<Uuid>,
}

impl Transactions {
    /// Reserves capacity for the commands of `events` events.
    pub(super) fn expect(&mut self, events: usize) {
        self.ended.reserve(events);
    }

    /// Checks an event's command; returns the position of its first event, which names the transaction.
    pub(super) fn check(&mut self, entry: &Entry<'_>) -> Result<u64, Broken> {
        if let Some(current) = &self.current
            && current.causation_id == entry.causation_id
        {
            let same = current.correlation_id == entry.correlation_id
                && current.recorded_at == entry.recorded_at
                && current.actor == entry.actor;
            require(same, Invariant::I3, || {
                format!(
                    "the events of command {} differ in time, actor or correlation from position {} on: \
                     it was recorded more than once",
                    id(entry),
                    current.first
                )
            })?;
            return Ok(current.first);
        }
        self.begin(entry)
    }

    fn begin(&mut self, entry: &Entry<'_>) -> Result<u64, Broken> {
        // the texts of the command before are reused: there may be as many commands as events
        let mut actor = match self.current.take() {
            Some(before) => {
                self.ended.insert(before.causation_id);
                before.actor
            }
            None => String::new(),
        };
        require(!self.ended.contains(&entry.causation_id), Invariant::I3, || {
            format!("command {} comes again: its events ended at an earlier position", id(entry))
        })?;
        actor.clear();
        actor.push_str(entry.actor);
        self.current = Some(Current {
            causation_id: entry.causation_id,
            correlation_id: entry.correlation_id,
            recorded_at: entry.recorded_at,
            actor,
            first: entry.position,
            store: None,
        });
        Ok(entry.position)
    }

    /// Checks that the command of an event changes the stock of one store only.
    pub(super) fn check_store(&mut self, entry: &Entry<'_>, store: Uuid) -> Result<(), Broken> {
        let Some(current) = &mut self.current else { return Ok(()) };
        let first = *current.store.get_or_insert(store);
        require(first == store, Invariant::I3, || {
            format!("command {} changes two stores, {first} and {store}", id(entry))
        })
    }
}

fn id(entry: &Entry<'_>) -> Uuid {
    Uuid::from_u128(entry.causation_id)
}
