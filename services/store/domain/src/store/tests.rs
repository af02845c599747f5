//! The rules of a store, as given, when, then.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{Command, Event, Refusal, decide, evolve};

fn store() -> Store {
    Store {
        city: Some(Label::new("CEDAR FALLS").unwrap()),
        address: Some(Address::new("2217 COLLEGE").unwrap()),
        postal_code: Some(PostalCode::new("50613").unwrap()),
        location: Some(Location::parse("42.517182", "-92.455796").unwrap()),
        ..Store::new(
            StoreId::from_uuid(Uuid::from_u128(1)),
            StoreCode::new("2106").unwrap(),
            Name::new("HILLSTREET NEWS AND TOBACCO").unwrap(),
            Label::new("IA").unwrap(),
        )
    }
}

fn reason(text: &str) -> StatusReason {
    StatusReason::new(text).unwrap()
}

fn update(changes: StoreChanges) -> Command<Store> {
    Command::Update(store().store_id, changes)
}

/// The state after a history, and what a command does to it.
struct Given(Option<Store>);

fn given(history: &[Event<Store>]) -> Given {
    Given(history.iter().fold(None, evolve))
}

impl Given {
    fn when(&self, command: &Command<Store>) -> Result<Vec<Event<Store>>, Refusal<Store>> {
        decide(self.0.as_ref(), command)
    }
}

#[test]
fn a_new_store_is_registered_as_given() {
    let then = given(&[]).when(&Command::Register(store()));
    assert_eq!(then, Ok(vec![Event::Registered(store())]));
}

#[test]
fn a_registered_store_is_not_registered_again() {
    let other = Store { code: StoreCode::new("2130").unwrap(), ..store() };
    let refusal = given(&[Event::Registered(store())]).when(&Command::Register(other)).unwrap_err();
    assert_eq!(refusal.code(), "store-already-registered");
    assert!(refusal.to_string().contains("with code 2106"), "{refusal}");
}

#[test]
fn an_absent_store_is_not_updated() {
    let closing = StoreChanges { status: Some(StoreStatus::Closed), ..StoreChanges::default() };
    let refusal = given(&[]).when(&update(closing)).unwrap_err();
    assert_eq!(refusal, Refusal::NotFound { id: store().store_id });
    assert_eq!(refusal.code(), "store-not-found");
}

#[test]
fn an_update_keeps_what_it_does_not_name() {
    let changes = StoreChanges {
        name: Some(Name::new("Hillstreet").unwrap()),
        address: Change::Clear,
        status: Some(StoreStatus::Closed),
        ..StoreChanges::default()
    };
    let then = given(&[Event::Registered(store())]).when(&update(changes));
    let after = Store {
        name: Name::new("Hillstreet").unwrap(),
        address: None,
        status: StoreStatus::Closed,
        ..store()
    };
    assert_eq!(then, Ok(vec![Event::Updated(after)]));
}

#[test]
fn every_field_but_the_identity_can_change() {
    let after = Store {
        store_id: store().store_id,
        code: store().code,
        name: Name::new("Depot").unwrap(),
        region: Label::new("MN").unwrap(),
        city: Some(Label::new("Waterloo").unwrap()),
        address: Some(Address::new("617 Sycamore").unwrap()),
        postal_code: Some(PostalCode::new("50703").unwrap()),
        location: Some(Location::parse("1", "2").unwrap()),
        kind: StoreKind::CrossDocking,
        status: StoreStatus::Maintenance,
        status_reason: Some(reason("new floor")),
        longest_hold: Some(LongestHold::from_seconds(86_400 * 90).unwrap()),
        time_zone: Some(TimeZone::new("America/Chicago").unwrap()),
        opening_hours: Some("monday 08:00-18:00; 2026-12-25 closed".parse().unwrap()),
        contacts: vec!["Maria|manager|+1 319 555 0100|".parse().unwrap()],
    };
    let changes = StoreChanges {
        name: Some(after.name.clone()),
        region: Some(after.region.clone()),
        city: Change::Set(after.city.clone().unwrap()),
        address: Change::Set(after.address.clone().unwrap()),
        postal_code: Change::Set(after.postal_code.clone().unwrap()),
        location: Change::Set(after.location.unwrap()),
        kind: Some(after.kind),
        status: Some(after.status),
        status_reason: Change::Set(after.status_reason.clone().unwrap()),
        longest_hold: Change::Set(after.longest_hold.unwrap()),
        time_zone: Change::Set(after.time_zone.clone().unwrap()),
        opening_hours: Change::Set(after.opening_hours.clone().unwrap()),
        contacts: Some(after.contacts.clone()),
    };
    let then = given(&[Event::Registered(store())]).when(&update(changes));
    assert_eq!(then, Ok(vec![Event::Updated(after)]));
}

#[test]
fn a_reason_ends_with_its_status() {
    let repaired = Store {
        status: StoreStatus::Maintenance,
        status_reason: Some(reason("water in the cellar")),
        ..store()
    };
    let history = [Event::Registered(store()), Event::Updated(repaired.clone())];
    let with = |status, status_reason| {
        let changes = StoreChanges { status, status_reason, ..StoreChanges::default() };
        given(&history).when(&update(changes))
    };
    let opening = with(Some(StoreStatus::Active), Change::Keep);
    assert_eq!(opening, Ok(vec![Event::Updated(store())]));
    // the same status keeps it, and another one may bring one of its own
    assert_eq!(with(Some(StoreStatus::Maintenance), Change::Keep), Ok(vec![]));
    let closing = with(Some(StoreStatus::Closed), Change::Set(reason("sold")));
    let status_reason = Some(reason("sold"));
    let after = Store { status: StoreStatus::Closed, status_reason, ..store() };
    assert_eq!(closing, Ok(vec![Event::Updated(after)]));
    let unexplained = with(None, Change::Clear);
    assert_eq!(unexplained, Ok(vec![Event::Updated(Store { status_reason: None, ..repaired })]));
}

#[test]
fn a_closed_store_can_open_again() {
    let closed = Store { status: StoreStatus::Closed, ..store() };
    let opening = StoreChanges { status: Some(StoreStatus::Active), ..StoreChanges::default() };
    let then = given(&[Event::Registered(store()), Event::Updated(closed)]).when(&update(opening));
    assert_eq!(then, Ok(vec![Event::Updated(store())]));
}

#[test]
fn an_update_that_changes_nothing_makes_no_event() {
    let present = StoreChanges {
        name: Some(store().name),
        city: Change::Set(store().city.unwrap()),
        ..StoreChanges::default()
    };
    let registered = given(&[Event::Registered(store())]);
    assert_eq!(registered.when(&update(present)), Ok(vec![]));
    assert_eq!(registered.when(&update(StoreChanges::default())), Ok(vec![]));
}

#[test]
fn events_are_called_what_the_log_calls_them() {
    assert_eq!(Event::Registered(store()).event_type(), "StoreRegisteredEvent");
    assert_eq!(Event::Updated(store()).event_type(), "StoreUpdatedEvent");
}

fn change<T: std::fmt::Debug + Clone>(
    value: impl Strategy<Value = T>,
) -> impl Strategy<Value = Change<T>> {
    prop_oneof![Just(Change::Keep), Just(Change::Clear), value.prop_map(Change::Set)]
}

fn label() -> impl Strategy<Value = Label> {
    "[A-C]".prop_map(|text| Label::new(&text).unwrap())
}

fn any_command() -> impl Strategy<Value = Command<Store>> {
    let kind = proptest::option::of(proptest::sample::select(StoreKind::ALL));
    let status = proptest::option::of(proptest::sample::select(StoreStatus::ALL));
    let region = proptest::option::of(label());
    let changed =
        (region, change(label()), kind, status).prop_map(|(region, city, kind, status)| {
            update(StoreChanges { region, city, kind, status, ..StoreChanges::default() })
        });
    prop_oneof![1 => Just(Command::Register(store())), 5 => changed]
}

proptest! {
    #[test]
    fn any_history_replays_to_the_same_store(commands in proptest::collection::vec(any_command(), 0..30)) {
        let mut state = None;
        let mut log = Vec::new();
        for command in &commands {
            for event in decide(state.as_ref(), command).unwrap_or_default() {
                prop_assert_ne!(Some(event.state()), state.as_ref(), "every event changes something");
                state = evolve(state, &event);
                log.push(event);
            }
            if let Some(after) = &state {
                prop_assert_eq!((after.store_id, &after.code), (store().store_id, &store().code));
            }
        }
        prop_assert_eq!(log.iter().fold(None, evolve), state);
        let registrations = log.iter().filter(|event| matches!(event, Event::Registered(_)));
        prop_assert!(registrations.count() <= 1);
    }

    #[test]
    fn an_update_done_twice_happens_once(command in any_command()) {
        let registered = Some(store());
        if let Ok(events) = decide(registered.as_ref(), &command) {
            let after = events.iter().fold(registered, evolve);
            prop_assert_eq!(decide(after.as_ref(), &command), Ok(vec![]));
        }
    }
}

#[test]
fn its_stream_is_named_after_it() {
    let id = "018f3c2a-7b1e-7000-8000-000000000001";
    assert_eq!(
        Store::stream(id.parse().unwrap()).as_str(),
        "store-018f3c2a-7b1e-7000-8000-000000000001"
    );
}
