//! Order confirmations: kept until a checkout is committed or rolled back, each done once, and delivered only after a commit.

use gondola_contracts::ConfirmedLine;
use gondola_notification::use_cases::{
    ConfirmationAnswer, ConfirmationRequest, PreparedConfirmation,
};
use serde_json::json;
use uuid::Uuid;

use crate::app::{App, store};
use crate::receiver::Receiver;

const CONFIRMED: &str = "gondola.notification.order-confirmed.v1";

fn checkout(number: u128) -> Uuid {
    Uuid::from_u128((0xC0 << 64) | number)
}

fn prepare(number: u128) -> ConfirmationRequest {
    ConfirmationRequest::Prepare(PreparedConfirmation {
        checkout_id: checkout(number),
        store_id: store(7),
        order_id: Some(format!("ORDER-{number}")),
        lines: vec![ConfirmedLine { product_id: Uuid::from_u128(3), quantity: 2 }],
    })
}

fn commit(number: u128) -> ConfirmationRequest {
    let (checkout_id, transaction_id) = (checkout(number), format!("T-{number}"));
    ConfirmationRequest::Commit { checkout_id, transaction_id }
}

fn roll_back(number: u128) -> ConfirmationRequest {
    ConfirmationRequest::Drop { checkout_id: checkout(number) }
}

async fn taken(app: &App, wanted: ConfirmationRequest) {
    let answer = app.order_confirmations.perform(wanted).await.unwrap();
    assert_eq!(answer, ConfirmationAnswer::Taken);
}

/// All of them at the same time.
async fn all_taken(app: &App, wanted: impl Iterator<Item = ConfirmationRequest>) {
    let mut asked = tokio::task::JoinSet::new();
    for one in wanted {
        let confirmations = app.order_confirmations.clone();
        asked.spawn(async move { confirmations.perform(one).await.unwrap() });
    }
    for answer in asked.join_all().await {
        assert_eq!(answer, ConfirmationAnswer::Taken);
    }
}

async fn refused(app: &App, wanted: ConfirmationRequest) -> String {
    match app.order_confirmations.perform(wanted).await.unwrap() {
        ConfirmationAnswer::Refused(why) => why,
        ConfirmationAnswer::Taken => panic!("it was taken"),
    }
}

/// A webhook that is told of confirmed orders of store 7.
async fn register(app: &App, receiver: &Receiver) -> String {
    let body = json!({"url": receiver.url, "eventTypes": [CONFIRMED], "storeIds": [store(7)]});
    let registered = app.post("", body).await.expect(201).body;
    registered["webhookId"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_confirmation_is_delivered_once_and_only_after_its_commit() {
    let (app, receiver) = (App::start().await, Receiver::start().await);
    let webhook = register(&app, &receiver).await;
    taken(&app, prepare(1)).await;
    taken(&app, prepare(1)).await;
    assert_eq!(app.deliveries(&webhook).await.len(), 0, "nothing is sent before the commit");
    taken(&app, commit(1)).await;
    taken(&app, commit(1)).await;
    let message = receiver.nth(1).await.json();
    assert_eq!((&message["type"], &message["subject"]), (&json!(CONFIRMED), &json!(checkout(1))));
    let lines = json!([{"productId": Uuid::from_u128(3), "quantity": 2}]);
    assert_eq!(
        message["data"],
        json!({
            "checkoutId": checkout(1), "storeId": store(7), "orderId": "ORDER-1", "transactionId": "T-1", "lines": lines
        })
    );
    app.await_newest(&webhook, |one| one["state"] == "delivered").await;
    // what is committed cannot be rolled back, nor prepared anew
    taken(&app, roll_back(1)).await;
    taken(&app, prepare(1)).await;
    taken(&app, commit(1)).await;
    assert_eq!(app.deliveries(&webhook).await.len(), 1);
    app.shut_down().await;
}

#[tokio::test]
async fn what_is_rolled_back_is_never_delivered_not_even_when_it_comes_late() {
    let (app, receiver) = (App::start().await, Receiver::start().await);
    let webhook = register(&app, &receiver).await;
    taken(&app, prepare(1)).await;
    taken(&app, roll_back(1)).await;
    taken(&app, roll_back(1)).await;
    // the rollback has overtaken it
    taken(&app, roll_back(2)).await;
    for number in [1, 2] {
        assert!(refused(&app, prepare(number)).await.contains("rolled back"));
        assert!(refused(&app, commit(number)).await.contains("is dropped"));
    }
    assert!(refused(&app, commit(3)).await.contains("is unknown"));
    assert_eq!(app.deliveries(&webhook).await.len(), 0);
    app.shut_down().await;
}

#[tokio::test]
async fn what_is_asked_by_http_is_done_once_and_answered_as_here() {
    let (app, receiver) = (App::start().await, Receiver::start().await);
    let webhook = register(&app, &receiver).await;
    let app = app.api();
    let prepared = json!({
        "checkoutId": checkout(1), "storeId": store(7), "orderId": "ORDER-1",
        "lines": [{"productId": Uuid::from_u128(3), "quantity": 2}]
    });
    let sale = json!({"checkoutId": checkout(1), "transactionId": "T-1"});
    for _ in 0..2 {
        let taken = app.post("/order-confirmations/prepare", prepared.clone()).await.expect(200);
        assert_eq!(taken.body, json!({"status": "taken"}));
    }
    for _ in 0..2 {
        let taken = app.post("/order-confirmations/commit", sale.clone()).await.expect(200);
        assert_eq!(taken.body, json!({"status": "taken"}));
    }
    let message = receiver.nth(1).await.json();
    assert_eq!(message["data"]["transactionId"], "T-1");
    let listed = app.get(&format!("/webhooks/{webhook}/deliveries")).await.expect(200);
    assert_eq!(listed.body["items"].as_array().unwrap().len(), 1);
    // rolled back before it came
    let other = json!({"checkoutId": checkout(2)});
    app.post("/order-confirmations/drop", other).await.expect(200);
    let mut late = prepared.clone();
    late["checkoutId"] = json!(checkout(2));
    let refused = app.post("/order-confirmations/prepare", late).await.expect(200);
    assert_eq!(refused.body["status"], "refused");
    assert!(refused.body["detail"].as_str().unwrap().contains("rolled back"));
    // what can be no confirmation
    let mut nothing = prepared;
    nothing["lines"] = json!([]);
    app.post("/order-confirmations/prepare", nothing).await.problem(422, "invalid");
    app.shut_down().await;
}

#[tokio::test]
async fn what_can_be_delivered_to_nobody_is_refused_for_ever() {
    let (app, receiver) = (App::start().await, Receiver::start().await);
    let why = refused(&app, prepare(1)).await;
    assert!(why.contains(CONFIRMED) && why.contains("POST /api/v1/webhooks"), "{why}");
    app.register(&receiver.url).await;
    let mut elsewhere = json!({"url": receiver.url, "eventTypes": [CONFIRMED]});
    elsewhere["storeIds"] = json!([store(8)]);
    app.post("", elsewhere).await.expect(201);
    refused(&app, prepare(2)).await;
    let webhook = register(&app, &receiver).await;
    assert_eq!(refused(&app, prepare(1)).await, why, "it is answered as the first time");
    taken(&app, prepare(3)).await;
    let disabled = json!({"url": receiver.url, "eventTypes": [CONFIRMED], "enabled": false});
    app.put(&format!("/{webhook}"), disabled).await.expect(200);
    refused(&app, prepare(4)).await;
    app.shut_down().await;
}

#[tokio::test]
async fn what_is_kept_outlives_a_restart_and_many_are_written_together() {
    let (app, receiver) = (App::start().await, Receiver::start().await);
    let webhook = register(&app, &receiver).await;
    all_taken(&app, (0..100).map(prepare)).await;
    all_taken(&app, (0..50).map(roll_back)).await;
    let app = App::start_on(app.shut_down().await).await;
    all_taken(&app, (50..100).map(commit)).await;
    let told = app.deliveries(&webhook).await;
    let mut told: Vec<_> = told.iter().map(|one| one["subject"].as_str().unwrap()).collect();
    told.sort_unstable();
    let expected: Vec<_> = (50..100).map(|number| checkout(number).to_string()).collect();
    assert_eq!(told, expected);
    app.shut_down().await;
}
