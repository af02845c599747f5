//! How events, snapshots and answers are stored: as JSON.

use std::collections::BTreeSet;

use kit_core::{EncodedEvent, RecordedEvent, Timestamp};
use kit_event_store::EventStoreError;
use kit_executor::Codec;
use serde::Serialize;
use uuid::Uuid;

use super::rules::{Notified, Notify, Rules};

fn json(value: &impl Serialize) -> Box<str> {
    serde_json::to_string(value).expect("ids, texts and numbers can be written as JSON").into()
}

impl Codec for Rules {
    const SNAPSHOT_SCHEMA: u16 = 1;

    fn encode(&self, _: &Notify, event: &Notified, id: Uuid, now: Timestamp) -> EncodedEvent {
        EncodedEvent {
            event_id: id,
            event_type: "AddressNotifiedEvent".into(),
            schema_version: 1,
            occurred_at: now,
            data: json(event),
            personal: None,
        }
    }

    fn decode(&self, recorded: &RecordedEvent) -> Result<Notified, EventStoreError> {
        let event = serde_json::from_str(&recorded.event.data);
        event.map_err(|error| EventStoreError::Corrupt(format!("{}: {error}", recorded.position)))
    }

    fn encode_state(&self, told: &BTreeSet<Uuid>) -> Box<str> {
        json(told)
    }

    fn decode_state(&self, snapshot: &str) -> Option<BTreeSet<Uuid>> {
        serde_json::from_str(snapshot).ok()
    }

    fn encode_answer(&self, count: &usize) -> Box<str> {
        json(count)
    }

    fn decode_answer(&self, answer: &str) -> Option<usize> {
        answer.parse().ok()
    }
}
