//! Every shape of an event that was ever stored is still read, and the present one is written as its sample says.

use std::path::Path;

use gondola_inventory::use_cases::{decode_event, encode_event};
use gondola_inventory_domain::{
    CustomerRef, Event, OrderRef, PositiveQuantity, Posting, Reason, Reference, ReleaseCause,
    ReservationId, StockDelta, StockQuantity, TransactionRef,
};
use kit_core::{
    Actor, EncodedEvent, Metadata, Position, RecordedEvent, StreamId, Timestamp, Version,
};
use serde_json::{Value, json};
use uuid::Uuid;

/// The version that is written now.
const PRESENT: u16 = 1;

/// A committed sample: `golden/{event type}.v{schema version}.json`, with its compartments `data` and `personal`.
struct Sample {
    event_type: String,
    schema_version: u16,
    data: Value,
    personal: Option<Value>,
}

fn golden() -> Vec<Sample> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let files = std::fs::read_dir(folder).expect("the samples lie in golden/");
    let sample = |path: &Path| {
        let text = std::fs::read_to_string(path).expect("a sample is text");
        let mut whole: Value = serde_json::from_str(&text).expect("a sample is JSON");
        let stem = path.file_stem().expect("a sample has a name").to_string_lossy();
        let (name, version) = stem.split_once(".v").expect("a sample is called {type}.v{version}");
        Sample {
            event_type: name.to_owned(),
            schema_version: version.parse().expect("the version is a number"),
            data: whole["data"].take(),
            personal: whole.get_mut("personal").map(Value::take),
        }
    };
    files.map(|file| sample(&file.expect("golden/ can be listed").path())).collect()
}

fn recorded(
    event_type: &str,
    version: u16,
    data: &Value,
    personal: Option<&Value>,
) -> RecordedEvent {
    recorded_of(recorded_at(), event_type, version, data, personal)
}

fn recorded_of(
    occurred_at: Timestamp,
    event_type: &str,
    version: u16,
    data: &Value,
    personal: Option<&Value>,
) -> RecordedEvent {
    RecordedEvent {
        position: Position::new(7),
        stream: StreamId::new("inventory-1-2").expect("a stream name"),
        version: Version::new(1),
        event: EncodedEvent {
            event_id: Uuid::from_u128(9),
            event_type: event_type.to_owned().into(),
            schema_version: version,
            occurred_at,
            data: data.to_string().into(),
            personal: personal.map(|personal| personal.to_string().into()),
        },
        metadata: Metadata {
            correlation_id: Uuid::nil(),
            causation_id: Uuid::nil(),
            actor: Actor::system("test"),
            recorded_at: recorded_at(),
        },
    }
}

fn decoded(event_type: &str, data: &Value) -> Event {
    decode_event(&recorded(event_type, PRESENT, data, None)).expect("it is readable")
}

fn refused(event_type: &str, version: u16, data: &Value) -> String {
    decode_event(&recorded(event_type, version, data, None)).expect_err("unreadable").to_string()
}

fn units(units: i64) -> PositiveQuantity {
    PositiveQuantity::new(units).expect("a quantity")
}

fn stock(units: i64) -> StockQuantity {
    StockQuantity::new(units).expect("a quantity")
}

fn moment(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn reservation() -> ReservationId {
    "019ac1d2-7b1e-7000-8000-000000000001".parse().expect("an id")
}

fn delta(units: i64) -> StockDelta {
    StockDelta::new(units).expect("a difference")
}

/// The time at which every event of these tests is recorded.
fn recorded_at() -> Timestamp {
    moment("2026-11-27T08:30:00Z")
}

fn told_at_once(units: i64) -> Posting {
    Posting::plain(recorded_at(), delta(units))
}

fn reason(text: &str) -> Reason {
    Reason::new(text).expect("a reason")
}

fn reference(text: &str) -> Reference {
    Reference::new(text).expect("a reference")
}

fn customer() -> CustomerRef {
    CustomerRef::new("customer 17").expect("a customer")
}

/// What the samples mean: each event with everything that it can carry.
fn meanings() -> [Event; 7] {
    [
        Event::StockAdded {
            quantity: units(24),
            reason: Some(reason("delivery")),
            reference: Some(reference("delivery note 2026/4711")),
            posting: told_at_once(24),
        },
        Event::StockReserved {
            reservation_id: reservation(),
            quantity: units(3),
            created_at: moment("2026-11-27T08:30:00Z"),
            expires_at: moment("2026-11-27T08:35:00Z"),
            reason: Some(reason("checkout")),
            order: Some(OrderRef::new("order 9").expect("an order")),
            customer: Some(customer()),
        },
        Event::StockCommitted {
            reservation_id: reservation(),
            quantity: units(2),
            returned: stock(1),
            kept: stock(0),
            transaction: TransactionRef::new("receipt 0815").expect("a transaction"),
            customer: Some(customer()),
            posting: told_at_once(-2),
        },
        Event::StockReleased {
            reservation_id: reservation(),
            quantity: units(3),
            kept: stock(0),
            cause: ReleaseCause::Cancelled,
            reason: Some(reason("basket abandoned")),
        },
        Event::ReservationExtended {
            reservation_id: reservation(),
            expires_at: moment("2026-11-27T08:40:00Z"),
        },
        Event::StockAdjusted {
            delta: delta(-2),
            counted: Some(stock(22)),
            reason: Some(reason("stocktake")),
            reference: Some(reference("sheet 3")),
            posting: told_at_once(-2),
        },
        Event::StockPolicyChanged { safety_stock: stock(2), reorder_point: stock(10) },
    ]
}

#[test]
fn samples_of_every_version_mean_what_they_meant() {
    let samples = golden();
    for meaning in meanings() {
        let of_event = samples.iter().filter(|sample| sample.event_type == meaning.type_name());
        let mut versions = Vec::new();
        for Sample { event_type, schema_version, data, personal } in of_event {
            let stored = recorded(event_type, *schema_version, data, personal.as_ref());
            assert_eq!(decode_event(&stored).unwrap(), meaning, "{event_type} {schema_version}");
            versions.push(*schema_version);
        }
        versions.sort_unstable();
        let all: Vec<u16> = (1..=PRESENT).collect();
        assert_eq!(versions, all, "{} needs a sample of each version", meaning.type_name());
    }
}

#[test]
fn events_are_written_as_their_present_sample() {
    let samples = golden();
    for event in meanings() {
        let at = recorded_at();
        let written = encode_event(&event, Uuid::from_u128(9), at);
        assert_eq!((written.schema_version, written.occurred_at), (PRESENT, at));
        let sample = samples.iter().find(|sample| {
            sample.event_type == written.event_type && sample.schema_version == PRESENT
        });
        let sample = sample.unwrap();
        let data: Value = serde_json::from_str(&written.data).unwrap();
        let personal = written.personal.map(|text| serde_json::from_str::<Value>(&text).unwrap());
        assert_eq!(data, sample.data, "{}", written.event_type);
        assert_eq!(personal, sample.personal, "{}", written.event_type);
    }
}

#[test]
fn customers_are_named_in_their_compartment_only() {
    for event in meanings() {
        let written = encode_event(&event, Uuid::from_u128(9), Timestamp::default());
        assert!(!written.data.contains("customer"), "{}: {}", written.event_type, written.data);
    }
}

#[test]
fn what_need_not_be_said_may_be_absent() {
    let posting = told_at_once(5);
    let added = Event::StockAdded { quantity: units(5), reason: None, reference: None, posting };
    assert_eq!(decoded("StockAddedEvent", &json!({ "quantity": 5 })), added);
    let (delta, counted, posting) = (delta(-1), None, told_at_once(-1));
    let adjusted = Event::StockAdjusted { delta, counted, reason: None, reference: None, posting };
    assert_eq!(decoded("StockAdjustedEvent", &json!({ "delta": -1 })), adjusted);
    let id = reservation();
    let promise = json!({
        "reservationId": id, "quantity": 1,
        "createdAt": "2026-11-27T08:30:00.000Z", "expiresAt": "2026-11-27T08:35:00.000Z",
    });
    let reserved = decoded("StockReservedEvent", &promise);
    assert!(matches!(
        reserved,
        Event::StockReserved { reason: None, order: None, customer: None, .. }
    ));
    let written = encode_event(&added, Uuid::nil(), Timestamp::default());
    assert_eq!((&*written.data, written.personal), (r#"{"quantity":5}"#, None));
}

/// What a physical fact changed, where that is not what it says.
#[test]
fn an_effect_is_written_when_it_is_another_than_the_fact_says() {
    let late = moment("2026-11-27T06:00:00Z");
    let count = moment("2026-11-27T07:00:00Z");
    let cases = [
        (
            // told when it happened, and more than there was
            Posting { shortfall: delta(3), ..Posting::plain(recorded_at(), delta(-2)) },
            json!({ "onHand": -2, "shortfall": 3 }),
        ),
        (
            // told late, with the effect that it says: it stands at its own time
            Posting { is_late: true, ..Posting::plain(late, delta(-5)) },
            json!({ "onHand": -5 }),
        ),
        (
            Posting {
                is_late: true,
                included_in_count_of: Some(count),
                ..Posting::plain(late, delta(0))
            },
            json!({ "onHand": 0, "includedInCountOf": "2026-11-27T07:00:00.000Z" }),
        ),
    ];
    for (posting, effect) in cases {
        let delta = delta(-5);
        let event =
            Event::StockAdjusted { delta, counted: None, reason: None, reference: None, posting };
        let written = encode_event(&event, Uuid::nil(), recorded_at());
        let data: Value = serde_json::from_str(&written.data).unwrap();
        assert_eq!(data, json!({ "delta": -5, "effect": effect }));
        assert_eq!(written.occurred_at, posting.occurred_at);
        let stored = recorded_of(written.occurred_at, "StockAdjustedEvent", PRESENT, &data, None);
        assert_eq!(decode_event(&stored).unwrap(), event);
    }
}

/// Earlier releases applied what they were told in the order of telling, late or not.
#[test]
fn a_late_fact_without_an_effect_stands_where_it_was_recorded() {
    let late = moment("2026-11-20T00:00:00Z");
    let data = json!({ "delta": 95, "counted": 95 });
    let stored = recorded_of(late, "StockAdjustedEvent", PRESENT, &data, None);
    let event = decode_event(&stored).unwrap();
    let (delta, counted, posting) = (delta(95), Some(stock(95)), told_at_once(95));
    let expected = Event::StockAdjusted { delta, counted, reason: None, reference: None, posting };
    assert_eq!(event, expected);
}

#[test]
fn each_way_to_end_a_promise_has_its_word() {
    let words = [
        ("cancelled", ReleaseCause::Cancelled),
        ("expired", ReleaseCause::Expired),
        ("partialCommit", ReleaseCause::PartialCommit),
        ("shortage", ReleaseCause::Shortage),
    ];
    for (word, cause) in words {
        let data = json!({ "reservationId": reservation(), "quantity": 1, "cause": word });
        let event = decoded("StockReleasedEvent", &data);
        let (reservation_id, quantity) = (reservation(), units(1));
        let kept = stock(0);
        let released = Event::StockReleased { reservation_id, quantity, kept, cause, reason: None };
        assert_eq!(event, released);
        let written = encode_event(&event, Uuid::nil(), Timestamp::default());
        assert_eq!(serde_json::from_str::<Value>(&written.data).unwrap(), data);
    }
}

/// Units that stay held are told, and only where some do.
#[test]
fn a_hold_that_goes_on_says_with_how_many_units() {
    let sold = json!({
        "reservationId": reservation(), "quantity": 2, "returned": 0, "kept": 3, "transactionId": "receipt 0815",
    });
    let event = decoded("StockCommittedEvent", &sold);
    assert!(matches!(event, Event::StockCommitted { kept, .. } if kept == stock(3)));
    let released =
        json!({ "reservationId": reservation(), "quantity": 1, "kept": 2, "cause": "cancelled" });
    let other = decoded("StockReleasedEvent", &released);
    assert!(matches!(other, Event::StockReleased { kept, .. } if kept == stock(2)));
    for (event, data) in [(event, sold), (other, released)] {
        let written = encode_event(&event, Uuid::nil(), recorded_at());
        assert_eq!(serde_json::from_str::<Value>(&written.data).unwrap(), data);
    }
}

#[test]
fn what_cannot_be_read_is_told_with_its_place() {
    let newer = refused("StockAddedEvent", PRESENT + 1, &json!({ "quantity": 1 }));
    assert!(newer.contains("position 7") && newer.contains("use a newer one"), "{newer}");
    let unknown = refused("StoreRegisteredEvent", PRESENT, &json!({}));
    assert!(unknown.contains("\"StoreRegisteredEvent\""), "{unknown}");
    let broken = refused("StockAddedEvent", PRESENT, &json!({}));
    assert!(broken.contains("missing field"), "{broken}");
    let impossible = refused("StockAddedEvent", PRESENT, &json!({ "quantity": 0 }));
    assert!(impossible.contains("position 7"), "{impossible}");
}
