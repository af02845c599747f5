//! Two processes on one log, and two times: each looks back at what the other has recorded.

use serde_json::json;
use tempfile::TempDir;

use crate::app::{App, about};
use crate::facts::{Door, Fact, count, level, minutes_ago, on_hand, receive, tell};
use crate::shared::pair;

#[tokio::test]
async fn a_late_fact_is_decided_on_what_the_other_process_has_recorded() {
    let folder = TempDir::new().unwrap();
    let [one, other] = pair(&folder).await;
    for (number, door) in [(1, Door::Route), (2, Door::Bulk)] {
        tell(&one, door, number, [receive(10, 60)]).await;
        // the first process remembers the level without this count
        tell(&other, door, number, [count(12, 20)]).await;
        tell(&one, door, number, [receive(5, 30), count(12, 20), count(3, 40)]).await;
        tell(&other, door, number, [receive(1, 10)]).await;
        for app in [&one, &other] {
            assert_eq!(on_hand(app, number).await, 13, "{door:?}");
        }
    }
    one.shut_down().await;
    other.shut_down().await;
}

/// Tells facts about product 1; where the other process was faster, once more.
async fn tell_all(app: &App, facts: impl IntoIterator<Item = Fact>) {
    for (op, mut fields, minutes) in facts {
        fields["occurredAt"] = json!(minutes_ago(&app.clock, minutes.unwrap()));
        let body = about(1, fields);
        loop {
            let told = app.post(&format!("/{op}"), body.clone()).await;
            match (told.status.is_success(), told.body["code"].as_str()) {
                (true, _) => break,
                (false, Some("concurrency-conflict")) => tokio::task::yield_now().await,
                _ => panic!("{op}: {}", told.text),
            }
        }
    }
}

/// More facts than a state remembers, so that most of them are looked up in the log, while the other process writes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn late_facts_told_to_two_processes_at_once_end_where_their_order_leads() {
    /// A prime: its multiples come in no order.
    const MINUTES: i64 = 151;
    const COUNTED_AT: i64 = 75;
    let folder = TempDir::new().unwrap();
    let [one, other] = pair(&folder).await;
    let in_no_order = |from: i64| {
        let minutes = (from..MINUTES).step_by(2).map(|number| number * 37 % MINUTES);
        minutes.map(|minute| match minute {
            COUNTED_AT => count(7, COUNTED_AT),
            minute => receive(1, minute),
        })
    };
    tokio::join!(tell_all(&one, in_no_order(1)), tell_all(&other, in_no_order(2)));
    for app in [&one, &other] {
        // what was counted, and a unit for each minute after it
        assert_eq!(on_hand(app, 1).await, 7 + COUNTED_AT - 1);
        let then = minutes_ago(&app.clock, COUNTED_AT + 1);
        let before = level(app, 1, &format!("?effectiveAt={then}")).await;
        assert_eq!(before["onHand"], MINUTES - 1 - COUNTED_AT, "a unit for each minute up to it");
    }
    one.shut_down().await;
    other.shut_down().await;
}

#[tokio::test]
async fn both_processes_tell_the_same_of_a_past_moment() {
    let folder = TempDir::new().unwrap();
    let [one, other] = pair(&folder).await;
    one.add(1, 5).await;
    one.clock.move_seconds(1);
    other.add(1, 3).await;
    let then = one.now();
    one.clock.move_millis(1);
    one.add(1, 90).await;
    for _ in 0..2 {
        for app in [&one, &other] {
            let known = level(app, 1, &format!("?asOf={then}")).await;
            assert_eq!((&known["onHand"], &known["version"]), (&json!(8), &json!(2)));
        }
        other.add(1, 1).await;
        one.clock.move_seconds(1);
    }
    one.shut_down().await;
    other.shut_down().await;
}
