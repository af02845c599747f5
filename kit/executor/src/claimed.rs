//! Keys that commands are about to claim: looked up before a command is decided, and one at a time in flight.
//!
//! The log checks every claim once more. But what it refuses was decided already and must be rolled back, with all that
//! stood on it; a claim that is found taken here costs nothing.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use foldhash::fast::RandomState;
use kit_event_store::{ClaimKey, EventStoreError, FoundClaim};

use crate::batch::{Batch, Item, Streams};
use crate::settle::repeated_answer;
use crate::{Codec, Deps, IDEMPOTENCY_NAMESPACE};

/// The keys that commands in flight may claim, over all shards of an executor.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeysInFlight(Arc<Mutex<HashSet<ClaimKey, RandomState>>>);

impl KeysInFlight {
    /// Enters the keys of a command; false, and nothing is entered, when one is there already.
    fn enter(&self, keys: &[ClaimKey]) -> bool {
        let mut entered = self.keys();
        let free = !keys.iter().any(|key| entered.contains(key));
        if free {
            entered.extend(keys.iter().cloned());
        }
        free
    }

    /// Removes the keys of commands that have entered them.
    pub(crate) fn leave<'a, D: Codec>(&self, items: impl IntoIterator<Item = &'a Item<D>>) {
        let mut entered = self.keys();
        for key in items.into_iter().flat_map(|item| &item.keys) {
            entered.remove(key);
        }
    }

    /// Whether a command of some shard has a key in flight that one of these wants.
    pub(crate) fn hold_up<D: Codec>(&self, items: &[Item<D>]) -> bool {
        let entered = self.keys();
        !entered.is_empty()
            && items.iter().flat_map(|item| &item.keys).any(|key| entered.contains(key))
    }

    fn keys(&self) -> MutexGuard<'_, HashSet<ClaimKey, RandomState>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Looks up the keys of a batch in one call: answers repeated commands, and notes on the others what is taken.
///
/// Puts off the commands whose keys are in flight, since the log does not know those yet. What stays open has entered its
/// keys, also when this fails.
pub(crate) async fn look_up_claims<D: Codec>(
    deps: &Deps<D>,
    in_flight: &KeysInFlight,
    batch: &mut Batch<D>,
) -> Result<(), EventStoreError> {
    if batch.open.iter().all(|item| item.keys.is_empty()) {
        return Ok(());
    }
    put_off_held_up(in_flight, batch);
    let keys: Vec<_> = batch.open.iter().flat_map(|item| item.keys.iter().cloned()).collect();
    if keys.is_empty() {
        return Ok(());
    }
    let found = deps.event_store.find_claims(&keys, deps.clock.now()).await?;
    let mut found = found.into_iter();
    for mut item in std::mem::take(&mut batch.open) {
        item.taken = holders(&item, &mut found);
        let repeats = item.taken.iter().find(|(key, _)| key.namespace == IDEMPOTENCY_NAMESPACE);
        match (repeats, item.idempotency()) {
            (Some((_, claim)), Some(idempotency)) => {
                let result = repeated_answer(&*deps.decider, idempotency, claim);
                batch.set_result(&item, result);
                in_flight.leave([&item]);
            }
            _ => batch.open.push(item),
        }
    }
    Ok(())
}

/// The keys of a command that are taken; `found` has one answer for each of its keys, and goes on after them.
fn holders<D: Codec>(
    item: &Item<D>,
    found: &mut impl Iterator<Item = Option<FoundClaim>>,
) -> Vec<(ClaimKey, FoundClaim)> {
    let mut taken = Vec::new();
    for (key, holder) in item.keys.iter().zip(found) {
        taken.extend(holder.map(|holder| (key.clone(), holder)));
    }
    taken
}

/// Puts off commands whose keys are in flight, and with them the later ones on their streams, so that commands on a
/// stream are decided in the order in which they came.
fn put_off_held_up<D: Codec>(in_flight: &KeysInFlight, batch: &mut Batch<D>) {
    let open = std::mem::take(&mut batch.open);
    batch.open.reserve(open.len());
    let mut held_up = Streams::default();
    for item in open {
        let behind =
            !held_up.is_empty() && item.streams.iter().any(|stream| held_up.contains(stream));
        if !behind && (item.keys.is_empty() || in_flight.enter(&item.keys)) {
            batch.open.push(item);
        } else {
            held_up.extend(item.streams.iter().cloned());
            batch.put_off.push(item);
        }
    }
}
