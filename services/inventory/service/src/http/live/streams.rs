//! What is counted of live streams.

use metrics::{Counter, Gauge, counter, describe_counter, describe_gauge, gauge};

const OPEN: &str = "live_streams_open";
const ENDED: &str = "live_streams_ended_total";

/// Server-sent events, as metrics name them.
pub(super) const SSE: &str = "sse";

/// WebSockets, as metrics name them.
pub(super) const WEBSOCKET: &str = "websocket";

/// The reason of a stream that its client has ended.
const BY_CLIENT: &str = "client";

/// Shows what there is to count before there is any.
pub(in crate::http) fn describe() {
    describe_gauge!(OPEN, "Live streams of events that are open, by wire");
    describe_counter!(ENDED, "Live streams of events that have ended, by reason");
    for wire in [SSE, WEBSOCKET] {
        open(wire).set(0);
    }
    ended(BY_CLIENT).increment(0);
}

/// An open stream; when it is dropped, it has ended.
pub(super) struct OpenStream {
    open: Gauge,
    ended: &'static str,
}

impl OpenStream {
    /// One more, over a wire.
    pub(super) fn over(wire: &'static str) -> Self {
        let open = open(wire);
        open.increment(1);
        Self { open, ended: BY_CLIENT }
    }

    /// It ends for a reason of the server's.
    pub(super) const fn ended(&mut self, reason: &'static str) {
        self.ended = reason;
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        self.open.decrement(1);
        ended(self.ended).increment(1);
    }
}

fn open(wire: &'static str) -> Gauge {
    gauge!(OPEN, "wire" => wire)
}

fn ended(reason: &'static str) -> Counter {
    counter!(ENDED, "reason" => reason)
}
