//! Facts in business order, with as little memory as may be and with plenty.

use gondola_inventory_domain::{
    Event, PositiveQuantity, Posting, ProductId, StockDelta, StoreId, stream_id,
};
use kit_core::{Actor, Metadata, StreamId, Version};
use kit_event_store::memory::MemoryStore;
use kit_event_store::{Append, EventLog, Transaction};
use uuid::Uuid;

use super::*;
use crate::use_cases::encode_event;

fn stream() -> StreamId {
    stream_id(ProductId::from_uuid(Uuid::from_u128(1)), StoreId::from_uuid(Uuid::from_u128(2)))
}

/// A log of receipts that happened at these times, each recorded a millisecond after the one before.
async fn log(times: &[i64]) -> MemoryStore {
    let log = MemoryStore::new();
    for (version, at) in (0..).zip(times) {
        let recorded_at = Timestamp::from_millis(1_000_000 + i64::try_from(version).unwrap());
        let quantity = PositiveQuantity::new(i64::try_from(version + 1).unwrap()).unwrap();
        let posting = Posting {
            is_late: true,
            ..Posting::plain(Timestamp::from_millis(*at), StockDelta::from(quantity))
        };
        let event = Event::StockAdded { quantity, reason: None, reference: None, posting };
        let events = vec![encode_event(&event, Uuid::from_u128(version.into()), recorded_at)];
        let append = Append { stream: stream(), expected: Version::new(version), events };
        let metadata = Metadata {
            correlation_id: Uuid::nil(),
            causation_id: Uuid::nil(),
            actor: Actor::system("system:test"),
            recorded_at,
        };
        let transaction = Transaction { appends: vec![append], ..Transaction::new(metadata, 0) };
        log.append(vec![transaction]).await.unwrap();
    }
    log
}

/// Business times and quantities in business order, up to a version.
async fn walked(log: &MemoryStore, last: u64, late_max: usize) -> Vec<(i64, i64)> {
    let facts = BusinessOrder { log, stream: &stream(), last: Version::new(last) };
    let mut walked = Vec::new();
    let each = |fact: Fact| match fact.told {
        Told::Changed(units) => walked.push((fact.occurred_at().as_millis(), units.get())),
        other => panic!("{other:?}"),
    };
    facts.walk_keeping(late_max, each).await.unwrap();
    walked
}

#[tokio::test]
async fn facts_come_in_the_order_in_which_they_happened_whatever_is_kept() {
    // long enough for several pages; times repeat, and go back now and then or all the time
    let mostly: Vec<i64> = (0..2_500).map(|n| if n % 50 == 7 { n / 3 } else { n / 2 }).collect();
    let backwards: Vec<i64> = (0..60).map(|n| 60 - n / 2).collect();
    for times in [mostly, backwards, vec![3], vec![]] {
        let log = log(&times).await;
        let mut expected: Vec<_> = times.into_iter().zip(1..).collect();
        expected.sort_by_key(|(at, _)| *at);
        for late_max in [1, 7, 10_000] {
            assert_eq!(walked(&log, u64::MAX, late_max).await, expected, "{late_max}");
        }
    }
}

#[tokio::test]
async fn what_comes_after_the_version_is_left_out() {
    let log = log(&[5, 9, 2, 1]).await;
    assert_eq!(walked(&log, 3, 10).await, [(2, 3), (5, 1), (9, 2)]);
    assert_eq!(walked(&log, 0, 10).await, []);
}
