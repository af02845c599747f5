//! People are told of alerts and of confirmed orders by the same subscriptions as of stock.

use gondola_contracts::ConfirmedLine;
use gondola_notification::use_cases::{
    ConfirmationAnswer, ConfirmationRequest, PreparedConfirmation,
};
use kit_core::{Clock as _, SystemClock};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::{App, World, store};
use crate::channels::{by_sms, through};
use crate::receiver::Receiver;

const OPENED: &str = "gondola.notification.alert-opened.v1";
const CONFIRMED: &str = "gondola.notification.order-confirmed.v1";

async fn subscribed(provider: &Receiver, more: Value) -> App {
    let world = World::at(SystemClock.now());
    let app = App::start_with(world, "127.0.0.0/8", through(provider)).await.api();
    app.post("/subscriptions", by_sms(more)).await.expect(201);
    app
}

#[tokio::test]
async fn a_person_is_told_of_an_alert_that_matters_enough() {
    let provider = Receiver::start().await;
    let wanted = json!({"eventTypes": [OPENED], "minimumSeverity": "critical", "language": "es"});
    let app = subscribed(&provider, wanted).await;
    // low is a warning by the rules that there are from the start, and nothing left is critical
    for (version, available) in [(1, 9), (2, 4), (3, 0)] {
        app.world.levels.set("level-7-3", version, available);
        app.happen("level-7-3", version).await;
    }
    let told = provider.nth(1).await.json();
    assert_eq!(told["severity"], "critical");
    assert_eq!(told["subject"], "CRÍTICO: Sin existencias: Café 3 en Loja 7");
    let all = app.get("/notifications").await.expect(200).body;
    assert_eq!(all["items"].as_array().unwrap().len(), 1, "{all}");
    app.shut_down().await;
}

#[tokio::test]
async fn a_person_who_wants_an_order_confirmed_is_enough_for_its_checkout() {
    let provider = Receiver::start().await;
    let app =
        subscribed(&provider, json!({"eventTypes": [CONFIRMED], "storeIds": [store(7)]})).await;
    let checkout_id = Uuid::from_u128(0xC1);
    let prepared = |store_id| {
        let lines = vec![ConfirmedLine { product_id: Uuid::from_u128(3), quantity: 2 }];
        let order_id = Some("ORDER-1".to_owned());
        let prepared = PreparedConfirmation { checkout_id, store_id, order_id, lines };
        ConfirmationRequest::Prepare(prepared)
    };
    let taken = app.order_confirmations.perform(prepared(store(7))).await.unwrap();
    assert_eq!(taken, ConfirmationAnswer::Taken);
    let none = app.get("/notifications").await.expect(200).body;
    assert_eq!(none["items"], json!([]), "nothing is sent before the commit");
    let transaction_id = "T-1".to_owned();
    let commit = ConfirmationRequest::Commit { checkout_id, transaction_id };
    for _ in 0..2 {
        let done = app.order_confirmations.perform(commit.clone()).await.unwrap();
        assert_eq!(done, ConfirmationAnswer::Taken);
    }
    let told = provider.nth(1).await.json();
    assert_eq!(told["subject"], "Pedido confirmado ORDER-1: Loja 7");
    let all = app.get("/notifications").await.expect(200).body;
    assert_eq!(all["items"].as_array().unwrap().len(), 1, "once: {all}");
    app.shut_down().await;
}

#[tokio::test]
async fn who_wants_orders_of_another_store_is_not_enough() {
    let provider = Receiver::start().await;
    let app =
        subscribed(&provider, json!({"eventTypes": [CONFIRMED], "storeIds": [store(8)]})).await;
    let (checkout_id, order_id) = (Uuid::from_u128(0xC2), None);
    let lines = vec![ConfirmedLine { product_id: Uuid::from_u128(3), quantity: 2 }];
    let prepared = PreparedConfirmation { checkout_id, store_id: store(7), order_id, lines };
    let asked = app.order_confirmations.perform(ConfirmationRequest::Prepare(prepared)).await;
    let ConfirmationAnswer::Refused(why) = asked.unwrap() else { panic!("it was taken") };
    assert!(why.contains("/api/v1/subscriptions"), "{why}");
    app.shut_down().await;
}
