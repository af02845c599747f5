//! Rendezvous hashing: which process a store belongs to, and which is next when that is away.
//!
//! Every gateway comes to the same order without talking to another, and when a process leaves, only its stores move.

use std::hash::{BuildHasher as _, Hash};

use foldhash::fast::FixedState;

/// The seed of all gateways: they must agree.
const SEED: u64 = 0x676f_6e64_6f6c_6131;

/// The hash of something that requests are about.
pub(super) fn key_of(what: impl Hash) -> u64 {
    FixedState::with_seed(SEED).hash_one(what)
}

/// Indices of the names, from the one that a key belongs to on.
pub(super) fn order(key: u64, names: &[u64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by_key(|&index| std::cmp::Reverse(key_of((key, names[index]))));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stores_are_spread_and_only_those_of_the_one_that_leaves_move() {
        let names: Vec<u64> = ["a:1", "b:1", "c:1"].into_iter().map(key_of).collect();
        let (mut of_each, mut moved) = ([0; 3], 0);
        for store in 0..3_000 {
            let order = order(key_of(store), &names);
            of_each[order[0]] += 1;
            // c leaves
            let without = super::order(key_of(store), &names[..2]);
            let stays: Vec<usize> = order.iter().copied().filter(|&index| index != 2).collect();
            assert_eq!(without, stays, "the others keep their order");
            moved += i32::from(order[0] == 2);
        }
        assert!(of_each.iter().all(|count| (900..1_100).contains(count)), "{of_each:?}");
        assert_eq!(moved, of_each[2]);
    }
}
