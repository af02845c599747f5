//! What an attempt means for its delivery and for its webhook.

use std::time::Duration;

use kit_core::Timestamp;

use crate::{Jitter, pause_after};

/// How long every attempt to a webhook must have failed until it is disabled: longer than one delivery is tried.
pub const FAILING_MAX: Duration = Duration::from_hours(5 * 24);

/// What came of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The receiver answered.
    Status {
        /// Its HTTP status.
        status: u16,
        /// The pause that it asks for.
        retry_after: Option<Duration>,
    },
    /// It could not be reached, may not be reached, or did not answer in time.
    Nothing,
}

/// What becomes of the delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The receiver has it.
    Delivered,
    /// It is tried again after a pause.
    Retry(Duration),
    /// It was tried for the last time.
    Dead,
    /// The receiver says that it wants nothing any more: the delivery is dead, the webhook is to be disabled.
    Gone,
}

/// Judges an attempt, which was the delivery's `attempts`th. Only 2xx is success: a redirection is followed by nobody.
#[must_use]
pub fn judge(answer: Answer, attempts: u32, jitter: Jitter) -> Verdict {
    let asked = match answer {
        Answer::Status { status: 200..=299, .. } => return Verdict::Delivered,
        Answer::Status { status: 410, .. } => return Verdict::Gone,
        Answer::Status { status: 429 | 502 | 503 | 504, retry_after } => retry_after,
        Answer::Status { .. } | Answer::Nothing => None,
    };
    pause_after(attempts, jitter, asked).map_or(Verdict::Dead, Verdict::Retry)
}

/// Whether a webhook whose attempts have all failed since a moment is to be disabled.
#[must_use]
pub fn has_failed_too_long(failing_since: Timestamp, now: Timestamp) -> bool {
    now.since(failing_since) >= FAILING_MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: Jitter = Jitter::from_number(0);

    fn status(status: u16, retry_after: Option<u64>) -> Answer {
        Answer::Status { status, retry_after: retry_after.map(Duration::from_secs) }
    }

    #[test]
    fn only_success_is_success() {
        for fine in [200, 202, 204, 299] {
            assert_eq!(judge(status(fine, None), 1, NONE), Verdict::Delivered, "{fine}");
        }
        for wrong in [100, 199, 300, 301, 302, 307, 400, 404, 429, 500, 503] {
            let again = Verdict::Retry(Duration::from_secs(5));
            assert_eq!(judge(status(wrong, None), 1, NONE), again, "{wrong}");
        }
        assert_eq!(judge(Answer::Nothing, 2, NONE), Verdict::Retry(Duration::from_mins(5)));
    }

    #[test]
    fn who_is_overloaded_may_ask_for_time_and_nobody_else() {
        for busy in [429, 502, 503, 504] {
            let after = Verdict::Retry(Duration::from_secs(90));
            assert_eq!(judge(status(busy, Some(90)), 1, NONE), after, "{busy}");
        }
        let usual = Verdict::Retry(Duration::from_secs(5));
        assert_eq!(judge(status(500, Some(90)), 1, NONE), usual);
    }

    #[test]
    fn the_tenth_failure_is_the_last_and_gone_is_gone_at_once() {
        let long = Verdict::Retry(Duration::from_hours(24));
        assert_eq!(judge(status(500, None), 9, NONE), long);
        assert_eq!(judge(status(500, None), 10, NONE), Verdict::Dead);
        assert_eq!(judge(status(503, Some(5)), 10, NONE), Verdict::Dead);
        assert_eq!(judge(status(410, None), 1, NONE), Verdict::Gone);
    }

    #[test]
    fn days_of_failures_are_too_long() {
        let now = Timestamp::from_millis(1_800_000_000_000);
        let ago = |seconds: i64| Timestamp::from_millis(now.as_millis() - seconds * 1_000);
        assert!(has_failed_too_long(ago(5 * 86_400), now));
        assert!(!has_failed_too_long(ago(5 * 86_400 - 1), now));
    }
}
