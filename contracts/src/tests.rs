//! The golden samples hold for ever, and readers tolerate what newer publishers add.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::{CloudEvent, DecodeError, IntegrationEvent};

/// The committed samples by file name.
fn golden() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let read = |file: fs::DirEntry| {
        let name = file.file_name().into_string().unwrap();
        (name, fs::read_to_string(file.path()).unwrap())
    };
    files.map(read).collect()
}

fn sample(file: &str) -> Value {
    serde_json::from_str(&golden()[file]).unwrap()
}

fn decode(document: &Value) -> Result<CloudEvent, DecodeError> {
    CloudEvent::from_json(&document.to_string())
}

#[test]
fn every_sample_reads_and_writes_back_equal() {
    for (file, text) in golden() {
        let event = CloudEvent::from_json(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
        let written: Value = serde_json::from_str(&event.to_json()).unwrap();
        let promised: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(written, promised, "{file}");
        assert_eq!(CloudEvent::from_json(&event.to_json()).unwrap(), event, "{file}");
    }
}

#[test]
fn every_event_type_has_a_sample_named_after_it() {
    let files = golden();
    for event_type in IntegrationEvent::TYPES {
        assert!(files.contains_key(&format!("{event_type}.json")), "{event_type} has no sample");
    }
    let known: BTreeSet<&str> = IntegrationEvent::TYPES.iter().copied().collect();
    for (file, text) in &files {
        let event = CloudEvent::from_json(text).unwrap().event;
        assert!(known.contains(event.event_type()), "{file}");
        assert!(file.starts_with(&format!("{}.", event.event_type())), "{file} is misnamed");
    }
}

#[test]
fn no_two_types_share_a_name() {
    let distinct: BTreeSet<_> = IntegrationEvent::TYPES.iter().collect();
    assert_eq!(distinct.len(), IntegrationEvent::TYPES.len());
}

/// Puts an unknown field into every object of a document.
fn add_unknown_fields(value: &mut Value) {
    if let Value::Object(fields) = value {
        fields.values_mut().for_each(add_unknown_fields);
        fields.insert("addedLater".to_owned(), json!({"deep": [1, null, "x"]}));
    }
}

#[test]
fn unknown_fields_are_ignored_wherever_they_are() {
    for (file, text) in golden() {
        let mut extended: Value = serde_json::from_str(&text).unwrap();
        add_unknown_fields(&mut extended);
        let (read, plain) = (decode(&extended).unwrap(), CloudEvent::from_json(&text).unwrap());
        assert_eq!(read, plain, "{file}");
    }
}

#[test]
fn every_required_field_is_missed() {
    let optional = [
        "city",
        "address",
        "postalCode",
        "location",
        "detailedKind",
        "detailedStatus",
        "statusReason",
        "category",
        "brand",
        "gtin",
        "unitPrice",
        "reorderPoint",
        "shortfall",
        "adjusted",
        "sagaId",
        "view",
        "quantity",
        "threshold",
        "resolution",
        "note",
        "actor",
        "orderId",
    ];
    for (file, text) in golden() {
        let document: Value = serde_json::from_str(&text).unwrap();
        for field in document["data"].as_object().unwrap().keys() {
            let mut shortened = document.clone();
            shortened["data"].as_object_mut().unwrap().remove(field);
            let accepted = decode(&shortened).is_ok();
            // an alert may be about no store
            let of_alert = file.contains(".alert-") && ["storeId", "productId"].contains(&&**field);
            assert_eq!(
                accepted,
                of_alert || optional.contains(&field.as_str()),
                "{file} without {field}"
            );
        }
    }
}

#[test]
fn an_unknown_type_is_told_from_a_broken_event() {
    let mut document = sample("gondola.store.store-updated.v1.json");
    document["type"] = json!("gondola.store.store-updated.v2");
    let newer = decode(&document).unwrap_err();
    assert!(
        matches!(&newer, DecodeError::UnknownType { event_type } if document["type"] == **event_type)
    );

    let mut document = sample("gondola.store.store-updated.v1.json");
    document["data"]["kind"] = json!("warehouse");
    assert!(matches!(decode(&document), Err(DecodeError::Data { .. })));

    let mut document = sample("gondola.inventory.inventory-updated.v1.json");
    document["data"]["available"] = json!(-1);
    assert!(matches!(decode(&document), Err(DecodeError::Data { .. })));
}

#[test]
fn another_envelope_is_refused() {
    for text in ["", "[]", "{}", "{\"specversion\":\"1.0\"}"] {
        assert!(matches!(CloudEvent::from_json(text), Err(DecodeError::Envelope(_))), "{text}");
    }
    let changes = [
        ("specversion", json!("2.0")),
        ("datacontenttype", json!("text/xml")),
        ("position", json!("-1")),
        ("position", json!("1.5")),
        ("streamversion", json!("18446744073709551616")),
        ("time", json!("yesterday")),
        ("id", json!("7")),
        ("incarnation", json!("7")),
    ];
    for (attribute, value) in changes {
        let mut document = sample("gondola.store.product-updated.v1.json");
        document[attribute] = value.clone();
        assert!(decode(&document).is_err(), "{attribute} {value}");
    }
}

#[test]
fn escaped_attributes_are_read() {
    let text =
        golden()["gondola.store.product-updated.v1.json"].replace("\"1.0\"", "\"1\\u002e0\"");
    assert!(CloudEvent::from_json(&text).is_ok());
}

#[test]
fn a_position_beyond_the_doubles_survives() {
    let event = decode(&sample("gondola.inventory.inventory-updated.v1.json")).unwrap();
    assert_eq!(event.position.get(), (1 << 53) + 1);
}

#[test]
fn attribute_names_are_what_cloud_events_allows() {
    for (file, text) in golden() {
        let document: Value = serde_json::from_str(&text).unwrap();
        for name in document.as_object().unwrap().keys() {
            let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
            assert!(name.len() <= 20 && name.chars().all(allowed), "{file}: {name}");
        }
    }
}

/// What the document promises of each type, compared with the samples that are kept for ever.
#[test]
fn the_document_describes_the_samples() {
    let document = crate::asyncapi("1");
    let (messages, schemas) =
        (&document["components"]["messages"], &document["components"]["schemas"]);
    for (file, text) in golden() {
        let event: Value = serde_json::from_str(&text).unwrap();
        let of_type =
            messages.as_object().unwrap().values().find(|one| one["name"] == event["type"]);
        let own = &of_type.unwrap_or_else(|| panic!("{file}"))["payload"]["allOf"][1]["properties"];
        assert_eq!(own["source"]["const"], event["source"], "{file}");
        let shape = own["data"]["$ref"].as_str().unwrap().rsplit('/').next().unwrap();
        for (schema, value) in [(&schemas["CloudEvent"], &event), (&schemas[shape], &event["data"])]
        {
            let (known, told) = (&schema["properties"], value.as_object().unwrap());
            assert!(told.keys().all(|key| known.get(key).is_some()), "{file}: {known}");
            let required = schema["required"].as_array().unwrap();
            assert!(required.iter().all(|key| told.contains_key(key.as_str().unwrap())), "{file}");
        }
    }
}
