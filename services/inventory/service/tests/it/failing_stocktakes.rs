//! Every append of posting a stocktake fails in turn, or the process ends there: each line is posted once all the same.

use std::sync::Arc;
use std::time::Duration;

use kit_event_store::EventStore;
use kit_event_store::memory::MemoryStore;
use kit_testkit::instrumented_store::{AppendFault, InstrumentedStore};
use serde_json::json;
use tempfile::TempDir;

use crate::app::{App, PATIENCE, about, midnight, ndjson};
use crate::proved::{held, provable};
use crate::stocktakes::{act, count, counted, open, posted, read};

/// Lines: more than are posted together.
const LINES: u32 = 150;

/// Appends of an approval: it, two groups of lines, and what came of them.
const APPENDS: usize = 4;

/// A stocktake whose lines are to be approved: nine of ten were found.
async fn reviewed(app: &App) -> String {
    let receipt = |number| about(number, json!({"op": "stock", "quantity": 10}));
    let receipts: Vec<_> = (0..LINES).map(receipt).collect();
    app.batch(ndjson(&receipts)).await.expect(200);
    app.clock.move_millis(1_000);
    let id = open(app, json!({})).await;
    let counts: Vec<_> = (0..LINES).map(|number| counted(app, number, 9, 0)).collect();
    count(app, &id, &counts).await.expect(200);
    act(app, &id, "compare", json!({})).await.expect(200);
    id
}

/// Approves until all is posted, as somebody does who sees no answer.
async fn approve_until_closed(app: &App, id: &str) {
    let closed = async {
        loop {
            let answer = act(app, id, "approve", json!({})).await;
            match answer.status.as_u16() {
                200 if answer.body["status"] == "closed" => return,
                200 | 202 | 500 | 503 => tokio::time::sleep(Duration::from_millis(20)).await,
                other => panic!("{other}: {}", answer.text),
            }
        }
    };
    tokio::time::timeout(PATIENCE, closed).await.unwrap();
}

async fn is_posted_once(app: &App, id: &str, what: &str) {
    for number in [0, 1, 99, 100, LINES - 1] {
        assert_eq!(app.units(number).await, [9, 0, 9], "{what}");
        assert_eq!(posted(app, number, id).await.0, 1, "{what}");
    }
}

#[tokio::test]
async fn a_line_is_posted_once_when_any_append_fails() {
    for fault in [AppendFault::Refused, AppendFault::Lost, AppendFault::ReplyLost] {
        for number in 0..APPENDS {
            let (folder, clock) = (TempDir::new().unwrap(), midnight());
            let store = Arc::new(InstrumentedStore::new(MemoryStore::new()));
            let log = Arc::clone(&store) as Arc<dyn EventStore>;
            let app = App::start_on(log, &folder.path().join("views"), clock, false).await;
            let id = reviewed(&app).await;
            let before = store.appends();
            store.fail_append(before + number, fault);
            approve_until_closed(&app, &id).await;
            assert!(store.appends() - before >= APPENDS, "it takes fewer than {APPENDS} appends");
            is_posted_once(&app, &id, &format!("{fault:?} {number}")).await;
            app.shut_down().await;
        }
    }
}

/// The process ends at an append of the approval. What was approved is posted by the next start, by itself.
#[tokio::test]
async fn a_crash_at_any_append_leaves_what_is_to_be_approved_or_what_is_completed() {
    for fault in [AppendFault::Stops, AppendFault::WrittenAndStops] {
        for number in 0..APPENDS {
            let (folder, clock) = (TempDir::new().unwrap(), midnight());
            let inner = provable(folder.path(), &clock);
            let store = Arc::new(InstrumentedStore::around(Arc::clone(&inner)));
            let log = Arc::clone(&store) as Arc<dyn EventStore>;
            let app = App::start_on(log, &folder.path().join("one"), clock.clone(), false).await;
            let id = reviewed(&app).await;
            store.fail_append(store.appends() + number, fault);
            act(&app, &id, "approve", json!({})).await;
            app.shut_down().await;

            let app = App::start_on(inner, &folder.path().join("two"), clock, false).await;
            let what = format!("{fault:?} {number}");
            if number > 0 || fault == AppendFault::WrittenAndStops {
                let settled = async {
                    while read(&app, &id).await["status"] != "closed" {
                        tokio::time::sleep(Duration::from_millis(20)).await;
                    }
                };
                tokio::time::timeout(PATIENCE, settled).await.expect(&what);
            } else {
                assert_eq!(read(&app, &id).await["status"], "review", "{what}");
                assert_eq!(app.units(1).await, [10, 0, 10], "{what}");
                approve_until_closed(&app, &id).await;
            }
            is_posted_once(&app, &id, &what).await;
            app.shut_down().await;
            held(folder.path());
        }
    }
}
