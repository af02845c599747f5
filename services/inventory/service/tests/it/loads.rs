//! What must not cost a hot stock level its place in memory, and what must not keep a cold one from being loaded.

use std::slice;
use std::sync::Arc;
use std::time::Duration;

use gondola_inventory::use_cases::InventoryDecider;
use gondola_inventory_domain::stream_id;
use kit_event_store::EventLog;
use kit_executor::Codec;
use kit_testkit::instrumented_store::InstrumentedStore;
use serde_json::json;
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::app::{
    App, BASE, PATIENCE, STORE, STORES, about, midnight, ndjson, open, product, reservation,
};

async fn start(kind: &str, folder: &TempDir) -> (App, Arc<InstrumentedStore>) {
    let clock = midnight();
    let watched = Arc::new(InstrumentedStore::around(open(kind, folder.path(), &clock)));
    let store = Arc::clone(&watched) as _;
    (App::start_on(store, &folder.path().join("views"), clock, false).await, watched)
}

#[tokio::test]
async fn a_refused_claim_does_not_drop_a_level() {
    for kind in STORES {
        let folder = TempDir::new().unwrap();
        let (app, watched) = start(kind, &folder).await;
        app.add(1, 100).await;
        app.add(2, 100).await;
        app.hold(2, 1, 1).await.expect(201);
        // another store's stock level is another shard's
        let elsewhere = json!({"storeId": "11111111-1111-1111-1111-111111111112",
                               "productId": product(1), "quantity": 99});
        app.post("/stock", elsewhere.clone()).await.expect(201);
        let reserve = async |key: String, id: u32, mut body: serde_json::Value| {
            body["reservationId"] = json!(reservation(id));
            body["quantity"] = json!(1);
            app.post_with_key("/reserve", &key, body).await
        };
        let loads = watched.loads();
        for id in 2..12 {
            let taken = reserve(format!("taken-{id}"), 1, about(1, json!({}))).await;
            taken.problem(409, "reservation-id-taken");
            app.hold(1, id, 1).await.expect(201);
        }
        // and of three at once with one id, one is made
        for id in 20..40 {
            let (one, other, third) = tokio::join!(
                reserve(format!("one-{id}"), id, about(1, json!({}))),
                reserve(format!("other-{id}"), id, about(2, json!({}))),
                reserve(format!("third-{id}"), id, elsewhere.clone()),
            );
            let mut statuses = [one, other, third].map(|answer| answer.status.as_u16());
            statuses.sort_unstable();
            assert_eq!(statuses, [201, 409, 409], "{kind}");
        }
        assert_eq!(watched.loads(), loads, "{kind}: reloaded");
        app.shut_down().await;
    }
}

/// While it is there, looks into the past of a store do not end; a runtime would wait for them even after a panic.
struct SlowPast(Arc<InstrumentedStore>);

impl SlowPast {
    fn of(store: &Arc<InstrumentedStore>) -> Self {
        store.slow_down_the_past(true);
        Self(Arc::clone(store))
    }
}

impl Drop for SlowPast {
    fn drop(&mut self) {
        self.0.slow_down_the_past(false);
    }
}

#[test]
fn looks_into_the_past_do_not_keep_levels_from_being_loaded() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(24)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let folder = TempDir::new().unwrap();
        let (app, watched) = start("sqlite", &folder).await;
        app.add(1, 5).await;
        let then = app.now();
        app.clock.move_seconds(1);
        let slow = SlowPast::of(&watched);
        let mut looks = JoinSet::new();
        for _ in 0..60 {
            let app = app.clone();
            looks.spawn(async move {
                let path = format!("/stores/{STORE}/products/{}?asOf={}", product(1), then);
                app.send(http::Method::GET, &path, &[], None).await
            });
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        // levels that are not in memory
        for number in 2..10 {
            let added = app.post("/stock", about(number, json!({"quantity": 1})));
            tokio::time::timeout(PATIENCE, added).await.expect("not starved").expect(201);
        }
        let mut refused = 0;
        while refused < 56 {
            let look = tokio::time::timeout(PATIENCE, looks.join_next()).await.unwrap();
            let busy = look.unwrap().unwrap().problem(503, "unavailable");
            assert!(busy["detail"].as_str().unwrap().contains("past states"), "{busy}");
            refused += 1;
        }
        drop(slow);
        for look in looks.join_all().await {
            look.expect(200);
        }
        app.shut_down().await;
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_turn_to_look_back_lasts_as_long_as_the_look_and_not_as_its_caller() {
    const TURNS: usize = 4;
    let folder = TempDir::new().unwrap();
    let (app, watched) = start("memory", &folder).await;
    app.add(1, 5).await;
    let then = app.now();
    app.clock.move_seconds(1);
    let level = format!("/stores/{STORE}/products/{}", product(1));
    for look in [
        format!("{level}?asOf={then}"),
        format!("{level}?effectiveAt={then}"),
        format!("{level}/history"),
    ] {
        let slow = SlowPast::of(&watched);
        let look_and_leave = async || {
            let looking = app.send(http::Method::GET, &look, &[], None);
            let left = tokio::time::timeout(Duration::from_millis(20), looking).await;
            assert!(left.is_err(), "{look}: it does not wait");
        };
        let all_turns_taken = async {
            while watched.slow_looks() < TURNS {
                look_and_leave().await;
            }
        };
        tokio::time::timeout(PATIENCE, all_turns_taken).await.expect("the turns are taken");
        for _ in 0..2 * TURNS {
            look_and_leave().await;
        }
        assert_eq!(watched.slow_looks(), TURNS, "{look}: threads of callers that have left");
        drop(slow);
        // the turns are free again
        app.send(http::Method::GET, &look, &[], None).await.expect(200);
    }
    app.shut_down().await;
}

/// The events after a level's snapshot are fewer than the holds in it, however many those are: a level is loaded by
/// about one event for each of its holds.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_holds_are_loaded_from_a_snapshot_and_few_events() {
    const BATCHES: u32 = 12;
    const BATCH: u32 = 2_000;
    let (folder, clock) = (TempDir::new().unwrap(), midnight());
    let store = open("sqlite", folder.path(), &clock);
    let views = folder.path().join("views");
    let app = App::start_on(Arc::clone(&store), &views, clock, false).await;
    app.add(1, 1_000_000).await;
    let level = stream_id(product(1).parse().unwrap(), STORE.parse().unwrap());
    for batch in 0..BATCHES {
        hold_many(&app, batch * BATCH, BATCH).await;
        if batch < 2 {
            continue;
        }
        let schema = InventoryDecider::SNAPSHOT_SCHEMA;
        let loaded = store.load(slice::from_ref(&level), schema).await.unwrap().pop().unwrap();
        let kept = loaded.snapshot.expect("a snapshot").version.get();
        let tail = u64::try_from(loaded.events.len()).unwrap();
        // a batch is decided while the snapshot of the one before is being written
        assert!(tail <= kept + u64::from(BATCH), "{tail} events after the one of version {kept}");
    }
    app.shut_down().await;
}

/// Reserves one unit each under the ids after `first`.
async fn hold_many(app: &App, first: u32, count: u32) {
    let hold = |id| {
        let id = reservation(id);
        about(1, json!({"op": "reserve", "quantity": 1, "reservationId": id, "ttlSeconds": 86_400}))
    };
    let lines: Vec<_> = (first + 1..=first + count).map(hold).collect();
    let request = http::Request::post(format!("{BASE}/batch"))
        .header("content-type", "application/x-ndjson")
        .body(ndjson(&lines).into())
        .unwrap();
    let answers = app.call(request).await.expect(200);
    assert_eq!(answers.text.matches("\"status\":201").count(), usize::try_from(count).unwrap());
}

/// What a group of lines costs the store: calls that load or look, writes, and bytes of events.
async fn cost(app: &App, log: &InstrumentedStore, lines: &[serde_json::Value]) -> [usize; 3] {
    let calls = || log.loads() + log.version_queries() + log.stream_events();
    let (before, calls_before, writes_before) = (log.end().position, calls(), log.appends());
    let told = app.batch(ndjson(lines)).await.expect(200);
    assert!(!told.text.contains("\"problem\""), "{}", told.text);
    let events = log.read_all(before, lines.len() + 1).await.unwrap();
    assert_eq!(events.len(), lines.len(), "an event for each line");
    let bytes = events.iter().map(|event| event.event.data.len()).sum();
    [calls() - calls_before, log.appends() - writes_before, bytes]
}

/// The bulk route is as fast for counts as for receipts where they cost the same: loads, writes, and about as many bytes.
#[tokio::test]
async fn counts_in_bulk_cost_no_more_than_receipts() {
    const LINES: u32 = 2_000;
    for kind in STORES {
        let folder = TempDir::new().unwrap();
        let (app, log) = start(kind, &folder).await;
        let lines = |op: &str, units: &str, levels: u32| -> Vec<_> {
            let line = |number| {
                let mut line = about(number % levels, json!({units: 7, "reason": "Stocktaking"}));
                line["op"] = json!(op);
                line
            };
            (0..LINES).map(line).collect()
        };
        // levels that are new, that are known, and one alone
        for levels in [LINES, LINES, 1] {
            let receipts = cost(&app, &log, &lines("stock", "quantity", levels)).await;
            let counts = cost(&app, &log, &lines("count", "counted", levels)).await;
            for (what, place) in [("calls", 0), ("writes", 1)] {
                assert!(counts[place] <= receipts[place], "{kind} {what}: {counts:?} {receipts:?}");
            }
            assert!(counts[2] <= receipts[2] * 3 / 2, "{kind}: {counts:?} {receipts:?} bytes");
        }
        app.shut_down().await;
    }
}
