//! The events of a stocktake as they are stored: JSON shapes with versions. `golden/` has a sample of each, for ever.

use gondola_inventory_domain::{
    Comparison, OnShortage, ProductId, RecountCause, Reference, ShelfCount, StockQuantity,
    StocktakeEvent, StocktakeTerms, StoreId, UnitCost, VarianceLimit, Verdict, Zone,
};
use kit_core::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::event_data::{EventDataShape, event_data};
use crate::process_managers::stored::{
    StepDelayed, StoredEvent, Unreadable, json, read_reason, text,
};

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Opened {
    #[schema(value_type = Uuid)]
    store_id: StoreId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    zone: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Uuid>)]
    sheet: Vec<ProductId>,
    blind: bool,
    tolerance: StoredLimit,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    recount_above: Option<StoredLimit>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EventVarianceLimit)]
struct StoredLimit {
    units: i64,
    percent: i64,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Counted {
    counts: Vec<StoredCount>,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = EventShelfCount)]
struct StoredCount {
    #[schema(value_type = Uuid)]
    product_id: ProductId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    zone: Option<String>,
    counted: i64,
    #[schema(value_type = String, format = DateTime)]
    counted_at: Timestamp,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Compared {
    lines: Vec<StoredComparison>,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = EventComparison)]
struct StoredComparison {
    #[schema(value_type = Uuid)]
    product_id: ProductId,
    counted: i64,
    #[schema(value_type = String, format = DateTime)]
    counted_at: Timestamp,
    expected: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unit_cost: Option<StoredCost>,
    #[schema(inline)]
    verdict: StoredVerdict,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = EventUnitCost)]
struct StoredCost {
    minor_units: u64,
    currency: String,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum StoredVerdict {
    Accepted,
    Review,
    RecountVariance,
    RecountMoved,
    RecountAsked,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Approved {
    #[schema(value_type = Vec<Uuid>)]
    product_ids: Vec<ProductId>,
    #[schema(inline)]
    on_shortage: StoredShortage,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum StoredShortage {
    Refuse,
    Revoke,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OfLines {
    #[schema(value_type = Vec<Uuid>)]
    product_ids: Vec<ProductId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Posted {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Uuid>)]
    product_ids: Vec<ProductId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    refused: Vec<StoredRefused>,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = EventRefusedCount)]
struct StoredRefused {
    #[schema(value_type = Uuid)]
    product_id: ProductId,
    detail: String,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Cancelled {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// The shapes above, by the names of their events.
pub(in crate::process_managers) fn event_data() -> Vec<EventDataShape> {
    event_data![
        "StocktakeOpenedEvent" => Opened,
        "StocktakeCountedEvent" => Counted,
        "StocktakeComparedEvent" => Compared,
        "StocktakeApprovedEvent" => Approved,
        "StocktakeRejectedEvent" => OfLines,
        "StocktakeRecountAskedEvent" => OfLines,
        "StocktakePostedEvent" => Posted,
        "StocktakeCancelledEvent" => Cancelled,
        "StocktakeStepDelayedEvent" => StepDelayed,
    ]
}

impl StoredEvent for StocktakeEvent {
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

fn encode(event: &StocktakeEvent) -> Box<str> {
    match event {
        StocktakeEvent::Opened(terms) => json(&Opened::of(terms)),
        StocktakeEvent::Counted { counts } => {
            json(&Counted { counts: counts.iter().map(StoredCount::of).collect() })
        }
        StocktakeEvent::Compared { lines } => {
            json(&Compared { lines: lines.iter().map(StoredComparison::of).collect() })
        }
        StocktakeEvent::Approved { products, on_shortage, reason } => json(&Approved {
            product_ids: products.clone(),
            on_shortage: match on_shortage {
                OnShortage::Refuse => StoredShortage::Refuse,
                OnShortage::RevokeNewest => StoredShortage::Revoke,
            },
            reason: text(reason.as_ref()),
        }),
        StocktakeEvent::Rejected { products, reason }
        | StocktakeEvent::RecountAsked { products, reason } => {
            json(&OfLines { product_ids: products.clone(), reason: text(reason.as_ref()) })
        }
        StocktakeEvent::Posted { products, refused } => {
            let refused = refused.iter().map(|(product_id, detail)| StoredRefused {
                product_id: *product_id,
                detail: detail.clone(),
            });
            json(&Posted { product_ids: products.clone(), refused: refused.collect() })
        }
        StocktakeEvent::Cancelled { reason } => json(&Cancelled { reason: text(reason.as_ref()) }),
        StocktakeEvent::StepDelayed { attempts, detail } => {
            json(&StepDelayed { attempts: *attempts, detail: detail.clone() })
        }
    }
}

fn decode(name: &str, data: &str) -> Result<StocktakeEvent, Unreadable> {
    Ok(match name {
        "StocktakeOpenedEvent" => {
            StocktakeEvent::Opened(serde_json::from_str::<Opened>(data)?.read()?)
        }
        "StocktakeCountedEvent" => {
            let Counted { counts } = serde_json::from_str(data)?;
            let counts = counts.iter().map(StoredCount::read).collect::<Result<_, _>>()?;
            StocktakeEvent::Counted { counts }
        }
        "StocktakeComparedEvent" => {
            let Compared { lines } = serde_json::from_str(data)?;
            let lines = lines.into_iter().map(StoredComparison::read).collect::<Result<_, _>>()?;
            StocktakeEvent::Compared { lines }
        }
        "StocktakeApprovedEvent" => {
            let Approved { product_ids: products, on_shortage, reason } =
                serde_json::from_str(data)?;
            let on_shortage = match on_shortage {
                StoredShortage::Refuse => OnShortage::Refuse,
                StoredShortage::Revoke => OnShortage::RevokeNewest,
            };
            StocktakeEvent::Approved { products, on_shortage, reason: read_reason(reason)? }
        }
        "StocktakeRejectedEvent" => {
            let OfLines { product_ids: products, reason } = serde_json::from_str(data)?;
            StocktakeEvent::Rejected { products, reason: read_reason(reason)? }
        }
        "StocktakeRecountAskedEvent" => {
            let OfLines { product_ids: products, reason } = serde_json::from_str(data)?;
            StocktakeEvent::RecountAsked { products, reason: read_reason(reason)? }
        }
        "StocktakePostedEvent" => {
            let Posted { product_ids: products, refused } = serde_json::from_str(data)?;
            let refused = refused.into_iter();
            let refused = refused.map(|StoredRefused { product_id, detail }| (product_id, detail));
            StocktakeEvent::Posted { products, refused: refused.collect() }
        }
        "StocktakeCancelledEvent" => {
            let Cancelled { reason } = serde_json::from_str(data)?;
            StocktakeEvent::Cancelled { reason: read_reason(reason)? }
        }
        "StocktakeStepDelayedEvent" => {
            let StepDelayed { attempts, detail } = serde_json::from_str(data)?;
            StocktakeEvent::StepDelayed { attempts, detail }
        }
        other => return Err(format!("no event of a stocktake is called {other:?}").into()),
    })
}

impl Opened {
    fn of(terms: &StocktakeTerms) -> Self {
        Self {
            store_id: terms.store,
            zone: terms.zone.as_ref().map(ToString::to_string),
            sheet: terms.sheet.clone(),
            blind: terms.blind,
            tolerance: StoredLimit::of(terms.tolerance),
            recount_above: terms.recount_above.map(StoredLimit::of),
            reason: text(terms.reason.as_ref()),
            reference: terms.reference.as_ref().map(ToString::to_string),
        }
    }

    fn read(self) -> Result<StocktakeTerms, Unreadable> {
        Ok(StocktakeTerms {
            store: self.store_id,
            zone: read_zone(self.zone.as_deref())?,
            sheet: self.sheet,
            blind: self.blind,
            tolerance: self.tolerance.read()?,
            recount_above: self.recount_above.map(StoredLimit::read).transpose()?,
            reason: read_reason(self.reason)?,
            reference: self.reference.as_deref().map(Reference::new).transpose()?,
        })
    }
}

fn read_zone(stored: Option<&str>) -> Result<Option<Zone>, Unreadable> {
    Ok(stored.map(Zone::new).transpose()?)
}

impl StoredLimit {
    fn of(limit: VarianceLimit) -> Self {
        Self { units: limit.units().into(), percent: limit.percent().into() }
    }

    fn read(self) -> Result<VarianceLimit, Unreadable> {
        Ok(VarianceLimit::new(self.units, self.percent)?)
    }
}

impl StoredCount {
    fn of(count: &ShelfCount) -> Self {
        Self {
            product_id: count.product,
            zone: count.zone.as_ref().map(ToString::to_string),
            counted: count.counted.get().into(),
            counted_at: count.counted_at,
        }
    }

    fn read(&self) -> Result<ShelfCount, Unreadable> {
        Ok(ShelfCount {
            product: self.product_id,
            zone: read_zone(self.zone.as_deref())?,
            counted: StockQuantity::new(self.counted)?,
            counted_at: self.counted_at,
        })
    }
}

impl StoredComparison {
    fn of(line: &Comparison) -> Self {
        let unit_cost = line.unit_cost.as_ref().map(|cost| StoredCost {
            minor_units: cost.minor_units,
            currency: cost.currency.as_ref().to_owned(),
        });
        Self {
            product_id: line.product,
            counted: line.counted.get().into(),
            counted_at: line.counted_at,
            expected: line.expected.get().into(),
            unit_cost,
            verdict: match line.verdict {
                Verdict::Accepted => StoredVerdict::Accepted,
                Verdict::Review => StoredVerdict::Review,
                Verdict::Recount(RecountCause::Variance) => StoredVerdict::RecountVariance,
                Verdict::Recount(RecountCause::Moved) => StoredVerdict::RecountMoved,
                Verdict::Recount(RecountCause::Asked) => StoredVerdict::RecountAsked,
            },
        }
    }

    fn read(self) -> Result<Comparison, Unreadable> {
        let unit_cost = self.unit_cost.map(|StoredCost { minor_units, currency }| UnitCost {
            minor_units,
            currency: currency.into(),
        });
        Ok(Comparison {
            product: self.product_id,
            counted: StockQuantity::new(self.counted)?,
            counted_at: self.counted_at,
            expected: StockQuantity::new(self.expected)?,
            unit_cost,
            verdict: match self.verdict {
                StoredVerdict::Accepted => Verdict::Accepted,
                StoredVerdict::Review => Verdict::Review,
                StoredVerdict::RecountVariance => Verdict::Recount(RecountCause::Variance),
                StoredVerdict::RecountMoved => Verdict::Recount(RecountCause::Moved),
                StoredVerdict::RecountAsked => Verdict::Recount(RecountCause::Asked),
            },
        })
    }
}
