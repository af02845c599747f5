//! A stocktake as callers see it.

use std::sync::Arc;

use gondola_inventory_domain::{
    Comparison, RecountCause, ShelfCount, StocktakeEvent, StocktakeLine, StocktakeLineStatus,
    StocktakeStatus,
};
use kit_core::{Position, RecordedEvent, Scope, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::open::VarianceLimitBody;
use crate::process_managers::stocktakes::StocktakeAt;
use crate::process_managers::stored::StoredEvent as _;
use crate::use_cases::Catalogue;

/// How a stocktake stands.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) enum StocktakeState {
    /// Lines are to be counted, or to be compared.
    Counting,
    /// Lines are to be approved or rejected.
    Review,
    /// Approved lines are being posted.
    Posting,
    /// Every line is posted or rejected.
    Closed,
    /// It was given up.
    Cancelled,
}

impl StocktakeState {
    /// Its name in the list.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Counting => StocktakeStatus::Counting.as_str(),
            Self::Review => StocktakeStatus::Review.as_str(),
            Self::Posting => StocktakeStatus::Posting.as_str(),
            Self::Closed => StocktakeStatus::Closed.as_str(),
            Self::Cancelled => StocktakeStatus::Cancelled.as_str(),
        }
    }
}

impl From<StocktakeStatus> for StocktakeState {
    fn from(status: StocktakeStatus) -> Self {
        match status {
            StocktakeStatus::Counting => Self::Counting,
            StocktakeStatus::Review => Self::Review,
            StocktakeStatus::Posting => Self::Posting,
            StocktakeStatus::Closed => Self::Closed,
            StocktakeStatus::Cancelled => Self::Cancelled,
        }
    }
}

/// How a line of a stocktake stands.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) enum StocktakeLineState {
    /// It is on the sheet, and not counted.
    ToCount,
    /// It is counted, and not compared.
    Counted,
    /// It is to be counted again.
    Recount,
    /// It is to be approved or rejected.
    Review,
    /// It is to be posted.
    Approved,
    /// It is a count of its stock level.
    Posted,
    /// Nothing comes of it.
    Rejected,
}

impl From<StocktakeLineStatus> for StocktakeLineState {
    fn from(status: StocktakeLineStatus) -> Self {
        match status {
            StocktakeLineStatus::ToCount => Self::ToCount,
            StocktakeLineStatus::Counted => Self::Counted,
            StocktakeLineStatus::Recount => Self::Recount,
            StocktakeLineStatus::Review => Self::Review,
            StocktakeLineStatus::Approved => Self::Approved,
            StocktakeLineStatus::Posted => Self::Posted,
            StocktakeLineStatus::Rejected => Self::Rejected,
        }
    }
}

/// Shelves of a store that are counted, compared with the books, and reviewed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Stocktake)]
pub(in crate::http) struct StocktakeBody {
    /// The stocktake. The counts that come of it have the reference `stocktake-{stocktakeId}`.
    stocktake_id: Uuid,
    /// How it stands.
    status: StocktakeState,
    /// The store.
    store_id: Uuid,
    /// Its code, if the catalogue has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    store_code: Option<Arc<str>>,
    /// The part of it that is counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    zone: Option<String>,
    /// Whether callers who are bound to stores do not see what the books say before it has ended.
    blind: bool,
    /// Differences that are accepted without an approval.
    tolerance: VarianceLimitBody,
    /// A difference beyond this is to be counted again.
    #[serde(skip_serializing_if = "Option::is_none")]
    recount_above: Option<VarianceLimitBody>,
    /// Why, in people's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// What those who opened it call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    /// What posting fails of, again and again; it goes on being tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    delayed_by: Option<String>,
    /// How many lines it has.
    line_count: usize,
    /// Its lines, by product; not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    lines: Option<Vec<StocktakeLineBody>>,
    /// What happened, in order; in the answer to `GET`.
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<Vec<StocktakeHistoryBody>>,
    /// Its version.
    version: u64,
    /// Position of its last change, in the answer about one stocktake; a consistency token for `minPosition`.
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<u64>,
    /// When it began, in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    created_at: Option<Timestamp>,
}

/// One product of a stocktake.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StocktakeLine)]
pub(in crate::http) struct StocktakeLineBody {
    /// The product.
    product_id: Uuid,
    /// Its SKU, if the catalogue has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    product_sku: Option<Arc<str>>,
    /// How it stands.
    status: StocktakeLineState,
    /// What was counted in all zones, once it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    counted: Option<u32>,
    /// When the last of it was counted: the moment of which the books are asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    counted_at: Option<Timestamp>,
    /// The latest count of each zone.
    counts: Vec<CountedZoneBody>,
    /// How often it was counted again as asked.
    recounts: u32,
    /// Why it is to be counted again: `variance` (beyond the threshold), `moved` (stock moved between the counts of its zones) or
    /// `asked`.
    #[serde(skip_serializing_if = "Option::is_none")]
    recount_because: Option<&'static str>,
    /// What the books said of that moment when it was last compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<u32>,
    /// The proposed adjustment, in units: what was counted less what the books said.
    #[serde(skip_serializing_if = "Option::is_none")]
    variance: Option<i64>,
    /// The same in money, where the catalogue has what one unit costs.
    #[serde(skip_serializing_if = "Option::is_none")]
    variance_value: Option<VarianceValueBody>,
    /// Why its stock level has refused it.
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<String>,
}

/// What was counted of a product in one zone.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CountedZone)]
pub(in crate::http) struct CountedZoneBody {
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    zone: Option<String>,
    /// Units.
    counted: u32,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    occurred_at: Timestamp,
}

/// What a difference is worth; less than zero for what is missing.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = VarianceValue)]
pub(in crate::http) struct VarianceValueBody {
    /// Whole minor units: cents, centavos, yen.
    #[schema(example = -1990)]
    minor_units: i64,
    /// ISO 4217.
    #[schema(value_type = String, example = "BRL")]
    currency: Arc<str>,
}

/// Something that happened to a stocktake.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StocktakeHistoryEntry)]
pub(in crate::http) struct StocktakeHistoryBody {
    /// The event.
    event_type: &'static str,
    /// More about it, in people's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
    /// Who did it.
    actor: String,
    /// Its position in the log.
    position: u64,
}

impl StocktakeBody {
    /// A stocktake for callers of a scope.
    pub(super) fn of(at: &StocktakeAt, scope: &Scope, catalogue: &Catalogue) -> Self {
        let (stocktake, terms) = (&at.state, at.state.terms());
        let status = stocktake.status();
        let store = terms.and_then(|terms| catalogue.of_store(terms.store));
        let blind = terms.is_some_and(|terms| terms.blind);
        let is_shown = !blind || status.is_end() || scope.owners().is_none();
        let line = |line| StocktakeLineBody::of(line, is_shown, catalogue);
        Self {
            stocktake_id: at.id,
            status: status.into(),
            store_id: terms.map(|terms| terms.store.as_uuid()).unwrap_or_default(),
            store_code: store.map(|store| store.code),
            zone: terms.and_then(|terms| terms.zone.as_ref()).map(ToString::to_string),
            blind,
            tolerance: terms
                .map(|terms| VarianceLimitBody::of(terms.tolerance))
                .unwrap_or_default(),
            recount_above: terms.and_then(|terms| terms.recount_above).map(VarianceLimitBody::of),
            reason: terms.and_then(|terms| terms.reason.as_ref()).map(ToString::to_string),
            reference: terms.and_then(|terms| terms.reference.as_ref()).map(ToString::to_string),
            delayed_by: stocktake.delayed().map(|delayed| delayed.detail.clone()),
            line_count: stocktake.lines().count(),
            lines: Some(stocktake.lines().map(line).collect()),
            history: None,
            version: at.version.get(),
            position: None,
            created_at: None,
        }
    }

    /// The same after a command, or asked for by its id.
    pub(super) fn at(self, position: Position) -> Self {
        Self { position: Some(position.get()), ..self }
    }

    /// The same in a list.
    pub(super) fn listed(self, created_at: Timestamp) -> Self {
        Self { lines: None, created_at: Some(created_at), ..self }
    }

    /// The same with what happened.
    pub(super) fn with_history(
        self,
        history: &[Arc<RecordedEvent>],
    ) -> Result<Self, kit_service::ReadError> {
        let entry = |recorded: &Arc<RecordedEvent>| {
            let event = StocktakeEvent::decode(recorded)?;
            Ok(StocktakeHistoryBody {
                event_type: event.type_name(),
                detail: event.detail().map(str::to_owned),
                recorded_at: recorded.metadata.recorded_at,
                actor: recorded.metadata.actor.to_string(),
                position: recorded.position.get(),
            })
        };
        let history = history.iter().map(entry);
        let history = history.collect::<Result<_, kit_event_store::EventStoreError>>()?;
        Ok(Self { history: Some(history), ..self })
    }
}

impl StocktakeLineBody {
    fn of(line: &StocktakeLine, is_shown: bool, catalogue: &Catalogue) -> Self {
        let comparison = line.comparison.as_ref().filter(|_| is_shown);
        let between = line.counted_between();
        Self {
            product_id: line.product.as_uuid(),
            product_sku: catalogue.of_product(line.product).map(|product| product.code),
            status: line.status.into(),
            counted: between.map(|_| line.counted().get()),
            counted_at: between.map(|(_, last)| last),
            counts: line.counts.iter().map(CountedZoneBody::of).collect(),
            recounts: line.recounts,
            recount_because: line.recount_cause.map(because),
            expected: comparison.map(|comparison| comparison.expected.get()),
            variance: comparison.map(|comparison| comparison.variance().get()),
            variance_value: comparison.and_then(VarianceValueBody::of),
            refusal: line.refusal.clone().filter(|_| is_shown),
        }
    }
}

const fn because(cause: RecountCause) -> &'static str {
    match cause {
        RecountCause::Variance => "variance",
        RecountCause::Moved => "moved",
        RecountCause::Asked => "asked",
    }
}

impl CountedZoneBody {
    fn of(count: &ShelfCount) -> Self {
        Self {
            zone: count.zone.as_ref().map(ToString::to_string),
            counted: count.counted.get(),
            occurred_at: count.counted_at,
        }
    }
}

impl VarianceValueBody {
    fn of(comparison: &Comparison) -> Option<Self> {
        let currency = Arc::clone(&comparison.unit_cost.as_ref()?.currency);
        Some(Self { minor_units: comparison.value()?, currency })
    }
}
