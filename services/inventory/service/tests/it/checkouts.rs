//! Checkouts through the API: store, inventory and notification service accept a basket, and commit or roll it back together.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use gondola_inventory::use_cases::{
    ConfirmationAnswer, Named, OrderConfirmations, PreparedConfirmation,
};
use gondola_inventory_domain::{CheckoutId, TransactionRef};
use kit_core::Version;
use kit_event_store::memory::MemoryStore;
use kit_testkit::http::TestClient;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::app::{App, PATIENCE, STORE, midnight, on_each_store, open, product};

/// How a confirmation stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    Prepared,
    Refused,
    /// For this sale.
    Committed(String),
    Dropped,
}

/// A notification service that keeps what it is told in memory, as the real one does on disk.
#[derive(Default)]
pub(crate) struct Confirmations {
    pub(crate) kept: Mutex<BTreeMap<CheckoutId, Kept>>,
    /// What happens to questions.
    mood: Mutex<Mood>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Mood {
    #[default]
    Takes,
    Refuses,
    Away,
}

impl Confirmations {
    pub(crate) fn set(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    fn there(&self) -> Result<Mood, String> {
        match *self.mood.lock().unwrap() {
            Mood::Away => Err("nobody answers".to_owned()),
            mood => Ok(mood),
        }
    }

    /// How all of them stand.
    pub(crate) fn all(&self) -> Vec<Kept> {
        self.kept.lock().unwrap().values().cloned().collect()
    }
}

#[async_trait]
impl OrderConfirmations for Confirmations {
    async fn prepare(&self, wanted: PreparedConfirmation) -> Result<ConfirmationAnswer, String> {
        let first = match self.there()? {
            Mood::Refuses => Kept::Refused,
            _ => Kept::Prepared,
        };
        let mut kept = self.kept.lock().unwrap();
        Ok(match kept.entry(wanted.checkout).or_insert(first) {
            Kept::Prepared | Kept::Committed(_) => ConfirmationAnswer::Taken,
            Kept::Refused => ConfirmationAnswer::Refused("nobody is to be told".to_owned()),
            Kept::Dropped => ConfirmationAnswer::Refused("dropped".to_owned()),
        })
    }

    async fn commit(&self, id: CheckoutId, sale: TransactionRef) -> Result<(), String> {
        self.there()?;
        let committed = Kept::Committed(sale.to_string());
        let before = self.kept.lock().unwrap().insert(id, committed.clone());
        assert!(before == Some(Kept::Prepared) || before == Some(committed), "{before:?}");
        Ok(())
    }

    async fn drop_prepared(&self, id: CheckoutId) -> Result<(), String> {
        self.there()?;
        let before = self.kept.lock().unwrap().insert(id, Kept::Dropped);
        assert!(!matches!(before, Some(Kept::Committed(_))), "{before:?}");
        Ok(())
    }
}

/// The routes of checkouts.
pub(crate) fn checkouts(app: &App) -> TestClient {
    app.below("/api/v1/checkouts")
}

/// Two units of product 1, for a minute.
pub(crate) fn basket() -> Value {
    let lines = json!([{"productId": product(1), "quantity": 2}]);
    json!({"storeId": STORE, "lines": lines, "ttlSeconds": 60, "orderId": "O-7", "customerId": "CUST-7"})
}

/// A context with a notification service, on a kind of event store.
struct Shop {
    app: App,
    confirmations: Arc<Confirmations>,
    _folder: TempDir,
}

impl Shop {
    /// Five units are there.
    async fn open(kind: &str) -> Self {
        let (folder, clock) = (TempDir::new().unwrap(), midnight());
        let store = open(kind, folder.path(), &clock);
        let confirmations = Arc::new(Confirmations::default());
        let views = folder.path().join("views");
        let served = Arc::clone(&confirmations) as _;
        let app = App::start_confirming(store, &views, clock, served).await;
        app.add(1, 5).await;
        Self { app, confirmations, _folder: folder }
    }

    async fn begin(&self) -> Value {
        checkouts(&self.app).post("", basket()).await.expect(201).body
    }

    async fn post(&self, checkout: &Value, verb: &str, body: Value) -> kit_testkit::http::Answer {
        let id = checkout["checkoutId"].as_str().unwrap();
        checkouts(&self.app).post(&format!("/{id}/{verb}"), body).await
    }

    async fn get(&self, checkout: &Value) -> Value {
        let id = checkout["checkoutId"].as_str().unwrap();
        checkouts(&self.app).get(&format!("/{id}")).await.expect(200).body
    }

    /// Waits until it stands like this.
    async fn until(&self, checkout: &Value, status: &str) -> Value {
        let found = async {
            loop {
                let found = self.get(checkout).await;
                if found["status"] == status {
                    return found;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, found).await.unwrap()
    }

    /// The store's status in the catalogue.
    fn note_store(&self, active: bool, version: u64) {
        let named = Named::store("SP-1", "Somewhere", active, None);
        self.app.context.catalogue.note_store(STORE.parse().unwrap(), named, Version::new(version));
    }
}

/// How it stands with store, inventory and notification service.
fn steps(checkout: &Value) -> Vec<&str> {
    let steps = checkout["steps"].as_array().unwrap().iter();
    steps.map(|step| step["status"].as_str().unwrap()).collect()
}

async fn on_each(test: impl AsyncFn(&Shop)) {
    for kind in crate::app::STORES {
        eprintln!("on {kind}");
        let shop = Shop::open(kind).await;
        test(&shop).await;
        shop.app.shut_down().await;
    }
}

#[tokio::test]
async fn all_three_accept_and_commit() {
    on_each(async |shop| {
        let begun = shop.begin().await;
        assert_eq!((&begun["status"], steps(&begun)), (&json!("active"), vec!["accepted"; 3]));
        assert_eq!(shop.app.units(1).await, [5, 2, 3]);
        assert_eq!(shop.confirmations.all(), [Kept::Prepared], "nothing is let go yet");
        let sale = json!({"transactionId": "T-1"});
        let sold = shop.post(&begun, "commit", sale.clone()).await.expect(200).body;
        assert_eq!(sold["status"], "committed");
        assert_eq!(steps(&sold), ["accepted", "committed", "committed"]);
        assert_eq!(shop.app.units(1).await, [3, 0, 3]);
        assert_eq!(shop.confirmations.all(), [Kept::Committed("T-1".to_owned())]);
        let again = shop.post(&begun, "commit", sale).await.expect(200).body;
        assert_eq!(again["version"], sold["version"]);
        shop.post(&begun, "cancel", json!({})).await.problem(409, "checkout-state");
        let other = json!({"transactionId": "T-2"});
        shop.post(&begun, "commit", other).await.problem(409, "checkout-state");
        let found = shop.get(&begun).await;
        let history = found["history"].as_array().unwrap().iter();
        let history: Vec<_> = history.map(|event| event["eventType"].as_str().unwrap()).collect();
        assert_eq!(
            history,
            [
                "CheckoutRequestedEvent",
                "CheckoutStoreAcceptedEvent",
                "CheckoutStockReservedEvent",
                "CheckoutConfirmationPreparedEvent",
                "CheckoutCommitOrderedEvent",
                "CheckoutStockCommittedEvent",
                "CheckoutConfirmationCommittedEvent"
            ]
        );
        assert!(!found.to_string().contains("CUST-7"), "whom it is for is not shown");
    })
    .await;
}

#[tokio::test]
async fn a_store_in_maintenance_refuses_before_anything_is_held() {
    on_each(async |shop| {
        shop.note_store(false, 1);
        let refused =
            checkouts(&shop.app).post("", basket()).await.problem(409, "checkout-refused");
        assert_eq!(refused["refusedBy"], "store");
        assert!(refused["detail"].as_str().unwrap().contains("SP-1 is closed"), "{refused}");
        assert_eq!(steps(&shop.get(&refused).await), ["refused", "skipped", "skipped"]);
        assert_eq!(shop.app.units(1).await, [5, 0, 5]);
        assert_eq!(shop.confirmations.all(), []);
        shop.note_store(true, 2);
        let mut long = basket();
        long["ttlSeconds"] = json!(86_401);
        let refused = checkouts(&shop.app).post("", long).await.problem(409, "checkout-refused");
        assert!(refused["detail"].as_str().unwrap().contains("longestHoldSeconds"), "{refused}");
        shop.begin().await;
    })
    .await;
}

#[tokio::test]
async fn a_basket_that_is_sold_out_is_refused_by_the_inventory() {
    on_each(async |shop| {
        let mut body = basket();
        body["lines"][0]["quantity"] = json!(6);
        let refused = checkouts(&shop.app).post("", body).await.problem(409, "checkout-refused");
        assert_eq!(refused["refusedBy"], "inventory");
        assert_eq!(steps(&shop.get(&refused).await), ["accepted", "refused", "skipped"]);
        assert_eq!(shop.app.units(1).await, [5, 0, 5]);
        assert_eq!(shop.confirmations.all(), []);
    })
    .await;
}

#[tokio::test]
async fn a_confirmation_that_is_refused_releases_the_units() {
    on_each(async |shop| {
        shop.confirmations.set(Mood::Refuses);
        let refused =
            checkouts(&shop.app).post("", basket()).await.problem(409, "checkout-refused");
        assert_eq!(refused["refusedBy"], "notification");
        assert!(refused["detail"].as_str().unwrap().contains("nobody is to be told"), "{refused}");
        assert_eq!(steps(&shop.get(&refused).await), ["accepted", "rolledBack", "refused"]);
        assert_eq!(shop.app.units(1).await, [5, 0, 5]);
        assert_eq!(shop.confirmations.all(), [Kept::Dropped]);
    })
    .await;
}

#[tokio::test]
async fn a_cancellation_and_a_deadline_roll_back_everywhere() {
    on_each(async |shop| {
        let begun = shop.begin().await;
        let cancelled = shop.post(&begun, "cancel", json!({"reason": "no"})).await.expect(200).body;
        assert_eq!(cancelled["status"], "cancelled");
        assert_eq!(steps(&cancelled), ["accepted", "rolledBack", "rolledBack"]);
        assert_eq!(shop.app.units(1).await, [5, 0, 5]);
        let begun = shop.begin().await;
        shop.app.clock.move_seconds(60);
        let sale = json!({"transactionId": "T-1"});
        shop.post(&begun, "commit", sale).await.problem(410, "checkout-expired");
        let expired = shop.until(&begun, "expired").await;
        assert_eq!(steps(&expired), ["accepted", "rolledBack", "rolledBack"]);
        assert_eq!(shop.app.units(1).await, [5, 0, 5]);
        assert_eq!(shop.confirmations.all(), [Kept::Dropped, Kept::Dropped]);
    })
    .await;
}

#[tokio::test]
async fn units_that_are_gone_at_the_commit_roll_back_the_confirmation() {
    on_each(async |shop| {
        let begun = shop.begin().await;
        let release = json!({"reservationId": begun["reservationId"]});
        shop.app.post("/release", release).await.expect(200);
        let sale = json!({"transactionId": "T-1"});
        let revoked = shop.post(&begun, "commit", sale).await.problem(409, "checkout-revoked");
        assert_eq!(revoked["refusedBy"], "inventory");
        assert_eq!(steps(&shop.get(&begun).await), ["accepted", "revoked", "rolledBack"]);
        assert_eq!(shop.app.units(1).await, [5, 0, 5]);
        assert_eq!(shop.confirmations.all(), [Kept::Dropped]);
    })
    .await;
}

#[tokio::test]
async fn a_notification_service_that_is_away_delays_and_loses_nothing() {
    let shop = Shop::open("memory").await;
    shop.confirmations.set(Mood::Away);
    let begun = checkouts(&shop.app).post("", basket()).await.expect(202).body;
    assert_eq!(steps(&begun), ["accepted", "accepted", "pending"]);
    // an operator sees the step, and a retry tells why it fails
    let (sagas, id) = (shop.app.below("/api/v1/sagas"), begun["checkoutId"].as_str().unwrap());
    let failed = sagas.post(&format!("/{id}/retry"), json!({})).await;
    assert_eq!(failed.problem(409, "saga-step-failed")["lastError"], "nobody answers");
    let saga = sagas.get(&format!("/{id}")).await.expect(200).body;
    assert_eq!((&saga["kind"], &saga["state"]), (&json!("checkout"), &json!("stuck")));
    assert_eq!(
        (&saga["step"]["name"], &saga["step"]["storeId"]),
        (&json!("prepare"), &json!(STORE))
    );
    // the units are free at once, although the service is away
    let cancelled = sagas.post(&format!("/{id}/cancel"), json!({})).await.expect(200).body;
    assert_eq!(
        (&cancelled["status"], &cancelled["step"]["name"]),
        (&json!("rollingBack"), &json!("drop"))
    );
    assert_eq!(shop.app.units(1).await, [5, 0, 5]);
    shop.confirmations.set(Mood::Takes);
    shop.until(&begun, "cancelled").await;
    // a commit that is ordered is not lost either
    let begun = shop.begin().await;
    shop.confirmations.set(Mood::Away);
    let sale = json!({"transactionId": "T-9"});
    let committing = shop.post(&begun, "commit", sale).await.expect(202).body;
    assert_eq!(steps(&committing), ["accepted", "committed", "accepted"]);
    shop.confirmations.set(Mood::Takes);
    shop.until(&begun, "committed").await;
    assert!(shop.confirmations.all().contains(&Kept::Committed("T-9".to_owned())));
    drop(sagas);
    shop.app.shut_down().await;
}

#[tokio::test]
async fn without_a_notification_service_it_is_said_and_not_pretended() {
    on_each_store(async |app| {
        app.add(1, 5).await;
        let begun = checkouts(app).post("", basket()).await.expect(201).body;
        assert_eq!(steps(&begun), ["accepted", "accepted", "notServed"]);
        let mut body = basket();
        body["confirmation"] = json!("required");
        checkouts(app).post("", body.clone()).await.problem(409, "confirmation-not-served");
        body["confirmation"] = json!("notWanted");
        let begun = checkouts(app).post("", body).await.expect(201).body;
        assert_eq!(steps(&begun), ["accepted", "accepted", "notWanted"]);
        assert_eq!(app.units(1).await, [5, 4, 1]);
    })
    .await;
}

#[tokio::test]
async fn sagas_and_split_reservations_are_listed_by_kind_and_in_pages() {
    let shop = Shop::open("memory").await;
    let lines = json!([{"productId": product(1), "quantity": 1}]);
    let parts = json!({"parts": [{"storeId": STORE, "lines": lines}]});
    let held = shop.app.post("/split-reservations", parts.clone()).await.expect(201).body;
    // ids are in the order of their times
    shop.app.clock.move_seconds(1);
    let other = shop.app.post("/split-reservations", parts).await.expect(201).body;
    shop.app.clock.move_seconds(1);
    let begun = shop.begin().await;
    let position = begun["position"].as_u64().unwrap();
    let sagas = shop.app.below("/api/v1/sagas");
    let list = async |query: &str| {
        let path = format!("?minPosition={position}{query}");
        let page = sagas.get(&path).await.expect(200).body;
        let items = page["items"].as_array().unwrap().iter();
        let ids: Vec<_> = items.map(|saga| saga["sagaId"].clone()).collect();
        (ids, page["nextCursor"].clone())
    };
    let [held_id, other_id] = [&held, &other].map(|split| split["splitReservationId"].clone());
    let checkout_id = begun["checkoutId"].clone();
    assert_eq!(list("").await.0, [checkout_id.clone(), other_id.clone(), held_id.clone()]);
    assert_eq!(list("&kind=checkout").await.0, std::slice::from_ref(&checkout_id));
    assert_eq!(list("&kind=splitReservation").await.0, [other_id.clone(), held_id.clone()]);
    assert_eq!(list("&kind=transfer").await.0, Vec::<Value>::new());
    let (first, next) = list("&limit=2").await;
    assert_eq!(first, [checkout_id, other_id.clone()]);
    let (second, end) = list(&format!("&limit=2&cursor={}", next.as_str().unwrap())).await;
    assert_eq!((second, end), (vec![held_id.clone()], Value::Null));
    // a split reservation is cancelled as its release
    let path = format!("/{}/cancel", held_id.as_str().unwrap());
    let cancelled = sagas.post(&path, json!({"reason": "no"})).await.expect(200).body;
    assert_eq!((&cancelled["status"], &cancelled["state"]), (&json!("released"), &json!("ended")));
    let position = cancelled["position"].as_u64().unwrap();
    let splits = async |query: &str| {
        let path = format!("/split-reservations?minPosition={position}{query}");
        let page = shop.app.get(&path).await.expect(200).body;
        let items = page["items"].as_array().unwrap().iter();
        items.map(|split| split["splitReservationId"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(splits("").await, [other_id.clone(), held_id.clone()]);
    assert_eq!(splits("&status=active").await, [other_id]);
    assert_eq!(splits("&status=released").await, [held_id]);
    assert_eq!(splits("&delayed=true").await, Vec::<Value>::new());
    drop(sagas);
    shop.app.shut_down().await;
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused_and_a_repetition_begins_nothing() {
    let folder = TempDir::new().unwrap();
    let store = Arc::new(MemoryStore::new());
    let app = App::start_on(store, &folder.path().join("views"), midnight(), false).await;
    app.add(1, 5).await;
    let checkouts = |path: &'static str, body: Value| {
        let checkouts = checkouts(&app);
        async move { checkouts.post(path, body).await }
    };
    let mut none = basket();
    none["lines"] = json!([]);
    assert_eq!(checkouts("", none).await.problem(422, "invalid")["field"], "lines");
    let mut nowhere = basket();
    nowhere["storeId"] = Value::Null;
    nowhere["storeCode"] = json!("NOWHERE");
    assert_eq!(checkouts("", nowhere).await.status, 404);
    let unknown = "/018f9a3e-7b1c-7000-8000-000000000001/cancel";
    checkouts(unknown, json!({})).await.problem(404, "not-found");
    let repeated =
        async || self::checkouts(&app).post_with_key("", "key-1", basket()).await.expect(201);
    let (first, again) = (repeated().await, repeated().await);
    assert!(again.is_replayed() && again.body["checkoutId"] == first.body["checkoutId"]);
    assert_eq!(app.units(1).await, [5, 2, 3]);
    app.shut_down().await;
}
