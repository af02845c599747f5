//! The rules of a product, as given, when, then.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{Command, Currency, Event, Measure, Refusal, decide, evolve};

fn dollars(minor_units: u64) -> Price {
    Price::new(minor_units, Currency::new("USD").unwrap()).unwrap()
}

fn product() -> Product {
    Product {
        category: Some(Label::new("CREAM LIQUEURS").unwrap()),
        brand: Some(Label::new("E & J GALLO WINERY").unwrap()),
        gtin: Some(Gtin::new("890355001094").unwrap()),
        unit_price: Some(dollars(15_000)),
        ..Product::new(
            ProductId::from_uuid(Uuid::from_u128(2)),
            Sku::new("258").unwrap(),
            Name::new("RUMCHATA GOCHATAS").unwrap(),
        )
    }
}

fn update(changes: ProductChanges) -> Command<Product> {
    Command::Update(product().product_id, changes)
}

/// The state after a history, and what a command does to it.
struct Given(Option<Product>);

fn given(history: &[Event<Product>]) -> Given {
    Given(history.iter().fold(None, evolve))
}

impl Given {
    fn when(&self, command: &Command<Product>) -> Result<Vec<Event<Product>>, Refusal<Product>> {
        decide(self.0.as_ref(), command)
    }
}

#[test]
fn a_new_product_is_registered_as_given() {
    let then = given(&[]).when(&Command::Register(product()));
    assert_eq!(then, Ok(vec![Event::Registered(product())]));
}

#[test]
fn a_registered_product_is_not_registered_again() {
    let refusal =
        given(&[Event::Registered(product())]).when(&Command::Register(product())).unwrap_err();
    assert_eq!(refusal.code(), "product-already-registered");
    assert!(refusal.to_string().contains("with sku 258"), "{refusal}");
}

#[test]
fn an_absent_product_is_not_updated() {
    let refusal = given(&[]).when(&update(ProductChanges::default())).unwrap_err();
    assert_eq!(refusal, Refusal::NotFound { id: product().product_id });
    assert_eq!(refusal.code(), "product-not-found");
}

#[test]
fn an_update_keeps_what_it_does_not_name() {
    let changes = ProductChanges {
        unit_price: Change::Set(dollars(14_999)),
        gtin: Change::Clear,
        ..ProductChanges::default()
    };
    let then = given(&[Event::Registered(product())]).when(&update(changes));
    let after = Product { unit_price: Some(dollars(14_999)), gtin: None, ..product() };
    assert_eq!(then, Ok(vec![Event::Updated(after)]));
}

#[test]
fn every_field_but_the_identity_can_change() {
    let after = Product {
        product_id: product().product_id,
        sku: product().sku,
        name: Name::new("Gochatas").unwrap(),
        category: Some(Label::new("Liqueurs").unwrap()),
        brand: Some(Label::new("Gallo").unwrap()),
        gtin: Some(Gtin::new("96385074").unwrap()),
        unit_price: Some(dollars(0)),
        unit_cost: Some(dollars(99)),
        description: Some(Description::new("Twelve small bottles").unwrap()),
        measures: Measures {
            weight: Some(Measure::new(2_400).unwrap()),
            volume: Some(Measure::new(1_200).unwrap()),
            ..Measures::default()
        },
        status: ProductStatus::Discontinued,
    };
    let changes = ProductChanges {
        name: Some(after.name.clone()),
        category: Change::Set(after.category.clone().unwrap()),
        brand: Change::Set(after.brand.clone().unwrap()),
        gtin: Change::Set(after.gtin.clone().unwrap()),
        unit_price: Change::Set(after.unit_price.unwrap()),
        unit_cost: Change::Set(after.unit_cost.unwrap()),
        description: Change::Set(after.description.clone().unwrap()),
        measures: Some(after.measures),
        status: Some(after.status),
    };
    let then = given(&[Event::Registered(product())]).when(&update(changes));
    assert_eq!(then, Ok(vec![Event::Updated(after)]));
}

#[test]
fn an_update_that_changes_nothing_makes_no_event() {
    let present = ProductChanges { name: Some(product().name), ..ProductChanges::default() };
    let registered = given(&[Event::Registered(product())]);
    assert_eq!(registered.when(&update(present)), Ok(vec![]));
}

#[test]
fn events_are_called_what_the_log_calls_them() {
    let registered = Event::Registered(product());
    assert_eq!(registered.event_type(), "ProductRegisteredEvent");
    assert_eq!(Event::Updated(product()).event_type(), "ProductUpdatedEvent");
}

fn any_update() -> impl Strategy<Value = Command<Product>> {
    let price = prop_oneof![
        Just(Change::Keep),
        Just(Change::Clear),
        (0_u64..4).prop_map(|minor_units| Change::Set(dollars(minor_units))),
    ];
    let status = proptest::option::of(proptest::sample::select(ProductStatus::ALL));
    (price, status).prop_map(|(unit_price, status)| {
        update(ProductChanges { unit_price, status, ..ProductChanges::default() })
    })
}

proptest! {
    #[test]
    fn any_history_replays_to_the_same_product(updates in proptest::collection::vec(any_update(), 0..30)) {
        let mut log = decide(None, &Command::Register(product())).unwrap();
        let mut state = log.iter().fold(None, evolve);
        for command in &updates {
            let events = decide(state.as_ref(), command).unwrap();
            state = events.iter().fold(state, evolve);
            prop_assert_eq!(decide(state.as_ref(), command), Ok(vec![]), "done twice, happens once");
            log.extend(events);
        }
        prop_assert_eq!(log.iter().fold(None, evolve), state.clone());
        let after = state.unwrap();
        prop_assert_eq!((after.product_id, after.sku), (product().product_id, product().sku));
    }
}

#[test]
fn its_stream_is_named_after_it() {
    let id = "018f3c2a-7b1e-7000-8000-000000000001";
    assert_eq!(
        Product::stream(id.parse().unwrap()).as_str(),
        "product-018f3c2a-7b1e-7000-8000-000000000001"
    );
}
