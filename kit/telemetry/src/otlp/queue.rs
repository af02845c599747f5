//! Where spans wait to be sent; who records one never waits.

use kit_trace::{FinishedSpan, Recorder};
use metrics::{Counter, Unit, counter, describe_counter};
use tokio::sync::mpsc::{self, Receiver, Sender};

const SENT: &str = "trace_spans_sent_total";
const DROPPED: &str = "trace_spans_dropped_total";

/// Spans that wait at most; some megabytes.
const WAITING_MAX: usize = 8_192;

/// Takes spans as long as there is room.
pub(super) struct Queue {
    spans: Sender<FinishedSpan>,
    dropped: Counter,
}

/// A queue, and where its spans come out.
pub(super) fn queue() -> (Queue, Receiver<FinishedSpan>) {
    let (spans, waiting) = mpsc::channel(WAITING_MAX);
    (Queue { spans, dropped: dropped("queue_full") }, waiting)
}

impl Recorder for Queue {
    fn record(&self, span: FinishedSpan) {
        if self.spans.try_send(span).is_err() {
            self.dropped.increment(1);
        }
    }
}

/// Counts spans that a collector has taken.
pub(super) fn sent() -> Counter {
    describe_counter!(SENT, Unit::Count, "Spans of traces that the collector has taken");
    counter!(SENT)
}

/// Counts spans that nobody will see, by the reason.
pub(super) fn dropped(reason: &'static str) -> Counter {
    describe_counter!(
        DROPPED,
        Unit::Count,
        "Spans of traces that are lost: too many waited, or the collector did not take them"
    );
    counter!(DROPPED, "reason" => reason)
}
