//! The rules of a supplier, as given, when, then.

use super::*;
use crate::{Command, Event, Refusal, decide, evolve};

fn code(text: &str) -> SupplierCode {
    SupplierCode::new(text).unwrap()
}

fn supplier() -> Supplier {
    Supplier {
        contacts: vec!["Maria|sales|+55 11 5555|maria@acme.example".parse().unwrap()],
        lead_time: Some(LeadTime::from_days(14).unwrap()),
        currency: Some(Currency::new("BRL").unwrap()),
        note: Some(Note::new("orders by noon").unwrap()),
        ..Supplier::new(code("ACME"), Name::new("Acme Ltda").unwrap())
    }
}

/// What a command does to a supplier with a history.
fn when(
    history: &[Event<Supplier>],
    command: &Command<Supplier>,
) -> Result<Vec<Event<Supplier>>, Refusal<Supplier>> {
    decide(history.iter().fold(None, evolve).as_ref(), command)
}

fn update(changes: SupplierChanges) -> Command<Supplier> {
    Command::Update(supplier().id(), changes)
}

#[test]
fn a_supplier_is_registered_once_as_given() {
    let registered = when(&[], &Command::Register(supplier())).unwrap();
    assert_eq!(registered, [Event::Registered(supplier())]);
    assert_eq!(registered[0].event_type(), "SupplierRegisteredEvent");
    let again = when(&registered, &Command::Register(supplier())).unwrap_err();
    assert_eq!(again.code(), "supplier-already-registered");
    let absent = when(&[], &update(SupplierChanges::default())).unwrap_err();
    assert_eq!(absent.code(), "supplier-not-found");
}

#[test]
fn each_field_is_changed_and_what_is_not_named_stays() {
    let registered = [Event::Registered(supplier())];
    let changes = SupplierChanges {
        contacts: Some(Vec::new()),
        lead_time: Change::Clear,
        currency: Change::Set(Currency::new("USD").unwrap()),
        status: Some(SupplierStatus::Inactive),
        ..SupplierChanges::default()
    };
    let after = Supplier {
        contacts: Vec::new(),
        lead_time: None,
        currency: Some(Currency::new("USD").unwrap()),
        status: SupplierStatus::Inactive,
        ..supplier()
    };
    assert_eq!(
        when(&registered, &update(changes.clone())),
        Ok(vec![Event::Updated(after.clone())])
    );
    // what changes nothing writes nothing
    assert_eq!(when(&[Event::Updated(after)], &update(changes)), Ok(vec![]));
    let changes = SupplierChanges {
        name: Some(Name::new("Acme S.A.").unwrap()),
        note: Change::Clear,
        ..SupplierChanges::default()
    };
    let after = Supplier { name: Name::new("Acme S.A.").unwrap(), note: None, ..supplier() };
    assert_eq!(when(&registered, &update(changes)), Ok(vec![Event::Updated(after)]));
}

#[test]
fn a_removed_supplier_comes_back() {
    let removed = Supplier { status: SupplierStatus::Removed, ..supplier() };
    assert!(removed.is_removed());
    let back =
        SupplierChanges { status: Some(SupplierStatus::Active), ..SupplierChanges::default() };
    let then = when(&[Event::Updated(removed)], &update(back));
    assert_eq!(then, Ok(vec![Event::Updated(supplier())]));
}

#[test]
fn all_spellings_of_a_code_are_one_supplier() {
    assert_eq!(SupplierId::of(&code("Acme")), SupplierId::of(&code("ACME")));
    assert_ne!(SupplierId::of(&code("ACME")), SupplierId::of(&code("ACME2")));
    // stored and told to others: it never changes
    assert_eq!(SupplierId::of(&code("Acme")).to_string(), "ace02991-3a61-5b43-957b-5f096f594438");
}
