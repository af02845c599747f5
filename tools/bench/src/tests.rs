//! The bench against a small shop in memory: honest answers pass, every kind of lie is found.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use uuid::Uuid;

use super::load::StopCondition;
use super::report::Row;
use super::run::{Place, run};
use super::scenario::Scenario;

/// How a shop deviates from the truth.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lie {
    None,
    /// Every hundredth hold is accepted and forgotten.
    Forgets,
    /// One unit more than there is can be held.
    Oversells,
    /// The views miss every hundredth hold.
    StaleViews,
    /// Every hundredth hold is answered with a server error.
    Fails,
}

#[derive(Clone, Copy, Default)]
struct Level {
    on_hand: u64,
    reserved: u64,
    missed_by_views: u64,
}

struct Books {
    lie: Lie,
    levels: HashMap<(Uuid, Uuid), Level>,
    holds: u64,
}

type Shop = Arc<Mutex<Books>>;
type Answer = (StatusCode, Json<Value>);

impl Books {
    fn level(&mut self, body: &Value) -> &mut Level {
        self.levels.entry((id(body, "storeId"), id(body, "productId"))).or_default()
    }

    fn stock(&mut self, body: &Value) -> Answer {
        let level = self.level(body);
        level.on_hand += body["quantity"].as_u64().unwrap();
        let (on_hand, reserved) = (level.on_hand, level.reserved);
        let answer = json!({"status": 201, "onHand": on_hand, "reserved": reserved, "position": 7});
        (StatusCode::CREATED, Json(answer))
    }

    fn count(&mut self, body: &Value) -> Answer {
        let unlucky = self.lie == Lie::Forgets;
        let level = self.level(body);
        level.on_hand = body["counted"].as_u64().unwrap() + u64::from(unlucky);
        (StatusCode::OK, Json(json!({"status": 200, "position": 7})))
    }

    fn reserve(&mut self, body: &Value) -> Answer {
        self.holds += 1;
        let (lie, unlucky) = (self.lie, self.holds.is_multiple_of(100));
        if lie == Lie::Fails && unlucky {
            return (
                StatusCode::INTERNAL_SERVER_ERROR,
                Json(json!({"status": 500, "code": "internal"})),
            );
        }
        let level = self.level(body);
        let limit = level.on_hand + u64::from(lie == Lie::Oversells);
        if level.reserved >= limit {
            let problem = json!({"status": 409, "code": "insufficient-stock"});
            return (StatusCode::CONFLICT, Json(problem));
        }
        if lie != Lie::Forgets || !unlucky {
            level.reserved += 1;
        }
        level.missed_by_views += u64::from(lie == Lie::StaleViews && unlucky);
        // the store's id serves as the reservation's: enough for a shop with one product
        let answer = json!({"status": 201, "reservationId": body["storeId"]});
        (StatusCode::CREATED, Json(answer))
    }
}

fn id(body: &Value, name: &str) -> Uuid {
    body[name].as_str().unwrap().parse().unwrap()
}

async fn stock(State(shop): State<Shop>, Json(body): Json<Value>) -> Answer {
    shop.lock().unwrap().stock(&body)
}

async fn reserve(State(shop): State<Shop>, Json(body): Json<Value>) -> Answer {
    shop.lock().unwrap().reserve(&body)
}

async fn batch(State(shop): State<Shop>, lines: String) -> String {
    let mut shop = shop.lock().unwrap();
    let answer = |line: &str| {
        let body: Value = serde_json::from_str(line).unwrap();
        let (_, Json(answer)) = match body["op"].as_str() {
            Some("stock") => shop.stock(&body),
            Some("count") => shop.count(&body),
            _ => shop.reserve(&body),
        };
        format!("{answer}\n")
    };
    lines.lines().map(answer).collect()
}

async fn level(
    State(shop): State<Shop>,
    Path(key): Path<(Uuid, Uuid)>,
    Query(query): Query<HashMap<String, String>>,
) -> Json<Value> {
    let level = shop.lock().unwrap().levels[&key];
    let missed = if query.contains_key("consistency") { 0 } else { level.missed_by_views };
    let reserved = level.reserved - missed;
    Json(json!({"onHand": level.on_hand, "reserved": reserved, "position": 7}))
}

async fn open(lie: Lie) -> SocketAddr {
    let books = Books { lie, levels: HashMap::new(), holds: 0 };
    let routes = Router::new()
        .route("/api/v1/inventory/stock", post(stock))
        .route("/api/v1/inventory/reserve", post(reserve))
        .route("/api/v1/inventory/batch", post(batch))
        .route("/api/v1/inventory/stores/{store}/products/{product}", get(level))
        .with_state(Arc::new(Mutex::new(books)));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, routes).await });
    address
}

async fn row_of(lie: Lie, scenario: Scenario, requests: u64) -> Row {
    let place = Place::Elsewhere(vec![open(lie).await]);
    run(&place, scenario, 8, StopCondition::Requests(requests)).await.unwrap()
}

async fn failed_checks(lie: Lie, scenario: Scenario) -> Vec<&'static str> {
    let requests = match scenario {
        Scenario::SoldOut => 60_000,
        _ => 1_000,
    };
    row_of(lie, scenario, requests).await.failed_checks()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_honest_shop_passes_and_all_its_answers_are_counted() {
    let row = row_of(Lie::None, Scenario::Hot, 1_000).await;
    assert!(row.failed_checks().is_empty());
    assert_eq!((row.accepted, row.errors), (1_000, 0));
    assert!(row.operations_per_second > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_hold_is_found() {
    let failed = failed_checks(Lie::Forgets, Scenario::Hot).await;
    assert_eq!(failed, ["stock by the log", "stock by the views"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn views_that_differ_from_the_log_are_found() {
    let failed = failed_checks(Lie::StaleViews, Scenario::Hot).await;
    assert_eq!(failed, ["stock by the views"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_without_reason_is_found() {
    let failed = failed_checks(Lie::Fails, Scenario::Hot).await;
    assert_eq!(failed, ["refused in all"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_unit_too_many_is_found() {
    let failed = failed_checks(Lie::Oversells, Scenario::SoldOut).await;
    assert_eq!(failed, ["refused for want of stock", "refused in all", "accepted"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lines_of_a_bulk_request_are_counted_one_by_one() {
    let row = row_of(Lie::None, Scenario::BulkReserve, 5).await;
    assert!(row.failed_checks().is_empty());
    assert_eq!(row.accepted, 5_000);

    let row = row_of(Lie::Fails, Scenario::BulkReserve, 5).await;
    assert_eq!(row.failed_checks(), ["refused in all"]);
    assert_eq!((row.accepted, row.refused["500 internal"]), (4_950, 50));
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_that_confirm_what_there_is_leave_it() {
    let row = row_of(Lie::None, Scenario::BulkCount, 5).await;
    assert!(row.failed_checks().is_empty());
    assert_eq!(row.accepted, 5_000);
    let row = row_of(Lie::Forgets, Scenario::BulkCount, 5).await;
    assert_eq!(row.failed_checks(), ["stock by the log", "stock by the views"]);
}
