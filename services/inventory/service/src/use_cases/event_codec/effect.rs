//! The effect of a physical fact as it is stored: left out when the fact was told as it happened and did what it says.

use gondola_inventory_domain::{OutOfRange, Posting, StockDelta};
use kit_core::{RecordedEvent, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a fact changed, where its event does not say so by itself.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Effect {
    /// Change of the units on hand.
    on_hand: i64,
    /// Change of the shortfall.
    #[serde(default, skip_serializing_if = "is_zero")]
    shortfall: i64,
    /// The count that had seen the fact already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    included_in_count_of: Option<Timestamp>,
}

/// Whether a number is left out of what is stored.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
pub(super) fn is_zero(units: &i64) -> bool {
    *units == 0
}

impl Effect {
    /// The effect of a fact that says that so many units came or went.
    pub(super) fn of(posting: &Posting, told: StockDelta) -> Option<Self> {
        let plain = Posting::plain(posting.occurred_at, told);
        (*posting != plain).then(|| Self {
            on_hand: posting.on_hand.get(),
            shortfall: posting.shortfall.get(),
            included_in_count_of: posting.included_in_count_of,
        })
    }
}

/// Where a recorded fact stands, and what it changed.
///
/// One without an effect stands at the time it was recorded: it was told then, or an earlier release wrote it, which
/// knew no other order.
pub(super) fn posting(
    effect: Option<Effect>,
    told: StockDelta,
    recorded: &RecordedEvent,
) -> Result<Posting, OutOfRange> {
    let recorded_at = recorded.metadata.recorded_at;
    let Some(effect) = effect else { return Ok(Posting::plain(recorded_at, told)) };
    let occurred_at = recorded.event.occurred_at;
    Ok(Posting {
        occurred_at,
        is_late: occurred_at < recorded_at,
        on_hand: StockDelta::new(effect.on_hand)?,
        shortfall: StockDelta::new(effect.shortfall)?,
        included_in_count_of: effect.included_in_count_of,
    })
}
