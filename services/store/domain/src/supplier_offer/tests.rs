//! The rules of an offer, as given, when, then.

use proptest::prelude::*;

use super::*;
use crate::{Command, Currency, Event, Refusal, decide, evolve};

fn code(supplier: &str) -> OfferCode {
    OfferCode {
        product_id: ProductId::from_uuid(Uuid::from_u128(2)),
        supplier: SupplierCode::new(supplier).unwrap(),
    }
}

fn units(units: u64) -> OrderQuantity {
    OrderQuantity::new(units).unwrap()
}

fn offer() -> SupplierOffer {
    SupplierOffer {
        supplier_sku: Some(Sku::new("A-17").unwrap()),
        lead_time: Some(LeadTime::from_days(7).unwrap()),
        minimum_order: units(24),
        order_multiple: units(12),
        unit_cost: Some(Price::new(700, Currency::new("BRL").unwrap()).unwrap()),
        preferred: true,
        ..SupplierOffer::new(code("ACME"))
    }
}

/// What a command does to an offer with a history.
fn when(
    history: &[Event<SupplierOffer>],
    command: &Command<SupplierOffer>,
) -> Result<Vec<Event<SupplierOffer>>, Refusal<SupplierOffer>> {
    decide(history.iter().fold(None, evolve).as_ref(), command)
}

fn update(changes: SupplierOfferChanges) -> Command<SupplierOffer> {
    Command::Update(offer().id(), changes)
}

#[test]
fn an_offer_is_made_once_as_given() {
    let made = when(&[], &Command::Register(offer())).unwrap();
    assert_eq!(made, [Event::Registered(offer())]);
    assert_eq!(made[0].event_type(), "SupplierOfferRegisteredEvent");
    let again = when(&made, &Command::Register(offer())).unwrap_err();
    assert_eq!(again.code(), "supplier-offer-already-registered");
    let absent = when(&[], &update(SupplierOfferChanges::default())).unwrap_err();
    assert_eq!(absent.code(), "supplier-offer-not-found");
}

#[test]
fn a_withdrawn_offer_is_not_preferred_and_only_found_by_what_makes_it_again() {
    let made = [Event::Registered(offer())];
    let withdrawn = when(&made, &update(SupplierOfferChanges::withdraw())).unwrap();
    let state = withdrawn[0].state();
    assert!(state.is_removed() && !state.preferred, "{state:?}");
    for changes in [
        SupplierOfferChanges::withdraw(),
        SupplierOfferChanges::default(),
        SupplierOfferChanges { preferred: Some(true), ..SupplierOfferChanges::default() },
    ] {
        let refusal = when(&withdrawn, &update(changes)).unwrap_err();
        assert_eq!(refusal.code(), "supplier-offer-not-found");
    }
    let again = when(&withdrawn, &update(offer().into())).unwrap();
    assert_eq!(again, [Event::Updated(offer())]);
}

#[test]
fn each_field_is_changed_and_what_is_not_named_stays() {
    let changes = SupplierOfferChanges {
        supplier_sku: Change::Clear,
        order_multiple: Some(units(6)),
        preferred: Some(false),
        ..SupplierOfferChanges::default()
    };
    let after =
        SupplierOffer { supplier_sku: None, order_multiple: units(6), preferred: false, ..offer() };
    let made = [Event::Registered(offer())];
    assert_eq!(when(&made, &update(changes.clone())), Ok(vec![Event::Updated(after.clone())]));
    assert_eq!(when(&[Event::Updated(after)], &update(changes)), Ok(vec![]));
}

#[test]
fn an_offer_is_named_by_product_and_supplier() {
    let text = "00000000-0000-0000-0000-000000000002:ACME";
    assert_eq!(code("ACME").to_string(), text);
    assert_eq!(text.parse(), Ok(code("ACME")));
    // a colon may be in the code of a supplier
    assert_eq!(code("A:B").to_string().parse(), Ok(code("A:B")));
    for bad in ["", "ACME", "x:ACME", "00000000-0000-0000-0000-000000000002:a b"] {
        assert!(bad.parse::<OfferCode>().is_err(), "{bad:?} must be refused");
    }
    assert_eq!(SupplierOfferId::of(&code("acme")), SupplierOfferId::of(&code("ACME")));
    assert_ne!(SupplierOfferId::of(&code("ACME")), SupplierOfferId::of(&code("OTHER")));
    // stored: it never changes
    assert_eq!(
        SupplierOfferId::of(&code("ACME")).to_string(),
        "48087777-0155-5d99-aaa2-54a2876631d2"
    );
}

proptest! {
    /// Whatever an offer is: what replaces it leaves nothing of it.
    #[test]
    fn a_replacement_is_whole(
        sku in proptest::option::of("[A-Z]{1,5}"),
        days in proptest::option::of(0_u64..=730),
        (least, multiple) in (1_u64..100, 1_u64..100),
        cost in proptest::option::of(0_u64..1000),
        (preferred, withdrawn) in (any::<bool>(), any::<bool>()),
    ) {
        let brl = Currency::new("BRL").unwrap();
        let before = SupplierOffer {
            supplier_sku: sku.map(|sku| Sku::new(&sku).unwrap()),
            lead_time: days.map(|days| LeadTime::from_days(days).unwrap()),
            minimum_order: units(least),
            order_multiple: units(multiple),
            unit_cost: cost.map(|cost| Price::new(cost, brl).unwrap()),
            preferred,
            status: if withdrawn { OfferStatus::Withdrawn } else { OfferStatus::Active },
            ..offer()
        };
        prop_assert_eq!(before.clone().apply(&offer().into()), offer());
        let bare = SupplierOffer::new(code("ACME"));
        prop_assert_eq!(before.apply(&bare.clone().into()), bare);
    }
}
