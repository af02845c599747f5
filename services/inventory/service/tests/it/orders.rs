//! Committing and releasing by the order that a reservation was made for.

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::app::{App, about, ndjson, on_each_store, reservation};

/// Holds a unit of a product for an order, for a minute.
async fn hold(app: &App, id: u32, order: &str) {
    let body = json!({"quantity": 1, "reservationId": reservation(id), "orderId": order, "ttlSeconds": 60});
    app.post("/reserve", about(1, body)).await.expect(201);
}

fn commit(order: &str, transaction: &str) -> Value {
    json!({"orderId": order, "transactionId": transaction})
}

#[tokio::test]
async fn a_reservation_is_committed_and_released_by_its_order_as_soon_as_it_is_made() {
    on_each_store(async |app| {
        app.add(1, 300).await;
        // each right after its hold, which no view has seen yet
        for number in 1..=100 {
            let order = format!("WEB {number}/a");
            hold(app, number, &order).await;
            let done = if number % 2 == 0 {
                app.post("/commit", commit(&order, &format!("T-{number}"))).await
            } else {
                app.post("/release", json!({"orderId": order, "reason": "left"})).await
            };
            let done = done.expect(200).body;
            assert_eq!(done["reservationId"], reservation(number), "{done}");
            assert_eq!(done["status"], if number % 2 == 0 { "committed" } else { "released" });
        }
        assert_eq!(app.units(1).await, [250, 0, 250]);
    })
    .await;
}

#[tokio::test]
async fn of_several_reservations_the_active_one_is_meant_and_a_repetition_sells_nothing_more() {
    on_each_store(async |app| {
        app.add(1, 10).await;
        hold(app, 1, "W-1").await;
        app.clock.move_seconds(61);
        app.post("/commit", commit("W-1", "T-1")).await.problem(410, "reservation-expired");
        // the customer comes back
        hold(app, 2, "W-1").await;
        let sold = app.post("/commit", commit("W-1", "T-1")).await.expect(200).body;
        assert_eq!(sold["reservationId"], reservation(2));
        let again = app.post("/commit", commit("W-1", "T-1")).await.expect(200).body;
        assert_eq!(
            (&again["reservationId"], &again["status"]),
            (&json!(reservation(2)), &json!("committed"))
        );
        // another for the same order: the answer to the first sale was lost, and comes again
        hold(app, 3, "W-1").await;
        let again = app.post("/commit", commit("W-1", "T-1")).await.expect(200).body;
        assert_eq!(again["reservationId"], reservation(2));
        assert_eq!(app.status(3).await, "active");
        let other = app.post("/commit", commit("W-1", "T-2")).await.expect(200).body;
        assert_eq!(other["reservationId"], reservation(3));
        assert_eq!(app.units(1).await, [8, 0, 8]);
    })
    .await;
}

#[tokio::test]
async fn an_order_with_two_active_reservations_is_refused_with_their_ids_and_nothing_is_done() {
    on_each_store(async |app| {
        app.add(1, 10).await;
        hold(app, 1, "W-1").await;
        app.clock.move_seconds(1);
        hold(app, 2, "W-1").await;
        for (path, body) in
            [("/commit", commit("W-1", "T-1")), ("/release", json!({"orderId": "W-1"}))]
        {
            let problem = app.post(path, body).await.problem(409, "several-reservations");
            assert_eq!(problem["reservationIds"], json!([reservation(1), reservation(2)]));
            assert_eq!(app.units(1).await, [10, 2, 8]);
        }
        app.release(1).await.expect(200);
        let sold = app.post("/commit", commit("W-1", "T-1")).await.expect(200).body;
        assert_eq!(sold["reservationId"], reservation(2));
    })
    .await;
}

#[tokio::test]
async fn what_is_no_order_is_told_with_what_to_do() {
    let app = App::start("memory").await;
    app.add(1, 10).await;
    app.hold(1, 1, 1).await.expect(201);
    let problem = app.post("/commit", commit("W-9", "T-1")).await.problem(404, "not-found");
    let told = problem["detail"].as_str().unwrap();
    assert!(told.contains("W-9") && told.contains("reservationId"), "{told}");
    let both = json!({"orderId": "W-1", "reservationId": reservation(1)});
    for body in [json!({}), both] {
        let problem = app.post("/release", body).await.problem(422, "invalid");
        assert_eq!(problem["field"], "reservationId");
    }
    let line = json!({"op": "release", "orderId": "W-1"});
    let answer = app.batch(ndjson(&[line])).await.expect(200);
    assert!(answer.text.contains("names its reservation by reservationId"), "{}", answer.text);
    app.shut_down().await;
}

/// The other process has written it, and this one may not know yet how far the log is.
#[tokio::test]
async fn a_basket_of_an_order_is_sold_by_another_process_as_soon_as_it_is_held() {
    let folder = TempDir::new().unwrap();
    let [one, other] = crate::shared::pair(&folder).await;
    one.add(1, 100).await;
    for number in 1..=50 {
        let order = format!("W-{number}");
        hold(&one, number, &order).await;
        let sold = other.post("/commit", commit(&order, "T-1")).await.expect(200).body;
        assert_eq!(sold["reservationId"], reservation(number));
    }
    one.shut_down().await;
    other.shut_down().await;
}
