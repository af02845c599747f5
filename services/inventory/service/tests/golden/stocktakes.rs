//! Every shape of an event of a stocktake that was ever stored is still read, and the present one is written as its sample says.

use std::collections::BTreeSet;
use std::path::Path;

use gondola_inventory::process_managers::stored::StoredEvent as _;
use gondola_inventory_domain::{
    Comparison, OnShortage, ProductId, Reason, RecountCause, Reference, ShelfCount, StockQuantity,
    StocktakeEvent, StocktakeTerms, UnitCost, VarianceLimit, Verdict, Zone,
};
use kit_core::{RecordedEvent, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::samples;

/// The names of the samples there are.
fn samples() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name());
    let names = files.map(|name| name.into_string().unwrap());
    names.filter(|name| name.starts_with("Stocktake")).collect()
}

fn sample(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden").join(name);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn id(number: u32) -> ProductId {
    format!("22222222-2222-2222-2222-{number:012}").parse().unwrap()
}

fn units(units: i64) -> StockQuantity {
    StockQuantity::new(units).unwrap()
}

fn reason(text: &str) -> Reason {
    Reason::new(text).unwrap()
}

const FIRST: &str = "2026-11-27T08:15:30.250Z";
const SECOND: &str = "2026-11-27T08:16:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn line(number: u32, when: &str, [counted, expected]: [i64; 2], verdict: Verdict) -> Comparison {
    let (product, counted_at, unit_cost) = (id(number), at(when), None);
    let (counted, expected) = (units(counted), units(expected));
    Comparison { product, counted, counted_at, expected, unit_cost, verdict }
}

fn opened(least: bool) -> StocktakeEvent {
    let limit = |units, percent| VarianceLimit::new(units, percent).unwrap();
    let least_terms = StocktakeTerms {
        store: "11111111-1111-1111-1111-111111111111".parse().unwrap(),
        zone: None,
        sheet: vec![],
        blind: false,
        tolerance: limit(0, 0),
        recount_above: None,
        reason: None,
        reference: None,
    };
    StocktakeEvent::Opened(if least {
        least_terms
    } else {
        StocktakeTerms {
            zone: Some(Zone::new("Aisle 4").unwrap()),
            sheet: vec![id(1), id(2)],
            blind: true,
            tolerance: limit(1, 2),
            recount_above: Some(limit(10, 0)),
            reason: Some(reason("Cycle count")),
            reference: Some(Reference::new("CC-48").unwrap()),
            ..least_terms
        }
    })
}

/// What the samples mean, with what is particular about each.
fn meanings() -> Vec<(&'static str, StocktakeEvent)> {
    let zone = Some(Zone::new("Back room").unwrap());
    let first = ShelfCount { product: id(1), zone, counted: units(12), counted_at: at(FIRST) };
    let counted_at = at(SECOND);
    let second = ShelfCount { product: id(2), zone: None, counted: units(0), counted_at };
    let unit_cost = Some(UnitCost { minor_units: 1990, currency: "BRL".into() });
    let lines = vec![
        Comparison { unit_cost, ..line(1, FIRST, [12, 15], Verdict::Review) },
        line(2, SECOND, [0, 0], Verdict::Accepted),
        line(3, SECOND, [1, 90], Verdict::Recount(RecountCause::Variance)),
        line(4, SECOND, [5, 5], Verdict::Recount(RecountCause::Moved)),
    ];
    let products = vec![id(1)];
    let approved = |on_shortage, reason| {
        let products = vec![id(1)];
        StocktakeEvent::Approved { products, on_shortage, reason }
    };
    let refused = vec![(id(2), "6 are reserved".to_owned())];
    vec![
        ("", opened(false)),
        ("least", opened(true)),
        ("", StocktakeEvent::Counted { counts: vec![first, second] }),
        ("", StocktakeEvent::Compared { lines }),
        ("", approved(OnShortage::RevokeNewest, Some(reason("Checked")))),
        ("least", approved(OnShortage::Refuse, None)),
        (
            "",
            StocktakeEvent::Rejected { products: vec![id(1)], reason: Some(reason("Miscounted")) },
        ),
        (
            "",
            StocktakeEvent::RecountAsked {
                products: vec![id(1)],
                reason: Some(reason("Miscounted")),
            },
        ),
        ("", StocktakeEvent::Posted { products, refused }),
        ("", StocktakeEvent::Cancelled { reason: Some(reason("Closed early")) }),
        ("", StocktakeEvent::StepDelayed { attempts: 10, detail: "away".to_owned() }),
    ]
}

fn recorded(event_type: &str, version: u16, sample: &Value) -> RecordedEvent {
    samples::recorded("stocktake-1", event_type, version, sample)
}

#[test]
fn every_sample_means_what_it_meant_and_is_written_so() {
    let mut known = BTreeSet::new();
    for (particular, event) in meanings() {
        let ending = if particular.is_empty() { String::new() } else { format!(".{particular}") };
        let name = format!("{}.v1{ending}.json", event.type_name());
        let sample = sample(&name);
        let read = StocktakeEvent::decode(&recorded(event.type_name(), 1, &sample));
        assert_eq!(read.unwrap(), event);
        let written = event.encode(Uuid::from_u128(9), Timestamp::default());
        assert_eq!((&*written.event_type, written.schema_version), (event.type_name(), 1));
        assert_eq!(serde_json::from_str::<Value>(&written.data).unwrap(), sample["data"], "{name}");
        assert_eq!(written.personal, None);
        known.insert(name);
    }
    assert_eq!(samples(), known, "every sample has a meaning");
    for name in StocktakeEvent::TYPE_NAMES {
        assert!(known.iter().any(|sample| sample.starts_with(name)), "{name} needs a sample");
    }
}

#[test]
fn what_cannot_be_read_is_told_with_its_place() {
    let refused = |event_type, version, data| {
        let sample = json!({ "data": data });
        StocktakeEvent::decode(&recorded(event_type, version, &sample)).unwrap_err().to_string()
    };
    assert!(refused("StocktakePostedEvent", 2, json!({})).contains("use a newer one"));
    let grown = refused("StocktakePostedEvent", 1, json!({"tare": 1}));
    assert!(grown.contains("position 7") && grown.contains("unknown field `tare`"), "{grown}");
    assert!(refused("StocktakeLostEvent", 1, json!({})).contains("\"StocktakeLostEvent\""));
}
