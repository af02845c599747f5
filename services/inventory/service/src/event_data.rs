//! What the document says of the data of stored events: the shapes that write them, each with a golden sample.

use serde_json::Value;
use utoipa::openapi::{RefOr, Schema};

/// The shape of the data of one type of event.
pub(crate) struct EventDataShape {
    /// Name of the event, as in the log.
    pub(crate) event_type: &'static str,
    /// Of the type that writes it.
    pub(crate) schema: RefOr<Schema>,
    /// The schemas that it refers to, by their names.
    pub(crate) parts: Vec<(String, RefOr<Schema>)>,
    /// The golden file of its first version.
    pub(crate) golden: &'static str,
}

impl EventDataShape {
    /// Data as it is in the log.
    pub(crate) fn sample(&self) -> Value {
        let golden: Value = serde_json::from_str(self.golden).unwrap_or_default();
        golden.get("data").cloned().unwrap_or_default()
    }
}

/// The shapes of events by their names: `event_data!["StockAddedEvent" => StockAdded<'_>]`. Each must have a golden file.
macro_rules! event_data {
    ($($event_type:literal => $shape:ty),* $(,)?) => {
        vec![$($crate::event_data::EventDataShape {
            event_type: $event_type,
            schema: <$shape as ::utoipa::PartialSchema>::schema(),
            parts: {
                let mut parts = Vec::new();
                <$shape as ::utoipa::ToSchema>::schemas(&mut parts);
                parts
            },
            golden: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/golden/", $event_type, ".v1.json")),
        }),*]
    };
}

pub(crate) use event_data;

/// The shapes of all events that the log can have.
pub(crate) fn all() -> Vec<EventDataShape> {
    let mut all = crate::use_cases::event_data();
    all.extend(crate::process_managers::event_data());
    all
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use gondola_inventory_domain::{
        CheckoutEvent, Event, PosBatchEvent, SplitReservationEvent, StocktakeEvent, TransferEvent,
    };

    #[test]
    fn each_type_of_event_has_a_shape_and_none_has_two() {
        let all = super::all();
        let known: BTreeSet<_> = all.iter().map(|shape| shape.event_type).collect();
        assert_eq!(known.len(), all.len(), "a type stands twice");
        let types: BTreeSet<_> = [
            &Event::TYPE_NAMES[..],
            &TransferEvent::TYPE_NAMES,
            &SplitReservationEvent::TYPE_NAMES,
            &CheckoutEvent::TYPE_NAMES,
            &PosBatchEvent::TYPE_NAMES,
            &StocktakeEvent::TYPE_NAMES,
        ]
        .concat()
        .into_iter()
        .collect();
        assert_eq!(known, types);
        for shape in &all {
            assert!(shape.sample().is_object(), "{} has no sample", shape.event_type);
        }
    }
}
