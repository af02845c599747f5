//! The events of a batch as they are stored: JSON shapes with versions. `golden/` has a sample of each, for ever.

use gondola_inventory_domain::{
    PosBatchEvent, PosBatchTerms, PosLine, PosLineId, ProductId, RefusedLine, ShortLine,
    StockDelta, StoreId, TillId, TransactionRef,
};
use kit_core::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::event_data::{EventDataShape, event_data};
use crate::process_managers::stored::{StepDelayed, StoredEvent, Unreadable, json};

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Received {
    #[schema(value_type = Uuid)]
    store_id: StoreId,
    till_id: String,
    sequence: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    opened_at: Option<Timestamp>,
    lines: Vec<StoredLine>,
}

/// `delta` is what the line changes on the shelf: less than zero for a sale.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = EventPosLine)]
struct StoredLine {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    line_id: Option<String>,
    #[schema(value_type = Uuid)]
    product_id: ProductId,
    delta: i64,
    #[schema(value_type = String, format = DateTime)]
    occurred_at: Timestamp,
    transaction_id: String,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Merged {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    shortfalls: Vec<StoredShort>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    refused: Vec<StoredRefused>,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EventShortfall)]
struct StoredShort {
    line: u32,
    units: u32,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EventRefusedLine)]
struct StoredRefused {
    line: u32,
    detail: String,
}

/// The shapes above, by the names of their events.
pub(in crate::process_managers) fn event_data() -> Vec<EventDataShape> {
    event_data![
        "PosBatchReceivedEvent" => Received,
        "PosBatchMergedEvent" => Merged,
        "PosBatchStepDelayedEvent" => StepDelayed,
    ]
}

impl StoredEvent for PosBatchEvent {
    const VERSION: u16 = 1;

    fn name(&self) -> &'static str {
        self.type_name()
    }

    fn data(&self) -> Box<str> {
        encode(self)
    }

    fn read(name: &str, data: &str) -> Result<Self, Unreadable> {
        decode(name, data)
    }
}

fn encode(event: &PosBatchEvent) -> Box<str> {
    match event {
        PosBatchEvent::Received(terms) => json(&Received {
            store_id: terms.store,
            till_id: terms.till.to_string(),
            sequence: terms.sequence,
            opened_at: terms.opened_at,
            lines: terms.lines.iter().map(StoredLine::of).collect(),
        }),
        PosBatchEvent::Merged { shortfalls, refused } => {
            let short = |ShortLine { line, units }: &_| StoredShort { line: *line, units: *units };
            let detail = |refused: &RefusedLine| StoredRefused {
                line: refused.line,
                detail: refused.detail.clone(),
            };
            json(&Merged {
                shortfalls: shortfalls.iter().map(short).collect(),
                refused: refused.iter().map(detail).collect(),
            })
        }
        PosBatchEvent::StepDelayed { attempts, detail } => {
            json(&StepDelayed { attempts: *attempts, detail: detail.clone() })
        }
    }
}

fn decode(name: &str, data: &str) -> Result<PosBatchEvent, Unreadable> {
    match name {
        "PosBatchReceivedEvent" => {
            let stored: Received = serde_json::from_str(data)?;
            Ok(PosBatchEvent::Received(PosBatchTerms {
                store: stored.store_id,
                till: TillId::new(&stored.till_id)?,
                sequence: stored.sequence,
                opened_at: stored.opened_at,
                lines: stored.lines.iter().map(StoredLine::read).collect::<Result<_, _>>()?,
            }))
        }
        "PosBatchMergedEvent" => {
            let Merged { shortfalls, refused } = serde_json::from_str(data)?;
            let short = |StoredShort { line, units }| ShortLine { line, units };
            let detail = |StoredRefused { line, detail }| RefusedLine { line, detail };
            Ok(PosBatchEvent::Merged {
                shortfalls: shortfalls.into_iter().map(short).collect(),
                refused: refused.into_iter().map(detail).collect(),
            })
        }
        "PosBatchStepDelayedEvent" => {
            let StepDelayed { attempts, detail } = serde_json::from_str(data)?;
            Ok(PosBatchEvent::StepDelayed { attempts, detail })
        }
        other => Err(format!("no event of a batch of a till is called {other:?}").into()),
    }
}

impl StoredLine {
    fn of(line: &PosLine) -> Self {
        Self {
            line_id: line.id.as_ref().map(ToString::to_string),
            product_id: line.product,
            delta: line.change.get(),
            occurred_at: line.occurred_at,
            transaction_id: line.transaction.to_string(),
        }
    }

    fn read(&self) -> Result<PosLine, Unreadable> {
        Ok(PosLine {
            id: self.line_id.as_deref().map(PosLineId::new).transpose()?,
            product: self.product_id,
            change: StockDelta::new(self.delta)?,
            occurred_at: self.occurred_at,
            transaction: TransactionRef::new(&self.transaction_id)?,
        })
    }
}
