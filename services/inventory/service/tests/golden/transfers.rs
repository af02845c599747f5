//! Every shape of a transfer's event that was ever stored is still read, and the present one is written as its sample says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use gondola_inventory::process_managers::stored::StoredEvent as _;
use gondola_inventory_domain::{
    Arrival, CancelCause, PositiveQuantity, ProductId, Reason, Reference, StockQuantity,
    TransferEvent,
};
use kit_core::{RecordedEvent, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::samples;

/// A sample by its name: event type, the version of its shape, and what is particular about it.
type Named<T> = BTreeMap<(String, u16, String), T>;

fn golden() -> Named<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mut samples = Named::new();
    for path in files {
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        let (event_type, rest) = stem.split_once(".v").unwrap();
        let (version, particular) = rest.split_once('.').unwrap_or((rest, ""));
        if event_type.starts_with("Transfer") {
            let text = std::fs::read_to_string(&path).unwrap();
            let mut sample: Value = serde_json::from_str(&text).unwrap();
            let name = (event_type.to_owned(), version.parse().unwrap(), particular.to_owned());
            samples.insert(name, sample["data"].take());
        }
    }
    samples
}

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn product() -> ProductId {
    "22222222-2222-2222-2222-000000000001".parse().unwrap()
}

fn reason(text: &str) -> Reason {
    Reason::new(text).unwrap()
}

fn arrival(units: [i64; 4]) -> Vec<Arrival> {
    let [accepted, over, damaged, short] = units.map(|units| StockQuantity::new(units).unwrap());
    vec![Arrival { product: product(), accepted, over, damaged, short }]
}

fn cancel(cause: CancelCause, detail: Option<&str>) -> TransferEvent {
    TransferEvent::CancelOrdered { cause, detail: detail.map(str::to_owned) }
}

/// What the samples mean, with what is particular about each.
fn meanings() -> Vec<(&'static str, TransferEvent)> {
    let late = Some(moment("2026-11-27T06:00:00Z"));
    let requested = TransferEvent::Requested {
        definition: 1,
        source: "11111111-1111-1111-1111-111111111111".parse().unwrap(),
        destination: "11111111-1111-1111-1111-111111111112".parse().unwrap(),
        lines: vec![(product(), PositiveQuantity::new(24).unwrap())],
        hold_until: moment("2026-11-28T08:30:00Z"),
        reference: None,
        reason: Some(reason("replenishment")),
    };
    let mut referenced = requested.clone();
    if let TransferEvent::Requested { reference, .. } = &mut referenced {
        *reference = Some(Reference::new("DN-2026-0412").unwrap());
    }
    let (lines, crushed) = (arrival([20, 1, 2, 2]), Some(reason("crushed")));
    let least = TransferEvent::ReceiptOrdered {
        lines: arrival([24, 0, 0, 0]),
        reason: None,
        occurred_at: None,
    };
    let refused = Some(reason("refused at the door"));
    vec![
        ("", requested),
        ("referenced", referenced),
        ("", TransferEvent::Held),
        ("", TransferEvent::HoldRefused { detail: "no stock".to_owned() }),
        ("", TransferEvent::DispatchOrdered { occurred_at: None }),
        ("late", TransferEvent::DispatchOrdered { occurred_at: late }),
        ("", TransferEvent::Dispatched),
        ("", cancel(CancelCause::Requested, Some("not needed"))),
        ("expired", cancel(CancelCause::Expired, None)),
        ("refused", cancel(CancelCause::Refused, Some("not active"))),
        ("", TransferEvent::Cancelled),
        ("", TransferEvent::ReceiptOrdered { lines, reason: crushed, occurred_at: late }),
        ("least", least),
        ("", TransferEvent::Received),
        ("", TransferEvent::ReturnOrdered { reason: refused, occurred_at: late }),
        ("least", TransferEvent::ReturnOrdered { reason: None, occurred_at: None }),
        ("", TransferEvent::Returned),
        ("", TransferEvent::StepDelayed { attempts: 10, detail: "away".to_owned() }),
    ]
}

fn recorded(event_type: &str, version: u16, data: &Value) -> RecordedEvent {
    samples::recorded("transfer-1", event_type, version, &json!({ "data": data }))
}

#[test]
fn every_sample_means_what_it_meant_and_is_written_so() {
    let samples = golden();
    let mut known = BTreeSet::new();
    for (particular, event) in meanings() {
        let version = if particular == "referenced" { 2 } else { 1 };
        let name = (event.type_name().to_owned(), version, particular.to_owned());
        let sample = samples.get(&name).unwrap_or_else(|| panic!("{name:?} needs a sample"));
        assert_eq!(TransferEvent::decode(&recorded(&name.0, version, sample)).unwrap(), event);
        let written = event.encode(Uuid::from_u128(9), Timestamp::default());
        assert_eq!((&*written.event_type, written.schema_version), (&*name.0, version));
        assert_eq!(serde_json::from_str::<Value>(&written.data).unwrap(), *sample, "{name:?}");
        known.insert(name);
    }
    assert!(samples.keys().eq(&known), "every sample has a meaning");
    for name in TransferEvent::TYPE_NAMES {
        assert!(samples.keys().any(|(event, _, _)| event == name), "{name} needs a sample");
    }
}

#[test]
fn what_cannot_be_read_is_told_with_its_place() {
    let refused = |event_type, version, data| {
        let data: Value = serde_json::from_str(data).unwrap();
        TransferEvent::decode(&recorded(event_type, version, &data)).unwrap_err().to_string()
    };
    assert!(refused("TransferHeldEvent", 3, "{}").contains("use a newer one"));
    let grown = refused("TransferHeldEvent", 1, r#"{"tare":1}"#);
    assert!(grown.contains("position 7") && grown.contains("unknown field `tare`"), "{grown}");
    assert!(refused("TransferLostEvent", 1, "{}").contains("\"TransferLostEvent\""));
}
