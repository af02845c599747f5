//! A breaker: leaves alone for a while what fails again and again, then makes one call to see whether it still does.

use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

/// When a breaker opens, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct BreakerConfig {
    /// What opens it.
    pub opens: Opens,
    /// How long it stays open at first; doubled after each probe that fails.
    pub pause_min: Duration,
    /// Longest time that it stays open.
    pub pause_max: Duration,
}

/// The failures that open a breaker.
#[derive(Clone, Copy, Debug)]
pub enum Opens {
    /// So many one after the other: for what either works or does not.
    InARow(u32),
    /// So many within a time, if they are at least half of the calls that ended in it: for what may fail for some of its
    /// callers only.
    HalfOf {
        /// Fewest failures.
        failures_min: u32,
        /// Over which time calls are counted together.
        within: Duration,
    },
}

/// Counts how calls end, and says whether one may be made.
#[derive(Debug)]
pub struct Breaker {
    config: BreakerConfig,
    state: Mutex<State>,
}

#[derive(Clone, Copy, Debug)]
enum State {
    /// Calls are made.
    Closed(Tally),
    /// None is made before a moment.
    Open { until: Instant, pause: Duration },
    /// One is made, to see whether it succeeds.
    Probing { pause: Duration },
}

/// The calls that have ended since a moment.
#[derive(Clone, Copy, Debug)]
struct Tally {
    since: Instant,
    failed: u32,
    ended: u32,
}

/// What a breaker does with calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// They are made.
    Closed,
    /// One is made, to see whether it succeeds.
    HalfOpen,
    /// None is made.
    Open,
}

impl Mode {
    /// How metrics show it: 0 closed, 1 half open, 2 open.
    #[must_use]
    pub const fn level(self) -> u8 {
        match self {
            Self::Closed => 0,
            Self::HalfOpen => 1,
            Self::Open => 2,
        }
    }
}

/// A call that may be made. One that is dropped has shown nothing.
#[derive(Debug)]
pub struct Call<'a> {
    breaker: &'a Breaker,
    is_probe: bool,
}

impl Breaker {
    /// One that is closed.
    #[must_use]
    pub fn new(config: BreakerConfig) -> Self {
        Self { config, state: Mutex::new(closed()) }
    }

    /// A call to make, unless the breaker is open.
    pub fn call(&self) -> Option<Call<'_>> {
        let mut state = self.state.lock();
        let is_probe = match *state {
            State::Closed(_) => false,
            State::Open { until, pause } if until <= Instant::now() => {
                *state = State::Probing { pause };
                true
            }
            State::Open { .. } | State::Probing { .. } => return None,
        };
        Some(Call { breaker: self, is_probe })
    }

    /// What it does with calls now. One that is open is so until its next call, however long ago its pause has ended.
    pub fn mode(&self) -> Mode {
        match *self.state.lock() {
            State::Closed(_) => Mode::Closed,
            State::Probing { .. } => Mode::HalfOpen,
            State::Open { .. } => Mode::Open,
        }
    }

    /// How long it makes no call; no time where it makes one now, or waits for one to end.
    pub fn rest(&self) -> Duration {
        match *self.state.lock() {
            State::Open { until, .. } => until.saturating_duration_since(Instant::now()),
            State::Closed(_) | State::Probing { .. } => Duration::ZERO,
        }
    }

    /// Whether calls are made.
    pub fn is_closed(&self) -> bool {
        self.mode() == Mode::Closed
    }

    fn open(&self, pause: Duration) -> State {
        let pause = pause.min(self.config.pause_max);
        State::Open { until: Instant::now() + pause, pause }
    }

    /// Notes the end of a call that was no probe, unless the breaker has opened meanwhile: its state is of later calls.
    fn note(&self, failed: bool) {
        let mut state = self.state.lock();
        let State::Closed(tally) = &mut *state else { return };
        tally.note(failed, self.config.opens);
        if tally.opens(self.config.opens) {
            *state = self.open(self.config.pause_min);
        }
    }
}

impl Call<'_> {
    /// It was answered.
    pub fn succeeded(self) {
        if self.is_probe {
            *self.breaker.state.lock() = closed();
        } else {
            self.breaker.note(false);
        }
    }

    /// It failed.
    pub fn failed(self) {
        if !self.is_probe {
            return self.breaker.note(true);
        }
        let mut state = self.breaker.state.lock();
        if let State::Probing { pause } = *state {
            *state = self.breaker.open(pause * 2);
        }
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        let mut state = self.breaker.state.lock();
        if let (true, State::Probing { pause }) = (self.is_probe, *state) {
            // given up half way: the next call is the probe
            *state = State::Open { until: Instant::now(), pause };
        }
    }
}

impl Tally {
    fn note(&mut self, failed: bool, opens: Opens) {
        let is_over = match opens {
            Opens::InARow(_) => !failed,
            Opens::HalfOf { within, .. } => self.since.elapsed() >= within,
        };
        if is_over {
            *self = Self::begun();
        }
        self.ended = self.ended.saturating_add(1);
        self.failed += u32::from(failed);
    }

    const fn opens(&self, opens: Opens) -> bool {
        match opens {
            Opens::InARow(failures) => self.failed >= failures,
            Opens::HalfOf { failures_min, .. } => {
                self.failed >= failures_min && self.failed >= self.ended - self.failed
            }
        }
    }

    fn begun() -> Self {
        Self { since: Instant::now(), failed: 0, ended: 0 }
    }
}

fn closed() -> State {
    State::Closed(Tally::begun())
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    const FAILURES: u32 = 5;
    const PAUSE_MIN: Duration = Duration::from_millis(500);
    const PAUSE_MAX: Duration = Duration::from_secs(5);
    const WINDOW: Duration = Duration::from_secs(10);

    fn opening(opens: Opens) -> Breaker {
        Breaker::new(BreakerConfig { opens, pause_min: PAUSE_MIN, pause_max: PAUSE_MAX })
    }

    fn in_a_row() -> Breaker {
        opening(Opens::InARow(FAILURES))
    }

    fn half() -> Breaker {
        opening(Opens::HalfOf { failures_min: FAILURES, within: WINDOW })
    }

    fn fail(breaker: &Breaker, times: u32) {
        for _ in 0..times {
            breaker.call().unwrap().failed();
        }
    }

    fn succeed(breaker: &Breaker, times: u32) {
        for _ in 0..times {
            breaker.call().unwrap().succeeded();
        }
    }

    #[tokio::test(start_paused = true)]
    async fn it_opens_after_failures_in_a_row_and_closes_after_a_probe() {
        let breaker = in_a_row();
        fail(&breaker, FAILURES - 1);
        succeed(&breaker, 1);
        fail(&breaker, FAILURES - 1);
        assert!(breaker.is_closed());
        fail(&breaker, 1);
        assert_eq!(breaker.mode(), Mode::Open);
        assert!(breaker.call().is_none());
        assert_eq!(breaker.rest(), PAUSE_MIN);
        advance(PAUSE_MIN).await;
        assert_eq!(breaker.rest(), Duration::ZERO);
        let probe = breaker.call().unwrap();
        assert_eq!(breaker.mode(), Mode::HalfOpen);
        assert!(breaker.call().is_none(), "one probe at a time");
        probe.succeeded();
        assert!(breaker.is_closed());
        fail(&breaker, FAILURES - 1);
        assert!(breaker.is_closed(), "what was before counts no more");
    }

    #[tokio::test(start_paused = true)]
    async fn a_probe_that_fails_opens_it_for_longer_up_to_a_limit() {
        let breaker = in_a_row();
        fail(&breaker, FAILURES);
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
        let breaker = in_a_row();
        fail(&breaker, FAILURES);
        advance(PAUSE_MIN).await;
        drop(breaker.call().unwrap());
        succeed(&breaker, 1);
        assert!(breaker.is_closed());
    }

    #[tokio::test(start_paused = true)]
    async fn calls_of_before_do_not_answer_for_a_probe() {
        let breaker = in_a_row();
        let [late, later] = [breaker.call().unwrap(), breaker.call().unwrap()];
        fail(&breaker, FAILURES);
        later.succeeded();
        assert!(!breaker.is_closed(), "it was made before");
        advance(PAUSE_MIN).await;
        let probe = breaker.call().unwrap();
        late.failed();
        probe.succeeded();
        assert!(breaker.is_closed());
    }

    #[tokio::test(start_paused = true)]
    async fn failures_of_a_time_open_it_when_they_are_half_of_its_calls() {
        let breaker = half();
        for _ in 0..FAILURES {
            fail(&breaker, 1);
            succeed(&breaker, 2);
        }
        assert!(breaker.is_closed(), "most succeed");
        advance(WINDOW).await;
        succeed(&breaker, FAILURES);
        fail(&breaker, FAILURES);
        assert!(!breaker.is_closed(), "half of them fail");
    }

    #[tokio::test(start_paused = true)]
    async fn few_failures_and_old_ones_do_not_open_it() {
        let breaker = half();
        for _ in 0..40 {
            advance(WINDOW / (FAILURES - 1)).await;
            fail(&breaker, 1);
            assert!(breaker.is_closed(), "fewer in a time than open it");
        }
    }
}
