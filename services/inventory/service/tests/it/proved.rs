//! Logs of tests in a file, proved by the checker of `gondola verify`, which shares no code with what wrote them.

use std::path::Path;
use std::sync::Arc;

use gondola_verify::{Invariant, Logs, Options, Report, ViewsAt};
use kit_event_store::EventStore;
use kit_testkit::clock::SimClock;

use crate::app::open;

/// Opens a log in a folder that [`proved`] can be asked about.
pub(crate) fn provable(folder: &Path, clock: &SimClock) -> Arc<dyn EventStore> {
    let of_context = folder.join("inventory");
    std::fs::create_dir_all(&of_context).unwrap();
    open("sqlite", &of_context, clock)
}

/// Panics with what does not hold of the log in a folder; else says what was found. A saga must be in it.
#[track_caller]
pub(crate) fn proved(folder: &Path) -> Report {
    let report = held(folder);
    assert!(report.checked.contains(&Invariant::I8), "no saga was checked");
    report
}

/// The same of a log without transfers, split reservations and checkouts.
#[track_caller]
pub(crate) fn held(folder: &Path) -> Report {
    let options = Options {
        data_dir: folder.to_owned(),
        logs: Logs::Sqlite(folder.to_owned()),
        acked: None,
        views: ViewsAt::InUse,
    };
    let reports = gondola_verify::check(&options, &|_, _, _| {})
        .unwrap_or_else(|broken| panic!("{broken:?}"));
    reports.inventory
}
