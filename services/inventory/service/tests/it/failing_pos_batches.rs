//! Every append of a batch's life fails in turn, or the process ends there: each line is merged once all the same, and
//! `gondola verify` finds it so.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use kit_event_store::EventStore;
use kit_testkit::instrumented_store::{AppendFault, InstrumentedStore};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::app::{App, PATIENCE, midnight};
use crate::pos_batches::{batch, level, send, sold};
use crate::proved::{held, provable};

/// Appends of such a life: it is received, its lines come in three groups, and their outcome is recorded.
const APPENDS: usize = 5;

/// Lines of the batch: more than are merged together.
const LINES: u32 = 250;

fn lines() -> Vec<Value> {
    (0..LINES).map(|number| sold(1 + number % 2, 1, 1 + number % 59)).collect()
}

/// Half of the lines each, of which the books have nothing.
const ALL: [[u64; 2]; 2] = [[0, 125], [0, 125]];

async fn levels(app: &App) -> [[u64; 2]; 2] {
    [level(app, 1).await, level(app, 2).await]
}

/// Sends the batch until it is merged, as a till does.
async fn send_until_merged(app: &App) -> Value {
    loop {
        let answer = send(app, batch(1, &lines())).await;
        match answer.status.as_u16() {
            200 | 201 => return answer.body,
            202 | 500 | 503 => tokio::time::sleep(Duration::from_millis(20)).await,
            other => panic!("{other}: {}", answer.text),
        }
    }
}

fn missing(told: &Value) -> u64 {
    let lines = told["shortfalls"].as_array().unwrap().iter();
    lines.map(|line| line["missing"].as_u64().unwrap()).sum()
}

/// The checker of `gondola verify` finds each line once, as units that the books do not have.
#[track_caller]
fn is_in_the_log_once(folder: &Path, what: &str) {
    let units = held(folder).units;
    assert_eq!((units.on_hand, units.shortfall), (0, i128::from(LINES)), "{what}");
}

/// Merges the batch, while the append of a number fails.
async fn live(number: usize, fault: AppendFault) {
    let (folder, clock) = (TempDir::new().unwrap(), midnight());
    let store = Arc::new(InstrumentedStore::around(provable(folder.path(), &clock)));
    let log = Arc::clone(&store) as Arc<dyn EventStore>;
    let app = App::start_on(log, &folder.path().join("views"), clock, false).await;
    let before = store.appends();
    store.fail_append(before + number, fault);
    let told = tokio::time::timeout(PATIENCE, send_until_merged(&app)).await.unwrap();
    assert!(store.appends() - before >= APPENDS, "the life is shorter than {APPENDS} appends");
    assert_eq!(levels(&app).await, ALL, "{fault:?} {number}");
    assert_eq!(missing(&told), u64::from(LINES), "{fault:?} {number}");
    app.shut_down().await;
    is_in_the_log_once(folder.path(), &format!("{fault:?} {number}"));
}

#[tokio::test]
async fn a_batch_is_merged_once_when_any_append_fails() {
    for fault in [AppendFault::Refused, AppendFault::Lost, AppendFault::ReplyLost] {
        // together: most of their time they wait for the disk
        join_all((0..APPENDS).map(|number| live(number, fault))).await;
    }
}

/// The process ends at an append. If the batch was acknowledged, or is in the log at all, the next start merges it by itself;
/// a till that was told nothing sends it again and ends at the same.
async fn crash(number: usize, fault: AppendFault) {
    let (folder, clock) = (TempDir::new().unwrap(), midnight());
    let inner = provable(folder.path(), &clock);
    let store = Arc::new(InstrumentedStore::around(Arc::clone(&inner)));
    let log = Arc::clone(&store) as Arc<dyn EventStore>;
    let app = App::start_on(log, &folder.path().join("one"), clock.clone(), false).await;
    store.fail_append(store.appends() + number, fault);
    let answer = send(&app, batch(1, &lines())).await;
    // what is acknowledged is in the log
    let is_whole = fault == AppendFault::WrittenAndStops && number == APPENDS - 1;
    assert!(answer.status != 201 || is_whole, "{fault:?} {number}: it cannot be merged");
    app.shut_down().await;
    // what the crash has left holds too, whichever groups of lines are in it
    held(folder.path());

    let app = App::start_on(inner, &folder.path().join("two"), clock.clone(), false).await;
    let is_received = number > 0 || fault == AppendFault::WrittenAndStops;
    if is_received {
        let settled = async {
            while levels(&app).await != ALL {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, settled).await.unwrap();
    } else {
        assert_eq!(answer.status, 503);
        assert_eq!(levels(&app).await, [[0, 0]; 2], "nothing was acknowledged");
    }
    let told = tokio::time::timeout(PATIENCE, send_until_merged(&app)).await.unwrap();
    assert_eq!(missing(&told), u64::from(LINES), "{fault:?} {number}: {told}");
    assert_eq!(levels(&app).await, ALL, "{fault:?} {number}");
    assert_eq!(told["refused"], json!([]));
    app.shut_down().await;
    is_in_the_log_once(folder.path(), &format!("{fault:?} {number}"));
}

#[tokio::test]
async fn a_crash_at_any_append_leaves_nothing_or_what_is_completed() {
    for fault in [AppendFault::Stops, AppendFault::WrittenAndStops] {
        join_all((0..APPENDS).map(|number| crash(number, fault))).await;
    }
}
