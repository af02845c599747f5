//! Every shape of an event that was ever stored is still read, and the present one is written as its sample says.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use gondola_inventory::use_cases::{decode_event, encode_event};
use gondola_inventory_domain::{
    Customer, CustomerKey, CustomerRef, Event, OrderRef, PositiveQuantity, Posting, Reason,
    Reference, ReleaseCause, ReservationId, StockDelta, StockQuantity, StoreId, TransactionRef,
    TransferId,
};
use kit_core::{
    Actor, EncodedEvent, Metadata, Position, RecordedEvent, StreamId, Timestamp, Version,
};
use serde_json::{Value, json};
use uuid::Uuid;

/// The version that is written now.
const PRESENT: u16 = 1;

/// A committed sample of a shape that was ever written: `golden/{event type}.v{schema version}.json`, or with what is
/// particular about it before the ending. It has the compartments `data` and `personal`, and the time of a late fact.
struct Sample {
    /// Event type and what is particular.
    name: (String, String),
    schema_version: u16,
    occurred_at: Timestamp,
    data: Value,
    personal: Option<Value>,
}

fn golden() -> Vec<Sample> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let files = std::fs::read_dir(folder).expect("the samples lie in golden/");
    let samples = files.map(|file| sample(&file.expect("golden/ can be listed").path()));
    // those of processes have tests of their own
    let of_process = |name: &str| {
        ["Transfer", "SplitReservation", "Checkout", "PosBatch", "Stocktake"]
            .iter()
            .any(|kind| name.starts_with(kind))
    };
    samples.filter(|sample| !of_process(&sample.name.0)).collect()
}

fn sample(path: &Path) -> Sample {
    let text = std::fs::read_to_string(path).expect("a sample is text");
    let mut whole: Value = serde_json::from_str(&text).expect("a sample is JSON");
    let stem = path.file_stem().expect("a sample has a name").to_string_lossy();
    let (event_type, rest) = stem.split_once(".v").expect("a sample is called {type}.v{version}");
    let (version, particular) = rest.split_once('.').unwrap_or((rest, ""));
    Sample {
        name: (event_type.to_owned(), particular.to_owned()),
        schema_version: version.parse().expect("the version is a number"),
        occurred_at: whole["occurredAt"].as_str().map_or_else(recorded_at, moment),
        data: whole["data"].take(),
        personal: whole.get_mut("personal").map(Value::take),
    }
}

impl Sample {
    fn recorded(&self) -> RecordedEvent {
        let Self { name: (event_type, _), schema_version, occurred_at, data, personal } = self;
        recorded_of(*occurred_at, event_type, *schema_version, data, personal.as_ref())
    }
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

fn refused(event_type: &str, version: u16, data: &Value) -> String {
    let stored = recorded_of(recorded_at(), event_type, version, data, None);
    decode_event(&stored).expect_err("unreadable").to_string()
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

fn customer() -> Customer {
    Customer::InClear(CustomerRef::new("customer 17").expect("a customer"))
}

/// A customer as the log knows them since there are keys.
fn key() -> Customer {
    Customer::Key(CustomerKey::from_uuid(Uuid::from_u128(17)))
}

/// What the samples mean: each event with everything that it can carry.
fn meanings() -> [Event; 9] {
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
        transferred_out(told_at_once(-4)),
        transferred_in(told_at_once(3)),
    ]
}

fn late() -> Timestamp {
    moment("2026-11-27T06:00:00Z")
}

/// A fact that is told late and had the effect that it says.
fn told_late(units: i64) -> Posting {
    Posting { is_late: true, ..Posting::plain(late(), delta(units)) }
}

fn released(cause: ReleaseCause, quantity: i64, kept: i64) -> Event {
    let (reservation_id, quantity, kept) = (reservation(), units(quantity), stock(kept));
    Event::StockReleased { reservation_id, quantity, kept, cause, reason: None }
}

fn committed(kept: i64, posting: Posting) -> Event {
    Event::StockCommitted {
        reservation_id: reservation(),
        quantity: units(2),
        returned: stock(0),
        kept: stock(kept),
        transaction: TransactionRef::new("receipt 0815").expect("a transaction"),
        customer: None,
        posting,
    }
}

fn added(posting: Posting) -> Event {
    Event::StockAdded { quantity: units(5), reason: None, reference: None, posting }
}

fn adjusted(units: i64, posting: Posting) -> Event {
    let delta = delta(units);
    Event::StockAdjusted { delta, counted: None, reason: None, reference: None, posting }
}

fn transfer() -> TransferId {
    "019ac1d2-7b1e-7000-8000-000000000002".parse().expect("an id")
}

fn other_store() -> StoreId {
    "11111111-1111-1111-1111-111111111112".parse().expect("an id")
}

fn transferred_out(posting: Posting) -> Event {
    let (transfer_id, reservation_id, quantity) = (transfer(), reservation(), units(4));
    let destination = other_store();
    Event::StockTransferredOut { transfer_id, reservation_id, quantity, destination, posting }
}

fn transferred_in(posting: Posting) -> Event {
    let (transfer_id, quantity, from) = (transfer(), units(3), other_store());
    Event::StockTransferredIn { transfer_id, quantity, from, posting }
}

/// What the samples mean that have something particular.
fn particular_meanings() -> Vec<(&'static str, Event)> {
    let count = moment("2026-11-27T07:00:00Z");
    let short = Posting { shortfall: delta(3), ..Posting::plain(recorded_at(), delta(-2)) };
    let included = Posting { included_in_count_of: Some(count), ..told_late(0) };
    let least = Event::StockReserved {
        reservation_id: reservation(),
        quantity: units(1),
        created_at: moment("2026-11-27T08:30:00Z"),
        expires_at: moment("2026-11-27T08:35:00Z"),
        reason: None,
        order: None,
        customer: None,
    };
    let keyed = |mut event: Event| {
        if let Event::StockReserved { customer, .. } | Event::StockCommitted { customer, .. } =
            &mut event
        {
            *customer = Some(key());
        }
        event
    };
    vec![
        ("key", keyed(least.clone())),
        ("key", keyed(committed(0, told_at_once(-2)))),
        ("least", added(told_at_once(5))),
        ("late", added(told_late(5))),
        ("least", least),
        ("in-part", committed(3, told_at_once(-2))),
        ("late", committed(0, told_late(-2))),
        ("in-part", released(ReleaseCause::Cancelled, 1, 2)),
        ("expired", released(ReleaseCause::Expired, 1, 0)),
        ("partial-commit", released(ReleaseCause::PartialCommit, 1, 0)),
        ("shortage", released(ReleaseCause::Shortage, 1, 0)),
        ("least", adjusted(-1, told_at_once(-1))),
        ("shortfall", adjusted(-5, short)),
        ("late", adjusted(-5, told_late(-5))),
        ("late", transferred_out(told_late(-4))),
        ("late", transferred_in(told_late(3))),
        ("included-in-count", adjusted(-5, included)),
    ]
}

/// What every sample means, by its name.
fn all_meanings() -> HashMap<(String, String), Event> {
    let whole = meanings().into_iter().map(|event| ("", event));
    let named = |(particular, event): (&str, Event)| {
        ((event.type_name().to_owned(), particular.to_owned()), event)
    };
    whole.chain(particular_meanings()).map(named).collect()
}

#[test]
fn every_sample_of_every_version_means_what_it_meant() {
    let meanings = all_meanings();
    for sample in golden() {
        let meaning = meanings.get(&sample.name);
        let meaning = meaning.unwrap_or_else(|| panic!("what does {:?} mean?", sample.name));
        assert_eq!(decode_event(&sample.recorded()).unwrap(), *meaning, "{:?}", sample.name);
    }
}

#[test]
fn of_every_version_of_every_event_there_is_a_sample() {
    let samples = golden();
    for event in meanings() {
        let of_event = samples.iter().filter(|sample| sample.name.0 == event.type_name());
        let versions: BTreeSet<u16> = of_event.map(|sample| sample.schema_version).collect();
        let all: BTreeSet<u16> = (1..=PRESENT).collect();
        assert_eq!(versions, all, "{} needs a sample of each version", event.type_name());
    }
}

#[test]
fn events_are_written_as_their_present_samples() {
    let samples = golden();
    for (name, event) in all_meanings() {
        let sample = samples
            .iter()
            .find(|sample| sample.name == name && sample.schema_version == PRESENT)
            .unwrap_or_else(|| panic!("{name:?} needs a sample of the present version"));
        let written = encode_event(&event, Uuid::from_u128(9), recorded_at());
        assert_eq!(written.schema_version, PRESENT);
        assert_eq!(written.occurred_at, sample.occurred_at, "{name:?}");
        let data: Value = serde_json::from_str(&written.data).unwrap();
        let personal = written.personal.map(|text| serde_json::from_str::<Value>(&text).unwrap());
        assert_eq!((data, personal), (sample.data.clone(), sample.personal.clone()), "{name:?}");
    }
}

#[test]
fn customers_are_named_in_their_compartment_only() {
    for event in meanings() {
        let written = encode_event(&event, Uuid::from_u128(9), Timestamp::default());
        assert!(!written.data.contains("customer"), "{}: {}", written.event_type, written.data);
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
fn a_compartment_names_one_customer_in_one_way() {
    let data = json!({ "reservationId": reservation().as_uuid(), "quantity": 1, "returned": 0, "transactionId": "T" });
    for personal in [json!({}), json!({ "customerId": "a", "customerKey": Uuid::from_u128(17) })] {
        let stored =
            recorded_of(recorded_at(), "StockCommittedEvent", PRESENT, &data, Some(&personal));
        let told = decode_event(&stored).unwrap_err().to_string();
        assert!(told.contains("neither or both"), "{told}");
    }
}

#[test]
fn what_cannot_be_read_is_told_with_its_place() {
    let newer = refused("StockAddedEvent", PRESENT + 1, &json!({ "quantity": 1 }));
    assert!(newer.contains("position 7") && newer.contains("use a newer one"), "{newer}");
    let field = json!({ "quantity": 1, "tare": 1 });
    let grown = refused("StockAddedEvent", PRESENT, &field);
    assert!(grown.contains("position 7") && grown.contains("unknown field `tare`"), "{grown}");
    let effect = json!({ "quantity": 1, "effect": { "onHand": 1, "tare": 1 } });
    let grown = refused("StockAddedEvent", PRESENT, &effect);
    assert!(grown.contains("unknown field `tare`"), "{grown}");
    let unknown = refused("StoreRegisteredEvent", PRESENT, &json!({}));
    assert!(unknown.contains("\"StoreRegisteredEvent\""), "{unknown}");
    let broken = refused("StockAddedEvent", PRESENT, &json!({}));
    assert!(broken.contains("missing field"), "{broken}");
    let impossible = refused("StockAddedEvent", PRESENT, &json!({ "quantity": 0 }));
    assert!(impossible.contains("position 7"), "{impossible}");
}
