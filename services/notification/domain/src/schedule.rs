//! When a delivery is tried again: the schedule that Standard Webhooks suggests.

use std::time::Duration;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

/// Pause before each attempt, in seconds. The first is made at once.
const PAUSES: [u64; 10] =
    [0, 5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];

/// Attempts until a delivery is dead: the last is made three days and some hours after the first.
pub const ATTEMPTS_MAX: usize = PAUSES.len();

/// Longest pause that a receiver may ask for with `Retry-After`; what is longer counts as this.
pub const RETRY_AFTER_MAX: Duration = Duration::from_hours(24);

/// Chance as an argument, so that many deliveries that fail together are not tried again together: 0 to 999 thousandths of
/// a fifth of the pause, which are added to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Jitter(u32);

impl Jitter {
    /// From any number.
    #[must_use]
    pub const fn from_number(number: u128) -> Self {
        Self((number % 1_000) as u32)
    }

    fn stretch(self, pause: Duration) -> Duration {
        pause + pause / 5 * self.0 / 1_000
    }
}

/// The pause after so many attempts; `None` after the last one. `retry_after` is what the receiver asked for: the longer
/// pause counts.
#[must_use]
pub fn pause_after(
    attempts: u32,
    jitter: Jitter,
    retry_after: Option<Duration>,
) -> Option<Duration> {
    let index = usize::try_from(attempts).unwrap_or(usize::MAX);
    let pause = PAUSES.get(index).copied().map(Duration::from_secs)?;
    let asked = retry_after.unwrap_or_default().min(RETRY_AFTER_MAX);
    Some(jitter.stretch(pause).max(asked))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: Jitter = Jitter::from_number(0);

    #[test]
    fn a_delivery_is_tried_ten_times_within_four_days() {
        let pauses: Vec<_> = (0..).map_while(|made| pause_after(made, NONE, None)).collect();
        let seconds: Vec<_> = pauses.iter().map(Duration::as_secs).collect();
        let hours = [2, 5, 10, 14, 20, 24].map(|hours| hours * 3_600);
        assert_eq!(seconds, [&[0, 5, 300, 1_800][..], &hours].concat());
        assert_eq!(pauses.len(), ATTEMPTS_MAX);
    }

    #[test]
    fn chance_adds_less_than_a_fifth() {
        let pause = |number| pause_after(2, Jitter::from_number(number), None).unwrap();
        assert_eq!(pause(0), Duration::from_mins(5));
        assert_eq!(pause(500), Duration::from_secs(330));
        assert!(pause(999) < Duration::from_mins(6));
        assert_eq!(pause(1_500), pause(500));
    }

    #[test]
    fn a_receiver_may_ask_for_a_longer_pause_of_a_day_at_most() {
        let pause = |asked| pause_after(1, NONE, Some(Duration::from_secs(asked))).unwrap();
        assert_eq!(pause(1), Duration::from_secs(5));
        assert_eq!(pause(60), Duration::from_mins(1));
        assert_eq!(pause(u64::MAX), RETRY_AFTER_MAX);
    }
}
