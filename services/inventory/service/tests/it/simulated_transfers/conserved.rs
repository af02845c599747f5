//! Conservation over all stores and what is on its way, as `gondola verify` finds it in a log of transfers.

use std::path::Path;

use gondola_verify::{InTransit, Report};

use crate::proved::held;

/// Panics with what does not hold of the log in a folder, into which so many units came from outside. Those are in a store, on
/// their way, or told as lost, and what is told as over comes on top: at any moment, not only when all transfers have ended.
#[track_caller]
pub(crate) fn conserved(folder: &Path, received: u32) -> Report {
    let report = held(folder);
    let InTransit { units, lost, over, .. } = report.in_transit;
    let (on_hand, received) = (report.units.on_hand, i128::from(received));
    assert_eq!(on_hand + units, received + over - lost, "units were lost or made: {report:?}");
    report
}
