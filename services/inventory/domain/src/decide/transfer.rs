//! Decides `DispatchTransfer` and `ReceiveTransfer`: units leave for another store, and arrive.

use super::active_hold;
use super::post::{Context, post};
use crate::{DispatchTransfer, Event, Inventory, ReceiveTransfer, Refusal, StockDelta, Told};

/// Like a sale it is never refused for its business time: the units are held, and what the books lacked then is a
/// shortfall.
pub(super) fn dispatch(
    inventory: &Inventory,
    command: &DispatchTransfer,
    context: Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let DispatchTransfer { transfer_id, reservation_id, destination, occurred_at } = *command;
    let quantity = active_hold(inventory, reservation_id, context.now)?.quantity;
    let left = Told::Changed(StockDelta::from(quantity).negated());
    let posting = post(inventory, left, occurred_at, context)?;
    Ok(vec![Event::StockTransferredOut {
        transfer_id,
        reservation_id,
        quantity,
        destination,
        posting,
    }])
}

pub(super) fn receive(
    inventory: &Inventory,
    command: &ReceiveTransfer,
    context: Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let ReceiveTransfer { transfer_id, from, quantity, occurred_at } = *command;
    let arrived = Told::Changed(StockDelta::from(quantity));
    let posting = post(inventory, arrived, occurred_at, context)?;
    Ok(vec![Event::StockTransferredIn { transfer_id, quantity, from, posting }])
}

#[cfg(test)]
mod tests {
    use crate::Refusal;
    use crate::testing::{
        added, at, commit, counted, delta, dispatch, given, happened, included, late, quantity,
        receive, reservation, reserved, revoked, transferred_in, transferred_out,
    };

    #[test]
    fn what_the_hold_has_leaves_the_store_and_ends_it() {
        given([added(5), reserved(1, 3, 300)])
            .when(dispatch(1))
            .then([transferred_out(1, 3)])
            .on_hand(2)
            .reserved(0)
            .available(2);
    }

    #[test]
    fn nothing_leaves_without_a_hold_that_is_good() {
        let not_active = Refusal::ReservationNotActive { reservation_id: reservation(1) };
        given([added(5)]).when(dispatch(1)).refused(not_active);
        given([added(3), reserved(1, 3, 300), revoked(1, 3)]).when(dispatch(1)).refused(not_active);
        let left = [added(5), reserved(1, 3, 300), transferred_out(1, 3)];
        given(left.clone()).when(dispatch(1)).refused(not_active);
        given(left).when(commit(1)).refused(not_active);
    }

    #[test]
    fn the_deadline_of_the_hold_is_half_open() {
        let history = || [added(5), reserved(1, 3, 60)];
        given(history()).at(59_999).when(dispatch(1)).then([transferred_out(1, 3)]);
        for moment in [60_000, 60_001] {
            let expires_at = at(60_000);
            let refusal =
                Refusal::ReservationExpired { reservation_id: reservation(1), expires_at };
            given(history()).at(moment).when(dispatch(1)).refused(refusal);
        }
    }

    #[test]
    fn units_that_arrive_are_on_hand_and_available() {
        given([added(2)]).when(receive(3)).then([transferred_in(3)]).on_hand(5).available(5);
        given([]).when(receive(3)).then([transferred_in(3)]).on_hand(3);
    }

    #[test]
    fn no_more_arrive_than_a_stock_level_can_have() {
        given([added(999_999_999)])
            .when(receive(2))
            .refused(Refusal::OnHandOutOfRange { on_hand: quantity(999_999_999), delta: delta(2) });
    }

    #[test]
    fn what_is_told_late_takes_effect_at_its_time() {
        given([added(5), reserved(1, 3, 300)])
            .at(2_000)
            .when(happened(dispatch(1), 1_000))
            .then([late(transferred_out(1, 3), 1_000, -3, 0)])
            .on_hand(2);
        given([added(5)])
            .at(2_000)
            .when(happened(receive(3), 1_000))
            .then([late(transferred_in(3), 1_000, 3, 0)])
            .on_hand(8);
    }

    #[test]
    fn what_happened_before_a_count_is_in_it() {
        given([added(5), counted(2, 7)])
            .at(2_000)
            .when(happened(receive(3), -1_000))
            .then([included(transferred_in(3), -1_000, 0)])
            .on_hand(7);
    }
}
