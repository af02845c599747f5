//! A retry budget: repetitions are a tenth of the requests at most, so that they never make an overload worse.

use std::sync::atomic::{AtomicU32, Ordering};

/// What a repetition costs; a request brings a tenth of it.
const COST: u32 = 10;

/// Repetitions that may come at once, as when a process dies with requests in it.
const AT_ONCE: u32 = 256;

/// What is left to repeat requests with.
#[derive(Debug)]
pub(super) struct Budget(AtomicU32);

impl Default for Budget {
    fn default() -> Self {
        Self(AtomicU32::new(AT_ONCE * COST))
    }
}

impl Budget {
    /// A request came.
    pub(super) fn earn(&self) {
        let more = |left: u32| (left < AT_ONCE * COST).then_some(left + 1);
        // nothing is earned where it is full
        let _full = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
    }

    /// Whether one may be repeated; then that is paid.
    pub(super) fn spend(&self) -> bool {
        let less = |left: u32| left.checked_sub(COST);
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_requests_pay_for_one_repetition() {
        let budget = Budget::default();
        assert_eq!((0..1_000).filter(|_| budget.spend()).count(), AT_ONCE as usize);
        (0..COST - 1).for_each(|_| budget.earn());
        assert!(!budget.spend());
        budget.earn();
        assert!(budget.spend() && !budget.spend());
    }
}
