//! Every shape of a split reservation's event that was ever stored is still read, and the present one is written as its
//! sample says.

use std::collections::BTreeSet;

use gondola_inventory::process_managers::stored::StoredEvent as _;
use gondola_inventory_domain::{
    Customer, CustomerKey, CustomerRef, EndCause, OrderRef, PlannedPart, PositiveQuantity,
    ProductId, Reason, SourcingStrategy, SplitBasket, SplitReservationEvent, StoreId, TimeToLive,
    TransactionRef,
};
use kit_core::{Location, RecordedEvent, Timestamp};
use serde_json::Value;
use uuid::Uuid;

use crate::samples;

fn store(number: u64) -> StoreId {
    format!("11111111-1111-1111-1111-{number:012}").parse().unwrap()
}

fn line(units: i64) -> (ProductId, PositiveQuantity) {
    let product = "22222222-2222-2222-2222-000000000001".parse().unwrap();
    (product, PositiveQuantity::new(units).unwrap())
}

fn parts() -> Vec<PlannedPart> {
    let part = |(store, units)| PlannedPart { store, lines: vec![line(units)] };
    let [first, second] = STORES.map(store);
    [(first, 2), (second, 1)].map(part).into()
}

/// The last digits of two stores.
const STORES: [u64; 2] = [111_111_111_111, 111_111_111_112];

fn basket(near: Option<Location>, stores: Option<Vec<StoreId>>) -> SplitBasket {
    let strategy =
        if near.is_some() { SourcingStrategy::Nearest } else { SourcingStrategy::FewestParcels };
    let parcels_max = if near.is_some() { 5 } else { 20 };
    SplitBasket { lines: vec![line(3)], strategy, near, stores, parcels_max }
}

fn requested(basket: Option<SplitBasket>) -> SplitReservationEvent {
    let named = basket.is_none();
    SplitReservationEvent::Requested {
        definition: 1,
        ttl: TimeToLive::from_seconds(300).unwrap(),
        expires_at: "2026-11-27T08:35:00Z".parse().unwrap(),
        reason: named.then(|| Reason::new("checkout").unwrap()),
        order: named.then(|| OrderRef::new("O-1").unwrap()),
        customer: named.then(customer),
        basket,
        parts: if named { parts() } else { Vec::new() },
    }
}

fn asked_by_key() -> SplitReservationEvent {
    let mut asked = requested(None);
    if let SplitReservationEvent::Requested { customer, .. } = &mut asked {
        *customer = Some(key());
    }
    asked
}

fn customer() -> Customer {
    Customer::InClear(CustomerRef::new("customer 17").unwrap())
}

/// A customer as the log knows them since there are keys.
fn key() -> Customer {
    Customer::Key(CustomerKey::from_uuid(Uuid::from_u128(17)))
}

/// What the samples mean, with what is particular about each.
fn meanings() -> Vec<(&'static str, SplitReservationEvent)> {
    let here = Location::parse("-23.561414", "-46.655881").unwrap();
    let stores = Some(STORES.map(store).into());
    let transaction = || TransactionRef::new("T-1").unwrap();
    let detail = |text: &str| text.to_owned();
    let commit =
        |customer| SplitReservationEvent::CommitOrdered { transaction: transaction(), customer };
    let release = |cause, reason: Option<&str>| SplitReservationEvent::ReleaseOrdered {
        cause,
        reason: reason.map(|text| Reason::new(text).unwrap()),
    };
    vec![
        ("", requested(None)),
        ("found", requested(Some(basket(Some(here), stores)))),
        ("anywhere", requested(Some(basket(None, None)))),
        ("key", asked_by_key()),
        ("", SplitReservationEvent::Planned { parts: parts() }),
        ("", SplitReservationEvent::PlanRefused { detail: detail("not enough") }),
        ("", SplitReservationEvent::PartHeld { part: 0 }),
        ("", SplitReservationEvent::PartRefused { part: 1, detail: detail("no stock") }),
        ("", commit(Some(customer()))),
        ("least", commit(None)),
        ("key", commit(Some(key()))),
        ("", SplitReservationEvent::PartCommitted { part: 0 }),
        ("", SplitReservationEvent::PartRevoked { part: 1, detail: detail("not active") }),
        ("", release(EndCause::Requested, Some("changed my mind"))),
        ("expired", release(EndCause::Expired, None)),
        ("", SplitReservationEvent::PartReleased { part: 0 }),
        ("", SplitReservationEvent::PartReturned { part: 0 }),
        ("", SplitReservationEvent::StepDelayed { attempts: 10, detail: detail("away") }),
    ]
}

fn recorded(event_type: &str, version: u16, sample: &Value) -> RecordedEvent {
    samples::recorded("split-reservation-1", event_type, version, sample)
}

#[test]
fn every_sample_means_what_it_meant_and_is_written_so() {
    let samples = samples::of("SplitReservation");
    let mut known = BTreeSet::new();
    for (particular, event) in meanings() {
        let name = (event.type_name().to_owned(), particular.to_owned());
        let sample = samples.get(&name).unwrap_or_else(|| panic!("{name:?} needs a sample"));
        assert_eq!(SplitReservationEvent::decode(&recorded(&name.0, 1, sample)).unwrap(), event);
        let written = event.encode(Uuid::from_u128(9), Timestamp::default());
        assert_eq!((&*written.event_type, written.schema_version), (&*name.0, 1));
        let parse = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        assert_eq!(parse(&written.data), sample["data"], "{name:?}");
        assert_eq!(written.personal.as_deref().map(parse).as_ref(), sample.get("personal"));
        assert!(!written.data.contains("customer 17"), "a customer is kept apart");
        known.insert(name);
    }
    assert!(samples.keys().eq(&known), "every sample has a meaning");
    for name in SplitReservationEvent::TYPE_NAMES {
        assert!(samples.keys().any(|(event, _)| event == name), "{name} needs a sample");
    }
}

#[test]
fn what_cannot_be_read_is_told_with_its_place() {
    let refused = |event_type, version, data| {
        let sample = serde_json::json!({ "data": serde_json::from_str::<Value>(data).unwrap() });
        SplitReservationEvent::decode(&recorded(event_type, version, &sample))
            .unwrap_err()
            .to_string()
    };
    let held = "SplitReservationPartHeldEvent";
    assert!(refused(held, 2, "{}").contains("use a newer one"));
    let grown = refused(held, 1, r#"{"part":0,"tare":1}"#);
    assert!(grown.contains("position 7") && grown.contains("unknown field `tare`"), "{grown}");
    let refused_part = refused("SplitReservationPartRefusedEvent", 1, r#"{"part":0}"#);
    assert!(refused_part.contains("no detail"), "{refused_part}");
    assert!(refused("SplitLostEvent", 1, "{}").contains("\"SplitLostEvent\""));
}
