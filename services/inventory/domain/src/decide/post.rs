//! What a physical fact changes: its place in business order, and the bounds of what may be on hand.

use kit_core::Timestamp;

use crate::balance::Told;
use crate::{Inventory, LookBack, Posting, Refusal, StockDelta, StockQuantity};

/// What a decision knows besides command and state.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) now: Timestamp,
    /// What the history says about the moment of the command's fact, when that was asked for.
    pub(super) look_back: Option<&'a LookBack>,
}

/// Places a fact that happened at `occurred_at`, now when absent, and tells what it changes.
///
/// Nothing happens after it is told: a time that is ahead of the server, within the tolerance, is now.
pub(super) fn post(
    inventory: &Inventory,
    told: Told,
    occurred_at: Option<Timestamp>,
    context: Context<'_>,
) -> Result<Posting, Refusal> {
    let at = occurred_at.map_or(context.now, |at| at.min(context.now));
    let is_late = at < context.now;
    let stock = &inventory.stock;
    if let Some(count) = stock.including_count(at) {
        return Ok(Posting::included(at, is_late, count));
    }
    let after = stock
        .balance_with(at, told, context.look_back)
        .map_err(|_| Refusal::HistoryNeeded { before: at })?;
    let before = stock.present();
    let (on_hand, shortfall) = (after.on_hand - before.on_hand, after.shortfall - before.shortfall);
    let in_bounds = [after.on_hand, after.shortfall].map(|units| StockQuantity::new(units).is_ok());
    match (in_bounds, StockDelta::new(on_hand), StockDelta::new(shortfall)) {
        ([true, true], Ok(on_hand), Ok(shortfall)) => {
            let included_in_count_of = None;
            Ok(Posting { occurred_at: at, is_late, on_hand, shortfall, included_in_count_of })
        }
        _ => Err(out_of_range(inventory, told)),
    }
}

/// The refusal of a change that leads outside what a stock level can have.
pub(super) fn out_of_range(inventory: &Inventory, told: Told) -> Refusal {
    let on_hand = inventory.on_hand();
    let delta = match told {
        Told::Changed(delta) | Told::CountedNow(delta) => delta,
        Told::Counted(counted) => StockDelta::between(on_hand, counted),
    };
    Refusal::OnHandOutOfRange { on_hand, delta }
}
