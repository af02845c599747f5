//! What is counted of notifications.

use std::time::Duration;

use gondola_notification_domain::{Channel, Verdict};
use kit_core::Timestamp;
use metrics::{Gauge, counter, describe_counter, describe_gauge, describe_histogram};
use metrics::{gauge, histogram};

use super::{NotificationTally, Sent};

const ATTEMPTS: &str = "notification_attempts_total";
const NOTIFICATIONS: &str = "notifications_total";
const DURATION: &str = "notification_attempt_duration_seconds";
const PENDING: &str = "notification_pending";
const OLDEST_DUE: &str = "notification_oldest_due_seconds";
const DEAD: &str = "notification_dead_letters";

/// Gauges of the sender; what is counted by channel is looked up when there is something to count.
pub(super) struct NotificationMetrics {
    pending: Gauge,
    oldest_due: Gauge,
    dead_letters: Gauge,
}

impl Default for NotificationMetrics {
    fn default() -> Self {
        describe_counter!(
            ATTEMPTS,
            "Attempts to send a notification, by channel and what came of them"
        );
        describe_counter!(NOTIFICATIONS, "Notifications that ended, by channel and how");
        describe_histogram!(DURATION, "Time until a channel has taken a notification or failed");
        describe_gauge!(PENDING, "Notifications that wait for their time or for an attempt");
        describe_gauge!(
            OLDEST_DUE,
            "How long the notification has been due that has been due longest"
        );
        describe_gauge!(DEAD, "Notifications that were given up and can be replayed");
        for channel in Channel::ALL.map(Channel::as_str) {
            // what was never counted is shown as well
            drop(histogram!(DURATION, "channel" => channel));
            for outcome in ["accepted", "rejected", "failed"] {
                counter!(ATTEMPTS, "channel" => channel, "outcome" => outcome).absolute(0);
            }
            for outcome in ["sent", "dead"] {
                counter!(NOTIFICATIONS, "channel" => channel, "outcome" => outcome).absolute(0);
            }
        }
        let (pending, oldest_due) = (gauge!(PENDING), gauge!(OLDEST_DUE));
        Self { pending, oldest_due, dead_letters: gauge!(DEAD) }
    }
}

impl NotificationMetrics {
    /// An attempt was made.
    pub(super) fn attempted(channel: Channel, sent: &Sent, verdict: Verdict, took: Duration) {
        let channel = channel.as_str();
        let outcome = match sent {
            Sent::Accepted(_) => "accepted",
            Sent::Rejected(_) => "rejected",
            Sent::Failed { .. } => "failed",
        };
        counter!(ATTEMPTS, "channel" => channel, "outcome" => outcome).increment(1);
        histogram!(DURATION, "channel" => channel).record(took);
        let outcome = match verdict {
            Verdict::Delivered => "sent",
            Verdict::Dead | Verdict::Gone => "dead",
            Verdict::Retry(_) => return,
        };
        counter!(NOTIFICATIONS, "channel" => channel, "outcome" => outcome).increment(1);
    }

    /// How notifications stand at a moment.
    pub(super) fn tallied(&self, tally: &NotificationTally, now: Timestamp) {
        let gauge = |number: u64| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
        self.pending.set(gauge(tally.pending));
        self.dead_letters.set(gauge(tally.dead));
        self.oldest_due.set(tally.oldest_due.map_or(0.0, |due| now.since(due).as_secs_f64()));
    }
}
