//! Sales, cancellations and extensions: each reservation ends once, and a repetition is harmless.

use serde_json::json;

use crate::app::{App, on_each_store, reservation};

async fn extend(app: &App, id: u32, seconds: i64) -> crate::app::Answer {
    app.post("/extend", json!({"reservationId": reservation(id), "ttlSeconds": seconds})).await
}

#[tokio::test]
async fn a_sale_takes_the_units_off_the_shelf() {
    on_each_store(async |app| {
        app.add(1, 5).await;
        app.hold(1, 1, 3).await.expect(201);
        assert_eq!(app.status(1).await, "active");
        let sold = app.commit(1, "T-1").await.expect(200);
        assert_eq!(
            (&sold.body["status"], &sold.body["quantity"]),
            (&json!("committed"), &json!(3))
        );
        assert_eq!(app.units(1).await, [2, 0, 2]);
        assert_eq!(app.status(1).await, "committed");
    })
    .await;
}

#[tokio::test]
async fn the_rest_of_a_partial_sale_returns_to_the_shelf() {
    on_each_store(async |app| {
        app.add(1, 5).await;
        app.hold(1, 1, 3).await.expect(201);
        let commit = |quantity: i64| {
            json!({"reservationId": reservation(1), "transactionId": "T-1", "quantity": quantity})
        };
        app.post("/commit", commit(4)).await.problem(422, "commit-exceeds-hold");
        app.post("/commit", commit(0)).await.problem(422, "invalid");
        assert_eq!(app.units(1).await, [5, 3, 2]);
        let sold = app.post("/commit", commit(1)).await.expect(200);
        assert_eq!((&sold.body["quantity"], &sold.body["available"]), (&json!(1), &json!(4)));
        assert_eq!(app.units(1).await, [4, 0, 4]);
        let details = app.get(&format!("/reservations/{}", reservation(1))).await.expect(200);
        let line = &details.body["lines"][0];
        assert_eq!((&line["quantity"], &line["committed"]), (&json!(3), &json!(1)));
        // units that were released cannot be sold under the same reservation
        app.commit(1, "T-2").await.problem(409, "already-committed");
    })
    .await;
}

#[tokio::test]
async fn a_sale_told_twice_happens_once() {
    on_each_store(async |app| {
        app.add(1, 5).await;
        app.hold(1, 1, 3).await.expect(201);
        let first = app.commit(1, "T-1").await.expect(200);
        let again = app.commit(1, "T-1").await.expect(200);
        assert!(again.is_replayed() && !first.is_replayed());
        assert_eq!(again.body, first.body);
        assert_eq!(app.units(1).await, [2, 0, 2]);
        let other = app.commit(1, "T-2").await.problem(409, "already-committed");
        assert_eq!(
            (&other["transactionId"], &other["reservationId"]),
            (&json!("T-1"), &json!(reservation(1)))
        );
        app.release(1).await.problem(409, "already-committed");
        extend(app, 1, 60).await.problem(409, "already-committed");
        // also after the deadline it was a sale
        app.clock.move_seconds(3_600);
        assert!(app.commit(1, "T-1").await.expect(200).is_replayed());
        app.commit(1, "T-2").await.problem(409, "already-committed");
        assert_eq!(app.status(1).await, "committed");
    })
    .await;
}

#[tokio::test]
async fn a_cancelled_promise_gives_its_units_back_once() {
    on_each_store(async |app| {
        app.add(1, 5).await;
        app.hold(1, 1, 3).await.expect(201);
        let released = app.release(1).await.expect(200);
        assert_eq!(
            (&released.body["status"], &released.body["available"]),
            (&json!("released"), &json!(5))
        );
        let again = app.release(1).await.expect(200);
        assert!(again.is_replayed());
        assert_eq!(again.body["status"], "released");
        app.commit(1, "T-1").await.problem(409, "already-released");
        extend(app, 1, 60).await.problem(409, "already-released");
        assert_eq!(app.units(1).await, [5, 0, 5]);
        assert_eq!(app.status(1).await, "released");
        // a new reservation needs a new id
        app.hold(1, 1, 3).await.expect(201);
        assert_eq!(app.units(1).await, [5, 0, 5]);
        app.hold(1, 2, 3).await.expect(201);
        assert_eq!(app.units(1).await, [5, 3, 2]);
    })
    .await;
}

#[tokio::test]
async fn an_extension_moves_the_deadline_and_never_back() {
    on_each_store(async |app| {
        app.add(1, 5).await;
        app.hold(1, 1, 3).await.expect(201);
        app.clock.move_seconds(30);
        let shorter = extend(app, 1, 10).await.expect(200);
        assert_eq!(shorter.body["expiresAt"], "2026-11-27T00:01:00.000Z");
        let longer = extend(app, 1, 60).await.expect(200);
        assert_eq!(longer.body["expiresAt"], "2026-11-27T00:01:30.000Z");
        assert_eq!(longer.body["status"], "active");
        app.clock.move_millis(59_999);
        app.commit(1, "T-1").await.expect(200);
        assert_eq!(app.units(1).await, [2, 0, 2]);
    })
    .await;
}

#[tokio::test]
async fn a_promise_that_was_never_made_is_not_found() {
    on_each_store(async |app| {
        app.add(1, 5).await;
        app.commit(7, "T-1").await.problem(404, "not-found");
        app.release(7).await.problem(404, "not-found");
        extend(app, 7, 60).await.problem(404, "not-found");
        app.get(&format!("/reservations/{}", reservation(7))).await.problem(404, "not-found");
        // a refused one was never made
        app.hold(1, 7, 6).await.problem(409, "insufficient-stock");
        app.commit(7, "T-1").await.problem(404, "not-found");
    })
    .await;
}

const DAY: i64 = 24 * 60 * 60;

#[tokio::test]
async fn an_extended_reservation_is_known_and_its_id_taken_until_30_days_after_its_end() {
    on_each_store(async |app| {
        app.add(1, 5).await;
        app.add(2, 5).await;
        app.hold(1, 1, 2).await.expect(201);
        for _ in 0..31 {
            extend(app, 1, DAY).await.expect(200);
            app.clock.move_seconds(DAY - 1);
        }
        assert_eq!(app.status(1).await, "active");
        app.hold(2, 1, 1).await.problem(409, "reservation-id-taken");
        app.release(1).await.expect(200);
        // it was to last for one second more
        app.clock.move_seconds(30 * DAY);
        app.hold(2, 1, 1).await.problem(409, "reservation-id-taken");
        assert!(app.release(1).await.expect(200).is_replayed());
        app.clock.move_seconds(1);
        app.release(1).await.problem(404, "not-found");
        app.hold(2, 1, 1).await.expect(201);
        app.commit(1, "T-1").await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn an_id_made_again_is_active_though_its_first_life_ended_in_the_same_append() {
    on_each_store(async |app| {
        app.add(1, 5).await;
        app.hold(1, 1, 2).await.expect(201);
        app.clock.move_seconds(31 * DAY);
        app.hold(1, 1, 3).await.expect(201);
        assert_eq!(app.status(1).await, "active");
        app.commit(1, "T-1").await.expect(200);
    })
    .await;
}
