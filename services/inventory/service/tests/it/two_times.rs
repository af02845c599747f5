//! Business time and recorded time: facts that are told late.

use serde_json::json;
use tokio::task::JoinSet;

use crate::app::{about, on_each_store, reservation};
use crate::facts::{Door, adjust, count, history, level, minutes_ago, on_hand, receive, tell};

#[tokio::test]
async fn on_hand_follows_the_order_in_which_facts_happened() {
    on_each_store(async |app| {
        for (door, first) in [(Door::Route, 10), (Door::Bulk, 20)] {
            let again = || count(12, 10);
            tell(app, door, first, [receive(10, 60), count(12, 20), again(), again()]).await;
            tell(app, door, first + 1, [receive(100, 28_800), count(95, 14_400)]).await;
            tell(app, door, first + 2, [receive(56, 60), count(1, 10), receive(10, 20)]).await;
            tell(app, door, first + 3, [receive(57, 60), count(50, 10), adjust(-2, 20)]).await;
            tell(app, door, first + 4, [receive(100, 60), adjust(-2, 20), count(98, 10)]).await;
            tell(app, door, first + 5, [count(40, 10), count(50, 20)]).await;
            let right = [12, 95, 1, 50, 98, 40];
            for (number, right) in (first..).zip(right) {
                assert_eq!(on_hand(app, number).await, right, "{door:?} {number}");
            }

            tell(app, door, first + 6, [receive(100, 300)]).await;
            let id = reservation(first);
            let hold = json!({"quantity": 3, "reservationId": id});
            app.post("/reserve", about(first + 6, hold)).await.expect(201);
            let sale = json!({"reservationId": id, "transactionId": "T-1"});
            app.post("/commit", sale).await.expect(200);
            tell(app, door, first + 6, [count(90, 60)]).await;
            assert_eq!(on_hand(app, first + 6).await, 87, "{door:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_sale_keeps_its_own_time() {
    on_each_store(async |app| {
        app.add(1, 5).await;
        app.clock.move_seconds(600);
        app.hold(1, 1, 2).await.expect(201);
        app.clock.move_seconds(30);
        let sold_at = minutes_ago(&app.clock, 5);
        let sale =
            json!({"reservationId": reservation(1), "transactionId": "T-1", "occurredAt": sold_at});
        app.post("/commit", sale).await.expect(200);
        let sold = &history(app, 1, "").await[0];
        assert_eq!((&sold["cause"], &sold["occurredAt"]), (&json!("committed"), &json!(sold_at)));
        assert_eq!((&sold["quantity"], &sold["onHandDelta"]), (&json!(-2), &json!(-2)));
    })
    .await;
}

#[tokio::test]
async fn what_a_count_has_seen_and_what_is_missing_shows_in_the_history_and_the_views() {
    on_each_store(async |app| {
        app.add(1, 3).await;
        app.clock.move_seconds(3_600);
        let gone = json!({"delta": -5, "reason": "Offline sale"});
        app.post("/adjust", about(1, gone.clone())).await.problem(422, "quantity-out-of-range");
        let mut left = gone;
        left["alreadyLeft"] = json!(true);
        let after = app.post("/adjust", about(1, left)).await.expect(200).body;
        assert_eq!((&after["onHand"], &after["shortfall"]), (&json!(0), &json!(2)));
        let position = after["position"].as_u64().unwrap();
        let viewed = level(app, 1, &format!("?minPosition={position}")).await;
        assert_eq!(viewed["shortfall"], 2);
        assert_eq!(viewed.get("countedAt"), None);

        // a delivery of half an hour ago explains it, and leaves two
        tell(app, Door::Route, 1, [receive(4, 30)]).await;
        assert_eq!(level(app, 1, "?consistency=strong").await["shortfall"], 0);
        assert_eq!(on_hand(app, 1).await, 2);
        app.clock.move_seconds(60);
        tell(app, Door::Route, 1, [count(6, 0)]).await;
        let counted_at = app.now();
        app.clock.move_seconds(600);
        tell(app, Door::Route, 1, [receive(9, 20)]).await;
        let counted = level(app, 1, "?consistency=strong").await;
        assert_eq!((&counted["onHand"], &counted["countedAt"]), (&json!(6), &json!(counted_at)));

        let told = history(app, 1, "").await;
        let of = |place: usize, field: &str| told[place][field].clone();
        assert_eq!(of(0, "includedInCountOf"), json!(counted_at));
        assert_eq!((of(0, "quantity"), of(0, "onHandDelta")), (json!(9), json!(0)));
        assert_eq!((of(1, "quantity"), of(1, "onHandDelta")), (json!(6), json!(4)));
        let explains = (of(2, "quantity"), of(2, "onHandDelta"), of(2, "shortfallDelta"));
        assert_eq!(explains, (json!(4), json!(2), json!(-2)));
        let missing = (of(3, "quantity"), of(3, "onHandDelta"), of(3, "shortfallDelta"));
        assert_eq!(missing, (json!(-5), json!(-3), json!(2)));
    })
    .await;
}

#[tokio::test]
async fn goods_that_have_left_revoke_the_newest_promises() {
    on_each_store(async |app| {
        app.add(1, 4).await;
        app.hold(1, 1, 2).await.expect(201);
        app.clock.move_millis(10);
        app.hold(1, 2, 2).await.expect(201);
        let gone = json!({"delta": -1, "reason": "Offline sale", "alreadyLeft": true});
        app.post("/adjust", about(1, gone)).await.expect(200);
        assert_eq!(app.units(1).await, [3, 2, 1]);
        assert_eq!([app.status(1).await, app.status(2).await], ["active", "revoked"]);
    })
    .await;
}

#[tokio::test]
async fn a_fact_from_before_what_is_remembered_is_placed_all_the_same() {
    on_each_store(async |app| {
        tell(app, Door::Route, 1, [receive(5, 600)]).await;
        let gone = json!({"delta": -7, "reason": "Offline sale", "alreadyLeft": true, "occurredAt": minutes_ago(&app.clock, 500)});
        app.post("/adjust", about(1, gone)).await.expect(200);
        for _ in 0..100 {
            app.add(1, 1).await;
            app.clock.move_millis(1);
        }
        assert_eq!(on_hand(app, 1).await, 100);
        for (door, quantity, right) in [(Door::Route, 1, (100, 1)), (Door::Bulk, 3, (102, 0))] {
            tell(app, door, 1, [receive(quantity, 550)]).await;
            let level = level(app, 1, "?consistency=strong").await;
            let told = (level["onHand"].as_i64().unwrap(), level["shortfall"].as_i64().unwrap());
            assert_eq!(told, right, "{door:?}");
        }
        tell(app, Door::Bulk, 1, [count(7, 400)]).await;
        assert_eq!(on_hand(app, 1).await, 107);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn looking_back_keeps_up_with_writers_that_do_not_stop() {
    on_each_store(async |app| {
        tell(app, Door::Route, 1, [receive(1_000, 600)]).await;
        for _ in 0..100 {
            app.add(1, 1).await;
        }
        let mut writers = JoinSet::new();
        for _ in 0..4 {
            let app = app.clone();
            writers.spawn(async move {
                for _ in 0..100 {
                    app.add(1, 1).await;
                    app.clock.move_millis(1);
                }
            });
        }
        for _ in 0..20 {
            tell(app, Door::Route, 1, [adjust(-1, 500)]).await;
        }
        writers.join_all().await;
        assert_eq!(on_hand(app, 1).await, 1_000 + 100 + 400 - 20);
    })
    .await;
}
