//! Parked streams as health tells them: which, since where, why, and what to do.

use std::future;

use kit_event_store::parking::ParkedStream;
use kit_event_store::projection::Progress;
use kit_http::{Check, Health};

/// Parked streams that are named; of the others only their number is told.
const NAMED_MAX: usize = 3;

/// A health check that is degraded while a follower passes over streams, and never fails.
pub fn parking_check(name: &'static str, progress: Progress) -> Check {
    Check::graded(name, move || future::ready(parking_health(&progress)))
}

/// How a follower is as far as its parked streams go.
pub(crate) fn parking_health(progress: &Progress) -> Health {
    let parked = progress.parking().streams();
    if parked.is_empty() { Health::Up } else { Health::Degraded(told(&parked)) }
}

fn told(parked: &[ParkedStream]) -> String {
    let one = |parked: &ParkedStream| {
        format!("{} from position {} on ({})", parked.stream, parked.position, parked.reason)
    };
    let named: Vec<_> = parked.iter().take(NAMED_MAX).map(one).collect();
    let others = match parked.len() - named.len() {
        0 => String::new(),
        others => format!("; and {others} more"),
    };
    format!(
        "events that cannot be read: nothing is applied of {}{others}. All other streams are up to date. \
         Start the version that wrote these events: it takes them up again",
        named.join("; ")
    )
}
