//! A retry budget: repetitions are a tenth of the calls at most, so that they never make an overload worse.

use std::sync::atomic::{AtomicU32, Ordering};

/// What a repetition costs; a call brings a tenth of it.
const COST: u32 = 10;

/// What is left to repeat calls with.
#[derive(Debug)]
pub struct RetryBudget {
    left: AtomicU32,
    left_max: u32,
}

impl RetryBudget {
    /// A full one: so many repetitions may come at once, as when a process dies with calls in it.
    #[must_use]
    pub const fn new(at_once: u32) -> Self {
        let left_max = at_once.saturating_mul(COST);
        Self { left: AtomicU32::new(left_max), left_max }
    }

    /// A call is made for the first time.
    pub fn earn(&self) {
        let more = |left: u32| (left < self.left_max).then_some(left + 1);
        // nothing is earned where it is full
        let _full = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
    }

    /// Whether one may be repeated; then that is paid.
    pub fn spend(&self) -> bool {
        let less = |left: u32| left.checked_sub(COST);
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_calls_pay_for_one_repetition() {
        let budget = RetryBudget::new(256);
        assert_eq!((0..1_000).filter(|_| budget.spend()).count(), 256);
        (0..COST - 1).for_each(|_| budget.earn());
        assert!(!budget.spend());
        budget.earn();
        assert!(budget.spend() && !budget.spend());
    }

    #[test]
    fn no_more_is_earned_than_may_come_at_once() {
        let budget = RetryBudget::new(2);
        (0..1_000).for_each(|_| budget.earn());
        assert_eq!((0..10).filter(|_| budget.spend()).count(), 2);
    }
}
