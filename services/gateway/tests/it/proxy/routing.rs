//! Which process gets a request, and what of a request it gets.

use std::time::Instant;

use gondola_gateway::Routing;
use serde_json::json;

use super::{Gateway, Process, RESERVATION, STORE_ID};

#[tokio::test]
async fn all_requests_about_a_store_go_to_one_process_and_stores_are_spread() {
    let processes = [Process::start().await, Process::start().await];
    let gateway = Gateway::before(&processes.each_ref().map(Process::url), Routing::Store);
    let mut of_each = [0; 2];
    for store in 0..40 {
        let path = format!("/api/v1/inventory/stores/S-{store}/products");
        let before = processes.each_ref().map(Process::requests);
        for _ in 0..3 {
            gateway.get(&path).await.expect(200);
        }
        let [one, other] = processes.each_ref().map(Process::requests);
        let more = [one - before[0], other - before[1]];
        assert!(more == [3, 0] || more == [0, 3], "{more:?}");
        of_each[usize::from(more[0] == 0)] += 1;
    }
    assert!(of_each.iter().all(|stores| *stores > 5), "{of_each:?}");
}

#[tokio::test]
async fn code_id_and_reservation_of_a_store_lead_to_the_same_process() {
    let processes = [Process::start().await, Process::start().await, Process::start().await];
    let gateway = Gateway::before(&processes.each_ref().map(Process::url), Routing::Store);
    let reserve = |body| gateway.client.post("/api/v1/inventory/reserve", body);
    // the answer tells which store the code means, and where the reservation is
    reserve(json!({"storeCode": "SP-1"})).await.expect(201);
    let before = processes.each_ref().map(Process::requests);
    for _ in 0..5 {
        reserve(json!({"storeCode": "sp-1"})).await.expect(201);
        reserve(json!({"storeId": STORE_ID})).await.expect(201);
        let commit = json!({"reservationId": RESERVATION});
        gateway.client.post("/api/v1/inventory/commit", commit).await.expect(201);
        let path = format!("/api/v1/inventory/reservations/{RESERVATION}");
        gateway.get(&path).await.expect(200);
        let path = "/api/v1/inventory/stores/SP-1/products";
        gateway.get(path).await.expect(200);
        let batch = [("x-store", "SP-1")];
        gateway.client.get_with(&batch, "/api/v1/inventory/batch").await.expect(200);
    }
    let after = processes.each_ref().map(Process::requests);
    let more: Vec<_> = after.iter().zip(before).map(|(after, before)| after - before).collect();
    assert_eq!((more.iter().sum::<usize>(), more.iter().max()), (30, Some(&30)), "{more:?}");
}

#[tokio::test]
async fn without_a_store_requests_go_round() {
    let processes = [Process::start().await, Process::start().await];
    let urls = processes.each_ref().map(Process::url);
    let store = Gateway::before(&urls, Routing::Store);
    let any = Gateway::before(&urls, Routing::Any);
    for _ in 0..10 {
        store.client.get("/api/v1/inventory/batch").await.expect(200);
        let body = json!({"storeCode": "SP-1"});
        any.client.post("/api/v1/inventory/reserve", body).await.expect(201);
    }
    assert_eq!(processes.each_ref().map(Process::requests), [10, 10]);
}

#[tokio::test]
async fn a_process_learns_who_asks_under_which_name_and_how_long_they_wait() {
    let process = Process::start().await;
    let gateway = Gateway::before(&[process.url()], Routing::Store);
    let headers = [
        ("host", "shop.example"),
        ("x-request-id", "till-7"),
        ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        ("connection", "close, x-mine"),
        ("x-mine", "1"),
        ("x-request-timeout-ms", "700"),
    ];
    let begun = Instant::now();
    let answer = gateway.client.get_with(&headers, "/api/v1/inventory/batch").await.expect(200);
    let took = u64::try_from(begun.elapsed().as_millis()).unwrap();
    assert_eq!(answer.header("x-request-id"), "till-7");
    let got = process.got.lock().unwrap()[0].clone();
    assert_eq!(got["x-request-id"], "till-7");
    assert_eq!(got["x-forwarded-host"], "shop.example");
    assert_eq!(got["host"], process.address.to_string());
    assert!(got["traceparent"].to_str().unwrap().contains("b7ad6b7169203331"));
    assert!(!got.contains_key("x-mine"), "named by connection: {got:?}");
    let time: u64 = got["x-request-timeout-ms"].to_str().unwrap().parse().unwrap();
    // what the machine took is the machine's
    assert!((500_u64.saturating_sub(took)..690).contains(&time), "{time} after {took}");
}

#[tokio::test]
async fn what_no_service_has_is_not_passed_on() {
    let process = Process::start().await;
    let gateway = Gateway::before(&[process.url()], Routing::Store);
    gateway.get("/api/v1/inventory/internal").await.problem(404, "not-found");
    assert_eq!(process.requests(), 0);
}
