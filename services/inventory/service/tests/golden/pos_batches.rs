//! Every shape of an event of a till's batch that was ever stored is still read, and the present one is written as its
//! sample says.

use std::collections::BTreeSet;

use gondola_inventory::process_managers::stored::StoredEvent as _;
use gondola_inventory_domain::{
    PosBatchEvent, PosBatchTerms, PosLine, PosLineId, RefusedLine, ShortLine, StockDelta, TillId,
    TransactionRef,
};
use kit_core::{RecordedEvent, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::samples;

fn line(id: Option<&str>, delta: i64, at: &str, receipt: &str) -> PosLine {
    PosLine {
        id: id.map(|id| PosLineId::new(id).unwrap()),
        product: "22222222-2222-2222-2222-000000000001".parse().unwrap(),
        change: StockDelta::new(delta).unwrap(),
        occurred_at: at.parse().unwrap(),
        transaction: TransactionRef::new(receipt).unwrap(),
    }
}

fn received(opened_at: Option<&str>, lines: Vec<PosLine>) -> PosBatchEvent {
    PosBatchEvent::Received(PosBatchTerms {
        store: "11111111-1111-1111-1111-111111111111".parse().unwrap(),
        till: TillId::new("till 3").unwrap(),
        sequence: 18,
        opened_at: opened_at.map(|at| at.parse().unwrap()),
        lines,
    })
}

/// What the samples mean, with what is particular about each.
fn meanings() -> Vec<(&'static str, PosBatchEvent)> {
    let sale = line(Some("L-1"), -2, "2026-11-27T08:15:30.250Z", "R-4711");
    let back = || line(None, 1, "2026-11-27T08:15:31Z", "R-4712");
    let refused = RefusedLine { line: 1, detail: "too many units".to_owned() };
    let short = ShortLine { line: 0, units: 2 };
    vec![
        ("", received(Some("2026-11-27T08:00:00Z"), vec![sale, back()])),
        ("least", received(None, vec![back()])),
        ("", PosBatchEvent::Merged { shortfalls: vec![short], refused: vec![refused] }),
        ("clean", PosBatchEvent::Merged { shortfalls: vec![], refused: vec![] }),
        ("", PosBatchEvent::StepDelayed { attempts: 10, detail: "away".to_owned() }),
    ]
}

fn recorded(event_type: &str, version: u16, data: &Value) -> RecordedEvent {
    samples::recorded("pos-batch-1", event_type, version, &json!({ "data": data }))
}

#[test]
fn every_sample_means_what_it_meant_and_is_written_so() {
    let samples = samples::of("PosBatch");
    let mut known = BTreeSet::new();
    for (particular, event) in meanings() {
        let name = (event.type_name().to_owned(), particular.to_owned());
        let sample = samples.get(&name).unwrap_or_else(|| panic!("{name:?} needs a sample"));
        let read = PosBatchEvent::decode(&recorded(&name.0, 1, &sample["data"]));
        assert_eq!(read.unwrap(), event);
        let written = event.encode(Uuid::from_u128(9), Timestamp::default());
        assert_eq!((&*written.event_type, written.schema_version), (&*name.0, 1));
        assert_eq!(
            serde_json::from_str::<Value>(&written.data).unwrap(),
            sample["data"],
            "{name:?}"
        );
        assert_eq!(written.personal, None);
        known.insert(name);
    }
    assert!(samples.keys().eq(&known), "every sample has a meaning");
    for name in PosBatchEvent::TYPE_NAMES {
        assert!(samples.keys().any(|(event, _)| event == name), "{name} needs a sample");
    }
}

#[test]
fn what_cannot_be_read_is_told_with_its_place() {
    let refused = |event_type, version, data| {
        PosBatchEvent::decode(&recorded(event_type, version, &data)).unwrap_err().to_string()
    };
    assert!(refused("PosBatchMergedEvent", 2, json!({})).contains("use a newer one"));
    let grown = refused("PosBatchMergedEvent", 1, json!({"tare": 1}));
    assert!(grown.contains("position 7") && grown.contains("unknown field `tare`"), "{grown}");
    assert!(refused("PosLostEvent", 1, json!({})).contains("\"PosLostEvent\""));
}
