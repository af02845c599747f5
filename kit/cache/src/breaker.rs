//! A breaker: leaves alone for a while what fails again and again.

use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

/// Failures in a row after which it opens.
const FAILURES_MAX: u32 = 5;

/// How long it stays open at first; doubled after each probe that fails.
const PAUSE_MIN: Duration = Duration::from_millis(500);

/// Longest time that it stays open.
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// Counts failures in a row.
#[derive(Debug)]
pub(crate) struct Breaker(Mutex<State>);

#[derive(Clone, Copy, Debug)]
enum State {
    /// Calls are made.
    Closed { failures: u32 },
    /// None is made before a moment.
    Open { until: Instant, pause: Duration },
    /// One is made, to see whether it succeeds.
    Probing { pause: Duration },
}

/// What a breaker does with calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// They are made.
    Closed,
    /// One is made, to see whether it succeeds.
    HalfOpen,
    /// None is made.
    Open,
}

/// A call that may be made. One that is dropped has shown nothing.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    breaker: &'a Breaker,
    is_probe: bool,
}

impl Default for Breaker {
    fn default() -> Self {
        Self(Mutex::new(State::Closed { failures: 0 }))
    }
}

impl Breaker {
    /// A call to make, unless the breaker is open.
    pub(crate) fn call(&self) -> Option<Call<'_>> {
        let mut state = self.0.lock();
        let is_probe = match *state {
            State::Closed { .. } => false,
            State::Open { until, pause } if until <= Instant::now() => {
                *state = State::Probing { pause };
                true
            }
            State::Open { .. } | State::Probing { .. } => return None,
        };
        Some(Call { breaker: self, is_probe })
    }

    /// What it does with calls now.
    pub(crate) fn mode(&self) -> Mode {
        match *self.0.lock() {
            State::Closed { .. } => Mode::Closed,
            State::Probing { .. } => Mode::HalfOpen,
            State::Open { .. } => Mode::Open,
        }
    }

    /// Whether calls are made.
    pub(crate) fn is_closed(&self) -> bool {
        self.mode() == Mode::Closed
    }
}

impl Call<'_> {
    pub(crate) fn succeeded(self) {
        *self.breaker.0.lock() = State::Closed { failures: 0 };
    }

    pub(crate) fn failed(self) {
        let mut state = self.breaker.0.lock();
        *state = match *state {
            State::Closed { failures } if failures + 1 < FAILURES_MAX => {
                State::Closed { failures: failures + 1 }
            }
            State::Closed { .. } => open(PAUSE_MIN),
            State::Probing { pause } if self.is_probe => open((pause * 2).min(PAUSE_MAX)),
            // a call of before: the state is of later ones
            later => later,
        };
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        let mut state = self.breaker.0.lock();
        if let (true, State::Probing { pause }) = (self.is_probe, *state) {
            // given up half way: the next call is the probe
            *state = State::Open { until: Instant::now(), pause };
        }
    }
}

fn open(pause: Duration) -> State {
    State::Open { until: Instant::now() + pause, pause }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    fn fail(breaker: &Breaker, times: u32) {
        for _ in 0..times {
            breaker.call().unwrap().failed();
        }
    }

    #[tokio::test(start_paused = true)]
    async fn it_opens_after_failures_in_a_row_and_closes_after_a_probe() {
        let breaker = Breaker::default();
        fail(&breaker, FAILURES_MAX - 1);
        breaker.call().unwrap().succeeded();
        fail(&breaker, FAILURES_MAX - 1);
        assert!(breaker.is_closed());
        fail(&breaker, 1);
        assert!(!breaker.is_closed() && breaker.call().is_none());
        advance(PAUSE_MIN).await;
        let probe = breaker.call().unwrap();
        assert!(breaker.call().is_none(), "one probe at a time");
        probe.succeeded();
        assert!(breaker.is_closed());
    }

    #[tokio::test(start_paused = true)]
    async fn a_probe_that_fails_opens_it_for_longer_up_to_a_limit() {
        let breaker = Breaker::default();
        fail(&breaker, FAILURES_MAX);
        let mut pause = PAUSE_MIN;
        for _ in 0..6 {
            advance(pause.saturating_sub(Duration::from_millis(1))).await;
            assert!(breaker.call().is_none(), "{pause:?}");
            advance(Duration::from_millis(1)).await;
            fail(&breaker, 1);
            pause = (pause * 2).min(PAUSE_MAX);
        }
        assert_eq!(pause, PAUSE_MAX);
    }

    #[tokio::test(start_paused = true)]
    async fn a_probe_that_is_given_up_does_not_keep_it_open() {
        let breaker = Breaker::default();
        fail(&breaker, FAILURES_MAX);
        advance(PAUSE_MIN).await;
        drop(breaker.call().unwrap());
        breaker.call().unwrap().succeeded();
        assert!(breaker.is_closed());
    }

    #[tokio::test(start_paused = true)]
    async fn calls_of_before_do_not_answer_for_a_probe() {
        let breaker = Breaker::default();
        let late = breaker.call().unwrap();
        fail(&breaker, FAILURES_MAX);
        advance(PAUSE_MIN).await;
        let probe = breaker.call().unwrap();
        late.failed();
        probe.succeeded();
        assert!(breaker.is_closed());
    }
}
