//! How many holds each store was asked for, and how many of them it refused: counted as they are answered, for the alerts of
//! refusal rates.

use std::collections::HashMap;
use std::mem;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};

use gondola_inventory_domain::StoreId;
use kit_executor::{CommandResult, Rejection};

use super::decider::{InventoryDecider, StoreRefusal};

/// Stores that are counted between two questions; holds of others are not. Ids of stores are the callers' choice.
const STORES_MAX: usize = 20_000;

/// Holds of one store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HoldTally {
    /// The store.
    pub store: StoreId,
    /// Holds that it was asked for and that were decided; one of a basket counts once.
    pub asked: u64,
    /// Those that the rules refused.
    pub refused: u64,
}

/// Counts holds by store. Counting is a look-up and an addition; only the first hold of a store after a question waits for
/// others.
#[derive(Debug, Default)]
pub struct HoldTallies(RwLock<HashMap<StoreId, Counts>>);

#[derive(Debug, Default)]
struct Counts {
    granted: AtomicU64,
    refused: AtomicU64,
}

impl Counts {
    fn add(&self, is_refused: bool) {
        let count = if is_refused { &self.refused } else { &self.granted };
        // a sum that nothing else is read by
        count.fetch_add(1, Ordering::Relaxed);
    }
}

impl HoldTallies {
    /// Takes the answer to a command that was to hold units. What was answered before, and what failed for no rule, is not
    /// counted.
    pub(super) fn note(&self, store: StoreId, answer: &CommandResult<InventoryDecider>) {
        match answer {
            Ok(receipt) if !receipt.repeated => self.count(store, false),
            Err(Rejection::Refused {
                refusal: StoreRefusal::Lines(_) | StoreRefusal::Unmet(_),
                ..
            }) => self.count(store, true),
            _ => {}
        }
    }

    fn count(&self, store: StoreId, is_refused: bool) {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(counts) = known.get(&store) {
            counts.add(is_refused);
            return;
        }
        drop(known);
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < STORES_MAX || known.contains_key(&store) {
            known.entry(store).or_default().add(is_refused);
        }
    }

    /// What was counted since the last question, which begins anew.
    pub fn take(&self) -> Vec<HoldTally> {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let counted = mem::take(&mut *known);
        drop(known);
        let tally = |(store, counts): (StoreId, Counts)| {
            let refused = counts.refused.into_inner();
            HoldTally { store, asked: counts.granted.into_inner() + refused, refused }
        };
        counted.into_iter().map(tally).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use uuid::Uuid;

    use super::*;

    fn store(number: u128) -> StoreId {
        StoreId::from_uuid(Uuid::from_u128(number))
    }

    #[test]
    fn each_store_is_counted_by_itself_and_begins_anew_with_each_question() {
        let tallies = HoldTallies::default();
        for (number, is_refused) in [(1, true), (1, false), (2, false), (1, true)] {
            tallies.count(store(number), is_refused);
        }
        let mut taken = tallies.take();
        taken.sort_unstable_by_key(|tally| tally.store.as_uuid());
        let tally = |number, asked, refused| HoldTally { store: store(number), asked, refused };
        assert_eq!(taken, [tally(1, 3, 2), tally(2, 1, 0)]);
        assert!(tallies.take().is_empty());
    }

    #[test]
    fn nothing_is_lost_between_threads_and_questions() {
        let tallies = HoldTallies::default();
        let mut asked = 0;
        thread::scope(|scope| {
            let counting: Vec<_> = (0..4)
                .map(|_| {
                    scope.spawn(|| {
                        for number in 0..5_000 {
                            tallies.count(store(number % 3), number % 2 == 0);
                        }
                    })
                })
                .collect();
            while counting.iter().any(|one| !one.is_finished()) {
                asked += tallies.take().iter().map(|tally| tally.asked).sum::<u64>();
            }
        });
        asked += tallies.take().iter().map(|tally| tally.asked).sum::<u64>();
        assert_eq!(asked, 20_000);
    }

    #[test]
    fn stores_that_nobody_has_fill_no_memory() {
        let tallies = HoldTallies::default();
        for number in 0..STORES_MAX as u128 + 5 {
            tallies.count(store(number), true);
        }
        tallies.count(store(0), true);
        let taken = tallies.take();
        assert_eq!(taken.len(), STORES_MAX);
        assert!(taken.contains(&HoldTally { store: store(0), asked: 2, refused: 2 }));
    }
}
