//! A circuit breaker: a process that fails too often gets no requests for a while, then one to try.

use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// Over which time failures are counted together.
const WINDOW: Duration = Duration::from_secs(10);

/// Failures of a window that open the breaker, when they are at least half of its requests.
const FAILURES_MIN: u32 = 10;

/// How long no request passes an open breaker.
const OPEN: Duration = Duration::from_secs(5);

/// What the breaker lets through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Everything.
    Closed,
    /// Nothing.
    Open,
    /// One request at a time, to see whether it fails.
    HalfOpen,
}

/// Counts how requests end.
#[derive(Debug)]
pub(super) struct Breaker(Mutex<State>);

#[derive(Debug)]
enum State {
    Closed { since: Instant, failed: u32, ended: u32 },
    Open { until: Instant },
    HalfOpen { is_trying: bool },
}

impl State {
    const fn closed(since: Instant) -> Self {
        Self::Closed { since, failed: 0, ended: 0 }
    }
}

impl Breaker {
    /// One that lets everything through.
    pub(super) fn new(now: Instant) -> Self {
        Self(Mutex::new(State::closed(now)))
    }

    /// Whether a request may pass; then its end must be told.
    pub(super) fn admit(&self, now: Instant) -> bool {
        let mut state = self.0.lock();
        match &mut *state {
            State::Closed { .. } => true,
            State::Open { until } if now < *until => false,
            State::Open { .. } => {
                *state = State::HalfOpen { is_trying: true };
                true
            }
            State::HalfOpen { is_trying } => !std::mem::replace(is_trying, true),
        }
    }

    /// A request that passed has ended, or been given up by its caller (`None`).
    pub(super) fn ended(&self, failed: Option<bool>, now: Instant) {
        let mut state = self.0.lock();
        match (&mut *state, failed) {
            (State::HalfOpen { is_trying }, None) => *is_trying = false,
            (State::HalfOpen { .. }, Some(false)) => *state = State::closed(now),
            (State::HalfOpen { .. }, Some(true)) => *state = State::Open { until: now + OPEN },
            (State::Closed { .. }, Some(failure)) => count(&mut state, failure, now),
            (State::Open { .. }, _) | (State::Closed { .. }, None) => {}
        }
    }

    /// What it lets through at present.
    pub(super) fn mode(&self, now: Instant) -> Mode {
        match &*self.0.lock() {
            State::Closed { .. } => Mode::Closed,
            State::Open { until } if now < *until => Mode::Open,
            State::Open { .. } | State::HalfOpen { .. } => Mode::HalfOpen,
        }
    }
}

fn count(state: &mut State, failure: bool, now: Instant) {
    let State::Closed { since, failed, ended } = state else { return };
    if now.duration_since(*since) >= WINDOW {
        (*since, *failed, *ended) = (now, 0, 0);
    }
    *ended += 1;
    *failed += u32::from(failure);
    if *failed >= FAILURES_MIN && *failed * 2 >= *ended {
        *state = State::Open { until: now + OPEN };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_failures_open_it_and_one_success_closes_it_again() {
        let begin = Instant::now();
        let breaker = Breaker::new(begin);
        for _ in 0..FAILURES_MIN {
            assert!(breaker.admit(begin));
            breaker.ended(Some(true), begin);
        }
        assert!(!breaker.admit(begin + OPEN / 2));
        assert_eq!(breaker.mode(begin), Mode::Open);
        let later = begin + OPEN;
        assert!(breaker.admit(later));
        assert!(!breaker.admit(later), "one at a time");
        breaker.ended(Some(true), later);
        assert!(!breaker.admit(later), "it failed again");
        let later = later + OPEN;
        assert!(breaker.admit(later));
        breaker.ended(None, later);
        assert!(breaker.admit(later), "who gave up said nothing");
        breaker.ended(Some(false), later);
        assert!(breaker.admit(later) && breaker.admit(later));
    }

    #[test]
    fn few_failures_and_old_ones_do_not_open_it() {
        let begin = Instant::now();
        let breaker = Breaker::new(begin);
        for second in 0..40 {
            let now = begin + Duration::from_secs(second);
            breaker.ended(Some(true), now);
            assert!(breaker.admit(now), "9 in 10 s at most");
            breaker.ended(Some(false), now);
            breaker.ended(Some(false), now);
        }
        let now = begin + Duration::from_secs(100);
        for _ in 0..100 {
            breaker.ended(Some(false), now);
            breaker.ended(Some(false), now);
            breaker.ended(Some(true), now);
        }
        assert_eq!(breaker.mode(now), Mode::Closed, "most succeed");
    }
}
