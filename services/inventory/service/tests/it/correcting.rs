//! Adjustments, counts and policies.

use gondola_inventory::use_cases::{LevelRef, ProductRef, StockAnswer, StockRequest, StoreRef};
use gondola_inventory_domain::{CountStock, OnShortage, StockQuantity};
use kit_core::{Actor, Caller, Scope};
use serde_json::{Value, json};

use crate::app::{STORE, about, ndjson, on_each_store, product, reservation};

#[tokio::test]
async fn an_adjustment_is_a_difference() {
    on_each_store(async |app| {
        app.add(1, 5).await;
        let adjust = |delta: i64| about(1, json!({"delta": delta, "reason": "Breakage"}));
        let level = app.post("/adjust", adjust(-2)).await.expect(200);
        let told = ["onHand", "reserved", "available", "offered", "version", "position"];
        let told = told.map(|field| level.body[field].as_u64().unwrap());
        assert_eq!(told, [3, 0, 3, 3, 2, 2]);
        app.post("/adjust", adjust(4)).await.expect(200);
        assert_eq!(app.units(1).await, [7, 0, 7]);
        app.post("/adjust", adjust(-8)).await.problem(422, "quantity-out-of-range");
        app.post("/adjust", adjust(999_999_994)).await.problem(422, "quantity-out-of-range");
        app.post("/adjust", adjust(0)).await.problem(422, "nothing-to-adjust");
        assert_eq!(app.units(1).await, [7, 0, 7]);
    })
    .await;
}

#[tokio::test]
async fn promised_units_that_are_gone_are_a_shortage_or_revoke_the_newest() {
    on_each_store(async |app| {
        app.add(1, 6).await;
        for id in 1..=3 {
            app.clock.move_millis(10);
            app.hold(1, id, 2).await.expect(201);
        }
        let count = |policy: &str| about(1, json!({"counted": 3, "onShortage": policy}));
        let refused = app.post("/count", count("refuse")).await.problem(409, "below-reserved");
        let told = ["onHandAfter", "reserved", "shortage"].map(|field| refused[field].clone());
        assert_eq!(told, [json!(3), json!(6), json!(3)]);
        assert_eq!(app.units(1).await, [6, 6, 0]);
        app.post("/adjust", about(1, json!({"delta": -1, "reason": "Theft"})))
            .await
            .problem(409, "below-reserved");

        let counted = app.post("/count", count("revoke")).await.expect(200);
        assert_eq!((&counted.body["onHand"], &counted.body["reserved"]), (&json!(3), &json!(2)));
        assert_eq!(
            [app.status(1).await, app.status(2).await, app.status(3).await],
            ["active", "revoked", "revoked"]
        );
        app.commit(3, "T-3").await.problem(409, "reservation-revoked");
        app.commit(1, "T-1").await.expect(200);
        assert_eq!(app.units(1).await, [1, 0, 1]);

        app.hold(1, 4, 1).await.expect(201);
        let theft = json!({"delta": -1, "reason": "Theft", "onShortage": "revoke"});
        app.post("/adjust", about(1, theft)).await.expect(200);
        assert_eq!(app.units(1).await, [0, 0, 0]);
        assert_eq!(app.status(4).await, "revoked");
    })
    .await;
}

#[tokio::test]
async fn overdue_promises_are_no_shortage() {
    on_each_store(async |app| {
        app.add(1, 5).await;
        app.hold(1, 1, 5).await.expect(201);
        app.clock.move_seconds(60);
        app.post("/count", about(1, json!({"counted": 1}))).await.expect(200);
        assert_eq!(app.units(1).await, [1, 0, 1]);
        assert_eq!(app.status(1).await, "expired");
    })
    .await;
}

#[tokio::test]
async fn a_count_of_the_past_does_not_undo_what_happened_since() {
    on_each_store(async |app| {
        app.add(1, 10).await;
        app.clock.move_seconds(600);
        let counted_at = app.now();
        app.clock.move_seconds(600);
        // after the shelf was counted: three are sold, four delivered, one reserved
        app.hold(1, 1, 3).await.expect(201);
        app.commit(1, "T-1").await.expect(200);
        app.add(1, 4).await;
        app.hold(1, 2, 1).await.expect(201);
        assert_eq!(app.units(1).await, [11, 1, 10]);
        app.clock.move_seconds(59);
        let count = json!({"counted": 9, "occurredAt": counted_at, "reason": "Stocktake", "reference": "ST-1"});
        let level = app.post("/count", about(1, count)).await.expect(200);
        assert_eq!(level.body["onHand"], 10);
        assert_eq!(app.units(1).await, [10, 1, 9]);

        let event = &app.get("/events?after=5").await.expect(200).body["items"][0];
        assert_eq!((&event["data"]["delta"], &event["data"]["counted"]), (&json!(-1), &json!(9)));
        assert_eq!(event["occurredAt"], json!(counted_at));
        assert_ne!(event["recordedAt"], event["occurredAt"]);
        // an older count than the latest changes nothing
        let count = json!({"counted": 1, "occurredAt": "2026-11-26T00:00:00Z"});
        app.post("/count", about(1, count)).await.expect(200);
        assert_eq!(app.units(1).await, [10, 1, 9]);
    })
    .await;
}

#[tokio::test]
async fn a_late_count_means_the_same_wherever_it_comes_in() {
    on_each_store(async |app| {
        let numbers = [1, 2, 3];
        for number in numbers {
            app.add(number, 10).await;
        }
        app.clock.move_seconds(600);
        let counted_at = app.now();
        app.clock.move_seconds(600);
        for number in numbers {
            app.hold(number, number, 3).await.expect(201);
            app.commit(number, "T-1").await.expect(200);
        }
        let count = |number| about(number, json!({"counted": 9, "occurredAt": counted_at}));
        // a route
        app.post("/count", count(1)).await.expect(200);
        // a bulk write
        let mut line = count(2);
        line["op"] = json!("count");
        let request = http::Request::post("/api/v1/inventory/batch")
            .header("content-type", "application/x-ndjson");
        app.call(request.body(ndjson(&[line]).into()).unwrap()).await.expect(200);
        // a group without HTTP, as an import sends it
        let caller = Caller {
            actor: Actor::system("test:import"),
            correlation_id: uuid::Uuid::from_u128(1),
            idempotency: None,
            scope: Scope::All,
        };
        let request = StockRequest::CountStock {
            level: LevelRef {
                store: StoreRef::Id(STORE.parse().unwrap()),
                product: ProductRef::Id(product(3).parse().unwrap()),
            },
            count: CountStock {
                counted: StockQuantity::new(9).unwrap(),
                reason: None,
                reference: None,
                occurred_at: Some(counted_at),
                on_shortage: OnShortage::Refuse,
            },
        };
        let performed = app.context.commands.perform_all(vec![(request, caller)]).await;
        let [Ok(receipt)] = performed.as_slice() else { panic!("{performed:?}") };
        assert!(matches!(receipt.answer, StockAnswer::Level(level) if level.on_hand == 6));
        for number in numbers {
            assert_eq!(app.units(number).await, [6, 0, 6], "product {number}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_count_that_agrees_is_recorded_too() {
    on_each_store(async |app| {
        app.add(1, 5).await;
        let level = app.post("/count", about(1, json!({"counted": 5}))).await.expect(200);
        assert_eq!((&level.body["onHand"], &level.body["version"]), (&json!(5), &json!(2)));
        let first = app.post("/count", about(2, json!({"counted": 0}))).await.expect(200);
        assert_eq!((&first.body["onHand"], &first.body["version"]), (&json!(0), &json!(1)));
    })
    .await;
}

#[tokio::test]
async fn a_policy_keeps_what_it_does_not_name() {
    on_each_store(async |app| {
        app.add(1, 9).await;
        let policy = |fields: Value| about(1, fields);
        app.post("/policy", policy(json!({"safetyStock": 2, "reorderPoint": 5}))).await.expect(200);
        let level = app.post("/policy", policy(json!({"safetyStock": 3}))).await.expect(200);
        let told = ["safetyStock", "reorderPoint", "available", "offered", "version"];
        let told = told.map(|field| level.body[field].as_u64().unwrap());
        assert_eq!(told, [3, 5, 9, 6, 3]);
        // nothing new: no event
        let same = app.post("/policy", policy(json!({"safetyStock": 3}))).await.expect(200);
        assert_eq!(same.body["version"], 3);
    })
    .await;
}

#[tokio::test]
async fn business_time_comes_from_the_till_and_not_from_the_future() {
    on_each_store(async |app| {
        let add = |at: &str| about(1, json!({"quantity": 1, "occurredAt": at, "reference": "D-1"}));
        app.post("/stock", add("2026-11-20T10:00:00-03:00")).await.expect(201);
        let event = &app.get("/events").await.expect(200).body["items"][0];
        assert_eq!(event["occurredAt"], "2026-11-20T13:00:00.000Z");
        assert_eq!(event["recordedAt"], "2026-11-27T00:00:00.000Z");
        assert_eq!(event["stream"], format!("inventory-{}-{}", product(1), crate::app::STORE));
        app.post("/stock", add("2026-11-27T00:06:00Z")).await.problem(422, "occurred-in-future");
        app.post("/stock", add("yesterday")).await.problem(422, "invalid");
        // a count may not lie in the future either, nor be placed there
        let count = about(1, json!({"counted": 1, "occurredAt": "2026-11-27T00:06:00Z"}));
        app.post("/count", count).await.problem(422, "occurred-in-future");
        app.hold(1, 1, 1).await.expect(201);
        let id = reservation(1);
        assert_eq!(
            app.get(&format!("/reservations/{id}")).await.expect(200).body["createdAt"],
            "2026-11-27T00:00:00.000Z"
        );
    })
    .await;
}
