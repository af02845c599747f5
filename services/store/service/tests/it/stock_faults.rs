//! What a broker and other programs may do to the news about stock: repeat them, mix them, send what cannot be read (E18, E21).

use kit_event_bus::{EventBus, MemoryBus, Message};
use kit_testkit::http::fetch;
use serde_json::{Value, json};

use crate::app::App;
use crate::stock::{expected, news, product, stock, versions};

const LEVELS: u64 = 20;
const VERSIONS: u64 = 30;

/// When a message comes for the `copy`th time. The first time it is after those that it follows; a repetition may come
/// after newer ones of its level, as when a consumer is sent back. How levels are mixed has no pattern.
fn moment(level: u64, version: u64, copy: u64) -> (u64, u64) {
    (10 * version + 13 * copy, (level * 7_919 + version * 104_729 + copy * 31) % 1_009)
}

/// Every change of every level, each one to five times.
fn repeated_and_mixed() -> Vec<Message> {
    let mut all = Vec::new();
    for (level, version) in (1..=LEVELS).flat_map(|level| (1..=VERSIONS).map(move |v| (level, v))) {
        let position = 100 * version + level;
        for copy in 0..=(level * 3 + version * 7) % 5 {
            let message = news(1, position, level.into(), version);
            all.push((moment(level, version, copy), message));
        }
    }
    all.sort_by_key(|(moment, _)| *moment);
    all.into_iter().map(|(_, message)| message).collect()
}

#[tokio::test]
async fn messages_that_come_up_to_five_times_between_others_have_their_effect_once() {
    let bus = MemoryBus::default();
    let app = App::start_with_bus(bus.clone()).await;
    let all = repeated_and_mixed();
    assert!(all.len() as u64 > 2 * LEVELS * VERSIONS, "hardly anything is repeated");
    for some in all.chunks(100) {
        bus.publish(some.to_vec()).await.unwrap();
    }
    let (last, mark) = (u128::from(LEVELS) + 1, 100 * VERSIONS + 99);
    bus.publish(vec![news(1, mark, last, 1)]).await.unwrap();

    let found = versions(&app, mark).await;
    let levels: Vec<_> =
        (1..=LEVELS).map(|level| (level.into(), VERSIONS)).chain([(last, 1)]).collect();
    assert_eq!(found, expected(&levels));
    for item in app.get(&stock("")).await.expect(200).body["items"].as_array().unwrap() {
        assert_eq!(item["onHand"], json!(10 * item["version"].as_u64().unwrap()));
    }
}

/// A readable message with something else in the place of a field.
fn with(level: u128, pointer: &str, value: Value) -> String {
    let mut document: Value = serde_json::from_str(&news(1, 1, level, 1).payload).unwrap();
    *document.pointer_mut(pointer).unwrap() = value;
    document.to_string()
}

#[tokio::test]
async fn whatever_cannot_be_read_parks_its_level_and_no_other() {
    let newer = json!("gondola.inventory.inventory-updated.v2");
    let unreadable = [
        String::new(),
        "\0\u{1}".to_owned(),
        "null".to_owned(),
        "x".repeat(1 << 20),
        "[".repeat(10_000),
        with(6, "/type", newer),
        with(7, "/type", json!("somebody.else.v1")),
        with(8, "/specversion", json!("2.0")),
        with(9, "/datacontenttype", json!("text/xml")),
        with(10, "/data/onHand", json!(-1)),
        with(11, "/data/onHand", json!(1.5)),
        with(12, "/data/available", json!("9")),
        with(13, "/data/productId", json!("PROD123456")),
        with(14, "/position", json!("-1")),
        with(15, "/position", json!("18446744073709551616")),
    ];
    let parked = u64::try_from(unreadable.len()).unwrap();
    let bus = MemoryBus::default();
    let app = App::start_with_bus(bus.clone()).await;
    for (level, payload) in (1..).zip(unreadable) {
        let message = Message { payload: payload.into(), ..news(1, 1, level, 1) };
        // what comes after it waits behind it, and what comes for another level does not
        let after = news(1, 100 + u64::try_from(level).unwrap(), level, 2);
        bus.publish(vec![message, after, news(1, 200, 100 + level, 1)]).await.unwrap();
    }
    let (healthy, mark) = (101..=100 + u128::from(parked), 300);
    bus.publish(vec![news(1, mark, 200, 1)]).await.unwrap();
    let flowing: Vec<_> = healthy.map(|level| (level, 1)).chain([(200, 1)]).collect();
    assert_eq!(versions(&app, mark).await, expected(&flowing));
    let health = fetch(&app.readiness.routes(), "/health/ready").await.expect(200);
    assert!(health.text.contains(&format!("{parked}")), "{}", health.text);

    // an operator gives the unreadable ones up: what waited behind them has its effect
    let drained = app.post("/api/v1/stock-copy/drain?dropUnreadable=true", json!({})).await;
    let told = json!({"handled": parked, "dropped": parked, "parked": 0});
    assert_eq!(drained.expect(200).body, told);
    let first = app.get(&stock(&format!("?product={}", product(1)))).await.expect(200).body;
    assert_eq!(first["items"][0]["version"], 2);
}
