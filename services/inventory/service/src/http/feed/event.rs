//! An event of the feed on the wire.

use std::sync::Arc;

use gondola_inventory_domain::parse_stream_id;
use kit_core::{RecordedEvent, Timestamp};
use kit_event_store::EventStoreError;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;
use uuid::Uuid;

use super::data::EventData;
use crate::use_cases::Catalogue;

/// Something that happened to a stock level.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct FeedEvent {
    /// Place in the global order.
    position: u64,
    /// Unique id of the event.
    event_id: Uuid,
    /// Name of the event.
    #[schema(example = "StockReservedEvent")]
    event_type: String,
    /// Version of the shape of `data`.
    schema_version: u16,
    /// The stock level's stream.
    stream: String,
    /// The store.
    #[serde(skip_serializing_if = "Option::is_none")]
    store_id: Option<Uuid>,
    /// Its code, if the catalogue has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    store_code: Option<Arc<str>>,
    /// The product.
    #[serde(skip_serializing_if = "Option::is_none")]
    product_id: Option<Uuid>,
    /// Its SKU, if the catalogue has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    product_sku: Option<Arc<str>>,
    /// Version of the stock level after it.
    version: u64,
    /// When it happened in the shop.
    #[schema(value_type = String, format = DateTime)]
    occurred_at: Timestamp,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
    /// What it is part of.
    correlation_id: Uuid,
    /// The command that caused it.
    causation_id: Uuid,
    /// Who.
    actor: String,
    /// What happened; its shape depends on type and schema version.
    #[schema(value_type = EventData)]
    data: Box<RawValue>,
}

impl FeedEvent {
    pub(in crate::http) fn of(
        recorded: &RecordedEvent,
        catalogue: &Catalogue,
    ) -> Result<Self, EventStoreError> {
        let level = parse_stream_id(&recorded.stream);
        let data = RawValue::from_string(recorded.event.data.to_string());
        Ok(Self {
            position: recorded.position.get(),
            event_id: recorded.event.event_id,
            event_type: recorded.event.event_type.to_string(),
            schema_version: recorded.event.schema_version,
            stream: recorded.stream.to_string(),
            store_id: level.map(|(_, store)| store.as_uuid()),
            store_code: level.and_then(|(_, store)| Some(catalogue.of_store(store)?.code)),
            product_id: level.map(|(product, _)| product.as_uuid()),
            product_sku: level.and_then(|(product, _)| Some(catalogue.of_product(product)?.code)),
            version: recorded.version.get(),
            occurred_at: recorded.event.occurred_at,
            recorded_at: recorded.metadata.recorded_at,
            correlation_id: recorded.metadata.correlation_id,
            causation_id: recorded.metadata.causation_id,
            actor: recorded.metadata.actor.to_string(),
            data: data.map_err(|error| {
                EventStoreError::Corrupt(format!(
                    "event at position {}: {error}",
                    recorded.position
                ))
            })?,
        })
    }
}
