//! What a flag is called and means, and the handle that code asks.

use std::hash::BuildHasher as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use foldhash::fast::FixedState;
use uuid::Uuid;

/// All that a flag can be on for.
pub const EVERYTHING: u8 = 100;

/// The seed of all processes: they must agree about what is covered.
const SEED: u64 = 0x676f_6e64_6f6c_6132;

/// A flag as the program defines it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flag {
    /// Its name in the file and in metrics.
    pub key: &'static str,
    /// The percentage where nobody says another, 0 to 100.
    pub default_percent: u8,
    /// What is on, for people.
    pub what: &'static str,
}

/// For which share of what it is about a flag is on. Clones are the same flag.
///
/// What is covered stays so while the percentage grows, and two flags cover different things.
#[derive(Clone, Debug)]
pub struct Rollout {
    salt: u64,
    percent: Arc<AtomicU8>,
}

impl Rollout {
    /// A flag at its default.
    #[must_use]
    pub fn of(flag: &Flag) -> Self {
        let salt = FixedState::with_seed(SEED).hash_one(flag.key);
        Self { salt, percent: Arc::new(AtomicU8::new(flag.default_percent)) }
    }

    /// Whether the flag is on for something. Reads one number and waits for nobody.
    #[must_use]
    pub fn covers(&self, id: Uuid) -> bool {
        let bucket =
            FixedState::with_seed(self.salt).hash_one(id.as_u128()) % u64::from(EVERYTHING);
        bucket < u64::from(self.percent())
    }

    /// The percentage that it is on for.
    #[must_use]
    pub fn percent(&self) -> u8 {
        self.percent.load(Ordering::Relaxed)
    }

    /// Sets the percentage; gives the one before.
    pub fn set(&self, percent: u8) -> u8 {
        self.percent.swap(percent.min(EVERYTHING), Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Flag = Flag { key: "one", default_percent: 100, what: "" };
    const OTHER: Flag = Flag { key: "other", default_percent: 0, what: "" };

    fn covered(rollout: &Rollout, percent: u8) -> Vec<u128> {
        rollout.set(percent);
        (0..10_000).filter(|&id| rollout.covers(Uuid::from_u128(id))).collect()
    }

    #[test]
    fn a_flag_begins_at_its_default() {
        let is_on = |flag| Rollout::of(flag).covers(Uuid::nil());
        assert!(is_on(&ONE) && !is_on(&OTHER));
    }

    #[test]
    fn what_is_covered_stays_so_while_the_percentage_grows() {
        let rollout = Rollout::of(&ONE);
        let mut before = covered(&rollout, 0);
        assert_eq!(before, []);
        for percent in [1, 10, 50, 99, 100] {
            let now = covered(&rollout, percent);
            assert!(before.iter().all(|id| now.contains(id)), "{percent}");
            let wanted = usize::from(percent) * 100;
            assert!(now.len().abs_diff(wanted) < 200, "{} of {wanted}", now.len());
            before = now;
        }
        assert_eq!(before.len(), 10_000);
    }

    #[test]
    fn two_flags_cover_different_things() {
        let (one, other) = (covered(&Rollout::of(&ONE), 10), covered(&Rollout::of(&OTHER), 10));
        let both = one.iter().filter(|id| other.contains(id)).count();
        assert!((50..150).contains(&both), "{both}");
    }

    /// Processes of two releases must agree: what is covered is part of what a flag means.
    #[test]
    fn what_is_covered_is_the_same_in_every_release() {
        let rollout = Rollout::of(&ONE);
        rollout.set(50);
        let covered: Vec<u128> =
            (0..16).filter(|&id| rollout.covers(Uuid::from_u128(id))).collect();
        assert_eq!(covered, FIRST_OF_HALF);
    }

    const FIRST_OF_HALF: [u128; 10] = [0, 1, 5, 6, 7, 8, 10, 13, 14, 15];
}
