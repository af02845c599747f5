//! Every shape ever written is still read, and the present one is written as its sample says.

use std::path::Path;

use gondola_store_domain::{
    Address, CategoryCode, CategoryStatus, Currency, Description, Gtin, Label, LeadTime, Location,
    LongestHold, Measure, Measures, Name, Note, OfferCode, OfferStatus, OrderQuantity, PostalCode,
    Price, ProductId, ProductStatus, Sku, StatusReason, StoreCode, StoreId, StoreKind, StoreStatus,
    SupplierCode, SupplierStatus,
};
use kit_core::{Actor, Metadata, Position, StreamId, TimeZone, Version};

use super::*;

/// A committed sample of a shape that was ever written: `golden/{event type}.v{schema version}.json`, or with what is
/// particular about it before the ending.
struct Sample {
    event_type: String,
    schema_version: u16,
    particular: String,
    data: String,
}

fn golden() -> Vec<Sample> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let files = std::fs::read_dir(folder).unwrap();
    files.map(|file| sample(&file.unwrap().path())).collect()
}

fn sample(path: &Path) -> Sample {
    let stem = path.file_stem().unwrap().to_str().unwrap();
    let (event_type, rest) = stem.split_once(".v").unwrap();
    let (version, particular) = rest.split_once('.').unwrap_or((rest, ""));
    Sample {
        event_type: event_type.to_owned(),
        schema_version: version.parse().unwrap(),
        particular: particular.to_owned(),
        data: std::fs::read_to_string(path).unwrap(),
    }
}

fn recorded(event_type: &str, schema_version: u16, data: &str) -> RecordedEvent {
    RecordedEvent {
        position: Position::new(7),
        stream: StreamId::new("store-1").unwrap(),
        version: Version::new(1),
        event: EncodedEvent {
            event_id: Uuid::from_u128(9),
            event_type: event_type.to_owned().into(),
            schema_version,
            occurred_at: Timestamp::default(),
            data: data.into(),
            personal: None,
        },
        metadata: Metadata {
            correlation_id: Uuid::nil(),
            causation_id: Uuid::nil(),
            actor: Actor::system("test"),
            recorded_at: Timestamp::default(),
        },
    }
}

fn id(end: u128) -> Uuid {
    Uuid::from_u128(0x018f_3c2a_7b1e_7000_8000_0000_0000_0000 + end)
}

fn hillstreet() -> Store {
    Store {
        city: Some(Label::new("Cedar Falls").unwrap()),
        address: Some(Address::new("2217 College").unwrap()),
        postal_code: Some(PostalCode::new("50613").unwrap()),
        location: Some(Location::parse("42.517182", "-92.455796").unwrap()),
        kind: StoreKind::DarkStore,
        ..Store::new(
            StoreId::from_uuid(id(10)),
            StoreCode::new("2106").unwrap(),
            Name::new("Hillstreet News and Tobacco").unwrap(),
            Label::new("IA").unwrap(),
        )
    }
}

fn paulista() -> Store {
    Store {
        status: StoreStatus::Closed,
        ..Store::new(
            StoreId::from_uuid(id(11)),
            StoreCode::new("SP-014").unwrap(),
            Name::new("Loja Paulista").unwrap(),
            Label::new("SP").unwrap(),
        )
    }
}

/// A store of which all is known that came to stores later.
fn hub() -> Store {
    Store {
        kind: StoreKind::CrossDocking,
        status: StoreStatus::Maintenance,
        status_reason: Some(StatusReason::new("new floor until March").unwrap()),
        time_zone: Some(TimeZone::new("America/Sao_Paulo").unwrap()),
        opening_hours: Some("monday 08:00-12:00 14:00-18:30; 2026-12-25 closed".parse().unwrap()),
        contacts: vec![
            "Maria Silva|manager|+55 11 5555-0101|maria@loja.example.com".parse().unwrap(),
            "Gate||+55 11 5555-0102|".parse().unwrap(),
        ],
        ..paulista()
    }
}

fn reais(minor_units: u64) -> Price {
    Price::new(minor_units, Currency::new("BRL").unwrap()).unwrap()
}

fn cheese_bread() -> Product {
    Product {
        category: Some(Label::new("Congelados").unwrap()),
        brand: Some(Label::new("Casa Mineira").unwrap()),
        gtin: Some(Gtin::new("4006381333931").unwrap()),
        unit_price: Some(reais(1290)),
        ..Product::new(
            ProductId::from_uuid(id(1)),
            Sku::new("PROD123456").unwrap(),
            Name::new("Pão de queijo 500 g").unwrap(),
        )
    }
}

fn gift_card() -> Product {
    Product {
        status: ProductStatus::Discontinued,
        ..Product::new(
            ProductId::from_uuid(id(2)),
            Sku::new("gift_0001_50").unwrap(),
            Name::new("Gift card").unwrap(),
        )
    }
}

/// A product of which all is known that came to products later.
fn described() -> Product {
    let measure = |value| Some(Measure::new(value).unwrap());
    Product {
        unit_cost: Some(reais(700)),
        description: Some(Description::new("Ready for the oven").unwrap()),
        measures: Measures {
            width: measure(200),
            height: measure(300),
            depth: measure(60),
            weight: measure(520),
            volume: measure(3600),
        },
        ..gift_card()
    }
}

fn category(parent: Option<&str>) -> Category {
    Category {
        code: CategoryCode::new("FROZEN").unwrap(),
        name: Name::new("Congelados").unwrap(),
        parent: parent.map(|code| CategoryCode::new(code).unwrap()),
        status: CategoryStatus::Active,
    }
}

fn supplier() -> Supplier {
    Supplier {
        contacts: vec![
            "Maria Silva|sales|+55 11 5555-0101|maria@acme.example.com".parse().unwrap(),
        ],
        lead_time: Some(LeadTime::from_days(14).unwrap()),
        currency: Some(Currency::new("BRL").unwrap()),
        note: Some(Note::new("Orders by noon").unwrap()),
        ..bare_supplier()
    }
}

fn bare_supplier() -> Supplier {
    Supplier::new(SupplierCode::new("ACME").unwrap(), Name::new("Acme Alimentos Ltda").unwrap())
}

fn offer() -> SupplierOffer {
    SupplierOffer {
        supplier_sku: Some(Sku::new("PDQ-500").unwrap()),
        lead_time: Some(LeadTime::from_days(7).unwrap()),
        minimum_order: OrderQuantity::new(24).unwrap(),
        order_multiple: OrderQuantity::new(12).unwrap(),
        unit_cost: Some(reais(700)),
        preferred: true,
        ..bare_offer()
    }
}

fn bare_offer() -> SupplierOffer {
    SupplierOffer::new(OfferCode {
        product_id: ProductId::from_uuid(id(1)),
        supplier: SupplierCode::new("ACME").unwrap(),
    })
}

/// What the samples mean, with what is particular about them.
fn meanings() -> [(&'static str, CatalogueEvent); 13] {
    let longest_hold = Some(LongestHold::from_seconds(86_400 * 30).unwrap());
    let patient = Store { longest_hold, ..paulista() };
    let removed = Category { status: CategoryStatus::Removed, ..category(None) };
    let inactive = Supplier { status: SupplierStatus::Inactive, ..bare_supplier() };
    let withdrawn = SupplierOffer { status: OfferStatus::Withdrawn, ..bare_offer() };
    [
        ("", CatalogueEvent::Store(Event::Registered(hillstreet()))),
        ("", CatalogueEvent::Store(Event::Updated(paulista()))),
        ("longest-hold", CatalogueEvent::Store(Event::Updated(patient))),
        ("described", CatalogueEvent::Store(Event::Updated(hub()))),
        ("", CatalogueEvent::Product(Event::Registered(cheese_bread()))),
        ("", CatalogueEvent::Product(Event::Updated(gift_card()))),
        ("described", CatalogueEvent::Product(Event::Updated(described()))),
        ("", CatalogueEvent::Category(Event::Registered(category(Some("FOOD"))))),
        ("", CatalogueEvent::Category(Event::Updated(removed))),
        ("", CatalogueEvent::Supplier(Event::Registered(supplier()))),
        ("", CatalogueEvent::Supplier(Event::Updated(inactive))),
        ("", CatalogueEvent::SupplierOffer(Event::Registered(offer()))),
        ("", CatalogueEvent::SupplierOffer(Event::Updated(withdrawn))),
    ]
}

fn encode(event: &CatalogueEvent) -> EncodedEvent {
    let (id, at) = (Uuid::from_u128(9), Timestamp::default());
    match event {
        CatalogueEvent::Store(event) => encode_event(event, id, at),
        CatalogueEvent::Product(event) => encode_event(event, id, at),
        CatalogueEvent::Category(event) => encode_event(event, id, at),
        CatalogueEvent::Supplier(event) => encode_event(event, id, at),
        CatalogueEvent::SupplierOffer(event) => encode_event(event, id, at),
    }
}

#[test]
fn every_sample_of_every_version_means_what_it_meant() {
    let meanings = meanings();
    for Sample { event_type, schema_version, particular, data } in golden() {
        let (_, meant) = meanings
            .iter()
            .find(|(what, event)| *what == particular && encode(event).event_type == event_type)
            .unwrap_or_else(|| panic!("what does {event_type} {particular} mean?"));
        let decoded = decode_event(&recorded(&event_type, schema_version, &data)).unwrap();
        assert_eq!(decoded, *meant, "{event_type} version {schema_version} {particular}");
    }
}

#[test]
fn events_are_written_as_their_present_samples() {
    for (particular, event) in meanings() {
        let encoded = encode(&event);
        let sample = golden().into_iter().find(|sample| {
            let named = sample.event_type == encoded.event_type && sample.particular == particular;
            named && sample.schema_version == encoded.schema_version
        });
        // byte for byte: samples are indented for people, and none of their texts has a colon and a space
        let name = &encoded.event_type;
        let sample = sample.unwrap_or_else(|| panic!("{name} {particular} needs a present sample"));
        let sample: String = sample.data.lines().map(str::trim).collect();
        assert_eq!(*encoded.data, sample.replace("\": ", "\":"), "{name} {particular}");
    }
}

#[test]
fn what_cannot_be_read_is_told_with_its_place() {
    let newer = decode_event(&recorded("StoreUpdatedEvent", 2, "{}")).unwrap_err().to_string();
    assert!(newer.contains("position 7") && newer.contains("use a newer one"), "{newer}");
    // an update would write the store without it
    let grown = encode(&meanings()[1].1).data.replacen('{', r#"{"floors":3,"#, 1);
    let grown = decode_event(&recorded("StoreUpdatedEvent", 1, &grown)).unwrap_err().to_string();
    assert!(grown.contains("position 7") && grown.contains("unknown field `floors`"), "{grown}");
    let unknown = decode_event(&recorded("StockAddedEvent", 1, "{}")).unwrap_err().to_string();
    assert!(unknown.contains("\"StockAddedEvent\""), "{unknown}");
    let broken = decode_event(&recorded("StoreUpdatedEvent", 1, "{}")).unwrap_err().to_string();
    assert!(broken.contains("missing field"), "{broken}");
}
