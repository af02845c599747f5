//! Every shape ever written is still read, and the present one is written as its sample says.

use std::path::Path;
use std::sync::Arc;

use gondola_store_domain::{
    Address, Currency, Gtin, Label, Location, LongestHold, Name, PostalCode, Price, ProductId,
    ProductStatus, Sku, StoreCode, StoreId, StoreKind, StoreStatus,
};
use kit_core::{Actor, Metadata, Position, StreamId, Version};

use super::*;

/// The committed samples: name of the event, schema version, data.
fn golden() -> Vec<(String, u16, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let mut samples = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap();
        let (name, version) = stem.split_once(".v").unwrap();
        let data = std::fs::read_to_string(&path).unwrap();
        samples.push((name.to_owned(), version.parse().unwrap(), data));
    }
    samples
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

fn store(id: u128, full: bool) -> Store {
    Store {
        store_id: StoreId::from_uuid(Uuid::from_u128(
            0x018f_3c2a_7b1e_7000_8000_0000_0000_0000 + id,
        )),
        code: StoreCode::new(if full { "2106" } else { "SP-014" }).unwrap(),
        name: Name::new(if full { "Hillstreet News and Tobacco" } else { "Loja Paulista" })
            .unwrap(),
        region: Label::new(if full { "IA" } else { "SP" }).unwrap(),
        city: full.then(|| Label::new("Cedar Falls").unwrap()),
        address: full.then(|| Address::new("2217 College").unwrap()),
        postal_code: full.then(|| PostalCode::new("50613").unwrap()),
        longest_hold: None,
        location: full.then(|| Location::parse("42.517182", "-92.455796").unwrap()),
        kind: if full { StoreKind::DarkStore } else { StoreKind::Shop },
        status: if full { StoreStatus::Active } else { StoreStatus::Closed },
    }
}

fn product(id: u128, full: bool) -> Product {
    let price = || Price::new(1290, Currency::new("BRL").unwrap()).unwrap();
    Product {
        product_id: ProductId::from_uuid(Uuid::from_u128(
            0x018f_3c2a_7b1e_7000_8000_0000_0000_0000 + id,
        )),
        sku: Sku::new(if full { "PROD123456" } else { "gift_0001_50" }).unwrap(),
        name: Name::new(if full { "Pão de queijo 500 g" } else { "Gift card" }).unwrap(),
        category: full.then(|| Label::new("Congelados").unwrap()),
        brand: full.then(|| Label::new("Casa Mineira").unwrap()),
        gtin: full.then(|| Gtin::new("4006381333931").unwrap()),
        unit_price: full.then(price),
        status: if full { ProductStatus::Active } else { ProductStatus::Discontinued },
    }
}

/// What the samples mean.
fn meanings() -> [CatalogueEvent; 4] {
    [
        CatalogueEvent::Store(Event::Registered(store(10, true))),
        CatalogueEvent::Store(Event::Updated(store(11, false))),
        CatalogueEvent::Product(Event::Registered(product(1, true))),
        CatalogueEvent::Product(Event::Updated(product(2, false))),
    ]
}

fn encode(event: &CatalogueEvent) -> EncodedEvent {
    let (id, at) = (Uuid::from_u128(9), Timestamp::default());
    match event {
        CatalogueEvent::Store(event) => encode_event(event, id, at),
        CatalogueEvent::Product(event) => encode_event(event, id, at),
    }
}

#[test]
fn samples_of_every_version_mean_what_they_meant() {
    let samples = golden();
    for event in meanings() {
        let name = encode(&event).event_type;
        let of_event: Vec<_> = samples.iter().filter(|sample| sample.0 == name).collect();
        let versions = of_event.iter().map(|sample| sample.1).max();
        assert_eq!(versions, Some(SCHEMA_VERSION), "{name} needs a sample of the present version");
        for (name, version, data) in of_event {
            let decoded = decode_event(&recorded(name, *version, data)).unwrap();
            assert_eq!(decoded, event, "{name} version {version}");
        }
    }
    let known: Arc<[_]> = meanings().iter().map(|event| encode(event).event_type).collect();
    assert!(samples.iter().all(|sample| known.iter().any(|name| *name == sample.0)));
}

#[test]
fn events_are_written_as_their_present_sample() {
    for event in meanings() {
        let encoded = encode(&event);
        let sample = golden().into_iter().find(|(name, version, _)| {
            *name == encoded.event_type && *version == encoded.schema_version
        });
        // byte for byte: samples are indented for people, and none of their texts has a colon and a space
        let sample = sample.unwrap().2;
        let sample: String = sample.lines().map(str::trim).collect();
        assert_eq!(*encoded.data, sample.replace("\": ", "\":"), "{}", encoded.event_type);
    }
}

#[test]
fn a_store_may_say_how_long_reservations_hold_its_stock() {
    let longest_hold = Some(LongestHold::from_seconds(86_400 * 30).unwrap());
    let event = Event::Updated(Store { longest_hold, ..store(11, false) });
    let encoded = encode_event(&event, Uuid::from_u128(9), Timestamp::default());
    assert!(encoded.data.ends_with(r#","longestHoldSeconds":2592000}"#), "{}", encoded.data);
    let decoded = decode_event(&recorded("StoreUpdatedEvent", 1, &encoded.data)).unwrap();
    assert_eq!(decoded, CatalogueEvent::Store(event));
}

#[test]
fn what_cannot_be_read_is_told_with_its_place() {
    let newer = decode_event(&recorded("StoreUpdatedEvent", 2, "{}")).unwrap_err().to_string();
    assert!(newer.contains("position 7") && newer.contains("use a newer one"), "{newer}");
    let unknown = decode_event(&recorded("StockAddedEvent", 1, "{}")).unwrap_err().to_string();
    assert!(unknown.contains("\"StockAddedEvent\""), "{unknown}");
    let broken = decode_event(&recorded("StoreUpdatedEvent", 1, "{}")).unwrap_err().to_string();
    assert!(broken.contains("missing field"), "{broken}");
}
