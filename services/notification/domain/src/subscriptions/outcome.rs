//! What an answer of a channel means for a notification.

use std::time::Duration;

use crate::{Jitter, Verdict, pause_after};

/// What a channel said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChannelAnswer {
    /// It has the message and will see to it.
    Accepted,
    /// It will never take this message for this recipient: there is no such mailbox, or no such telephone.
    Rejected,
    /// It did not take it this time.
    Failed {
        /// The pause that it asks for.
        retry_after: Option<Duration>,
    },
}

/// Judges an attempt, which was the notification's `attempts`th, by the schedule of webhooks. What is rejected is dead at
/// once: another attempt would only harm the sender's name.
#[must_use]
pub fn judge_answer(answer: ChannelAnswer, attempts: u32, jitter: Jitter) -> Verdict {
    match answer {
        ChannelAnswer::Accepted => Verdict::Delivered,
        ChannelAnswer::Rejected => Verdict::Dead,
        ChannelAnswer::Failed { retry_after } => {
            pause_after(attempts, jitter, retry_after).map_or(Verdict::Dead, Verdict::Retry)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: Jitter = Jitter::from_number(0);

    #[test]
    fn what_fails_is_tried_again_and_what_is_rejected_is_not() {
        assert_eq!(judge_answer(ChannelAnswer::Accepted, 1, NONE), Verdict::Delivered);
        assert_eq!(judge_answer(ChannelAnswer::Rejected, 1, NONE), Verdict::Dead);
        let failed = ChannelAnswer::Failed { retry_after: None };
        assert_eq!(judge_answer(failed, 1, NONE), Verdict::Retry(Duration::from_secs(5)));
        assert_eq!(judge_answer(failed, 10, NONE), Verdict::Dead);
        let busy = ChannelAnswer::Failed { retry_after: Some(Duration::from_secs(90)) };
        assert_eq!(judge_answer(busy, 1, NONE), Verdict::Retry(Duration::from_secs(90)));
    }
}
