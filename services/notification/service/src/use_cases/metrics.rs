//! What is counted of deliveries.

use std::time::Duration;

use gondola_notification_domain::Verdict;
use kit_core::Timestamp;
use metrics::{Counter, Gauge, Histogram, counter, describe_counter, describe_gauge};
use metrics::{describe_histogram, gauge, histogram};

use super::{Received, Tally};

const ATTEMPTS: &str = "webhook_attempts_total";
const DELIVERIES: &str = "webhook_deliveries_total";
const DURATION: &str = "webhook_attempt_duration_seconds";
const PENDING: &str = "webhook_pending_deliveries";
const OLDEST_DUE: &str = "webhook_oldest_due_seconds";
const DEAD: &str = "webhook_dead_letters";

/// Counters of the sender.
pub struct SenderMetrics {
    answered: Counter,
    unanswered: Counter,
    refused: Counter,
    delivered: Counter,
    dead: Counter,
    duration: Histogram,
    pending: Gauge,
    oldest_due: Gauge,
    dead_letters: Gauge,
}

impl Default for SenderMetrics {
    fn default() -> Self {
        describe_counter!(ATTEMPTS, "Attempts to deliver to a webhook, by what came of them");
        describe_counter!(DELIVERIES, "Deliveries to webhooks that ended, by how");
        describe_histogram!(DURATION, "Time until a webhook's receiver has answered or failed");
        describe_gauge!(
            PENDING,
            "Deliveries that wait for an attempt, those of disabled webhooks included"
        );
        describe_gauge!(OLDEST_DUE, "How long the delivery has been due that has been due longest");
        describe_gauge!(DEAD, "Deliveries that were given up and can be replayed");
        let attempts = |outcome| counter!(ATTEMPTS, "outcome" => outcome);
        let deliveries = |outcome| counter!(DELIVERIES, "outcome" => outcome);
        Self {
            answered: attempts("answered"),
            unanswered: attempts("unanswered"),
            refused: attempts("refused"),
            delivered: deliveries("delivered"),
            dead: deliveries("dead"),
            duration: histogram!(DURATION),
            pending: gauge!(PENDING),
            oldest_due: gauge!(OLDEST_DUE),
            dead_letters: gauge!(DEAD),
        }
    }
}

impl SenderMetrics {
    /// An attempt was made.
    pub fn attempted(&self, received: &Received, verdict: Verdict, took: Duration) {
        match received {
            Received::Answer { .. } => self.answered.increment(1),
            Received::Refused(_) => self.refused.increment(1),
            Received::Nothing(_) => self.unanswered.increment(1),
        }
        self.duration.record(took);
        match verdict {
            Verdict::Delivered => self.delivered.increment(1),
            Verdict::Dead | Verdict::Gone => self.dead.increment(1),
            Verdict::Retry(_) => {}
        }
    }

    /// How deliveries stand at a moment.
    pub fn tallied(&self, tally: &Tally, now: Timestamp) {
        let gauge = |number: u64| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
        self.pending.set(gauge(tally.pending));
        self.dead_letters.set(gauge(tally.dead));
        self.oldest_due.set(tally.oldest_due.map_or(0.0, |due| now.since(due).as_secs_f64()));
    }
}
