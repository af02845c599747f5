//! Every shape of a checkout's event that was ever stored is still read, and the present one is written as its
//! sample says.

use std::collections::BTreeSet;

use gondola_inventory::process_managers::stored::StoredEvent as _;
use gondola_inventory_domain::{
    CheckoutEvent, Confirmation, Customer, CustomerKey, CustomerRef, EndCause, OrderRef,
    PositiveQuantity, Reason, TimeToLive, TransactionRef,
};
use kit_core::{RecordedEvent, Timestamp};
use serde_json::Value;
use uuid::Uuid;

use crate::samples;

fn customer() -> Customer {
    Customer::InClear(CustomerRef::new("customer 17").unwrap())
}

/// A customer as the log knows them where there are keys.
fn key() -> Customer {
    Customer::Key(CustomerKey::from_uuid(Uuid::from_u128(17)))
}

fn requested(confirmation: Confirmation) -> CheckoutEvent {
    let is_named = confirmation == Confirmation::Asked;
    let product = "22222222-2222-2222-2222-000000000001".parse().unwrap();
    CheckoutEvent::Requested {
        definition: 1,
        store: "11111111-1111-1111-1111-111111111111".parse().unwrap(),
        lines: vec![(product, PositiveQuantity::new(2).unwrap())],
        ttl: TimeToLive::from_seconds(300).unwrap(),
        expires_at: "2026-11-27T08:35:00Z".parse().unwrap(),
        reason: is_named.then(|| Reason::new("checkout").unwrap()),
        order: is_named.then(|| OrderRef::new("O-1").unwrap()),
        customer: is_named.then(customer),
        confirmation,
    }
}

/// What the samples mean, with what is particular about each.
fn meanings() -> Vec<(&'static str, CheckoutEvent)> {
    let detail = || "no".to_owned();
    let transaction = || TransactionRef::new("T-1").unwrap();
    let commit = |customer| CheckoutEvent::CommitOrdered { transaction: transaction(), customer };
    let roll_back = |cause, reason: Option<&str>| CheckoutEvent::RollbackOrdered {
        cause,
        reason: reason.map(|text| Reason::new(text).unwrap()),
    };
    vec![
        ("", requested(Confirmation::Asked)),
        ("notServed", requested(Confirmation::NotServed)),
        ("notWanted", requested(Confirmation::NotWanted)),
        ("", CheckoutEvent::StoreAccepted),
        ("", CheckoutEvent::StoreRefused { detail: detail() }),
        ("", CheckoutEvent::StockReserved),
        ("", CheckoutEvent::StockRefused { detail: detail() }),
        ("", CheckoutEvent::ConfirmationPrepared),
        ("", CheckoutEvent::ConfirmationRefused { detail: detail() }),
        ("", commit(Some(customer()))),
        ("key", commit(Some(key()))),
        ("least", commit(None)),
        ("", CheckoutEvent::StockCommitted),
        ("", CheckoutEvent::StockRevoked { detail: detail() }),
        ("", CheckoutEvent::ConfirmationCommitted),
        ("", roll_back(EndCause::Requested, Some("changed my mind"))),
        ("expired", roll_back(EndCause::Expired, None)),
        ("", CheckoutEvent::StockReleased),
        ("", CheckoutEvent::ConfirmationDropped),
        ("", CheckoutEvent::StepDelayed { attempts: 10, detail: "away".to_owned() }),
    ]
}

fn recorded(event_type: &str, version: u16, sample: &Value) -> RecordedEvent {
    samples::recorded("checkout-1", event_type, version, sample)
}

#[test]
fn every_sample_means_what_it_meant_and_is_written_so() {
    let samples = samples::of("Checkout");
    let mut known = BTreeSet::new();
    for (particular, event) in meanings() {
        let name = (event.type_name().to_owned(), particular.to_owned());
        let sample = samples.get(&name).unwrap_or_else(|| panic!("{name:?} needs a sample"));
        assert_eq!(CheckoutEvent::decode(&recorded(&name.0, 1, sample)).unwrap(), event);
        let written = event.encode(Uuid::from_u128(9), Timestamp::default());
        assert_eq!((&*written.event_type, written.schema_version), (&*name.0, 1));
        let parse = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        assert_eq!(parse(&written.data), sample["data"], "{name:?}");
        assert_eq!(written.personal.as_deref().map(parse).as_ref(), sample.get("personal"));
        assert!(!written.data.contains("customer 17"), "a customer is kept apart");
        known.insert(name);
    }
    assert!(samples.keys().eq(&known), "every sample has a meaning");
    for name in CheckoutEvent::TYPE_NAMES {
        assert!(samples.keys().any(|(event, _)| event == name), "{name} needs a sample");
    }
}

#[test]
fn what_cannot_be_read_is_told_with_its_place() {
    let refused = |event_type, version, data| {
        let sample = serde_json::json!({ "data": serde_json::from_str::<Value>(data).unwrap() });
        CheckoutEvent::decode(&recorded(event_type, version, &sample)).unwrap_err().to_string()
    };
    let held = "CheckoutStockReservedEvent";
    assert!(refused(held, 2, "{}").contains("use a newer one"));
    let grown = refused(held, 1, r#"{"tare":1}"#);
    assert!(grown.contains("position 7") && grown.contains("unknown field `tare`"), "{grown}");
    let silent = refused("CheckoutStoreRefusedEvent", 1, "{}");
    assert!(silent.contains("missing field `detail`"), "{silent}");
    assert!(refused("CheckoutLostEvent", 1, "{}").contains("\"CheckoutLostEvent\""));
}
