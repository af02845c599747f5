//! Decides `AdjustStock` and `CountStock`: units on hand are corrected, by a difference or by a count.

use super::post::{Context, out_of_range, post};
use super::{expired, released};
use crate::{
    AdjustStock, CountStock, Event, Inventory, OnShortage, PositiveQuantity, Posting, Reason,
    Refusal, ReleaseCause, ReservationId, StockQuantity, Told,
};

pub(super) fn adjust(
    inventory: &Inventory,
    command: &AdjustStock,
    context: Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    if command.delta.is_zero() {
        return Err(Refusal::NothingToAdjust);
    }
    let told = Told::Changed(command.delta);
    let posting = post(inventory, told, command.occurred_at, context)?;
    if posting.shortfall.get() > 0 && !command.already_left {
        return Err(missing(inventory, told, &posting));
    }
    let on_shortage =
        if command.already_left { OnShortage::RevokeNewest } else { command.on_shortage };
    let mut events = make_room(inventory, &posting, on_shortage, Some(&command.reason), context)?;
    events.push(Event::StockAdjusted {
        delta: command.delta,
        counted: None,
        reason: Some(command.reason.clone()),
        reference: command.reference.clone(),
        posting,
    });
    Ok(events)
}

pub(super) fn count(
    inventory: &Inventory,
    command: &CountStock,
    context: Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let posting = post(inventory, Told::Counted(command.counted), command.occurred_at, context)?;
    let mut events =
        make_room(inventory, &posting, command.on_shortage, command.reason.as_ref(), context)?;
    events.push(Event::StockAdjusted {
        // May be zero: that a count agrees with the log is recorded too, it confirms the shelf.
        delta: posting.on_hand,
        counted: Some(command.counted),
        reason: command.reason.clone(),
        reference: command.reference.clone(),
        posting,
    });
    Ok(events)
}

/// The refusal of an adjustment that takes more than there is, or was when it happened.
fn missing(inventory: &Inventory, told: Told, posting: &Posting) -> Refusal {
    let missing = posting.shortfall;
    if posting.is_late {
        Refusal::NotOnHandThen { occurred_at: posting.occurred_at, missing }
    } else {
        out_of_range(inventory, told)
    }
}

/// Ends the holds that no longer fit before the fact is recorded: in this order reserved never exceeds on hand.
fn make_room(
    inventory: &Inventory,
    posting: &Posting,
    on_shortage: OnShortage,
    reason: Option<&Reason>,
    Context { now, .. }: Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let on_hand_after = inventory.on_hand().saturating_changed_by(posting.on_hand);
    let mut shortage = inventory.reserved().saturating_sub(on_hand_after);
    let mut events = Vec::with_capacity(1);
    let overdue = inventory.holds.overdue(now);
    events.extend(covering(&mut shortage, overdue).map(|(id, units)| expired(id, units)));
    if !shortage.is_zero() {
        if on_shortage == OnShortage::Refuse {
            let reserved = inventory.reserved_at(now);
            return Err(Refusal::BelowReserved { on_hand_after, reserved, shortage });
        }
        let newest = inventory.holds.active_newest_first(now);
        events.extend(covering(&mut shortage, newest).map(|(reservation_id, quantity)| {
            let (cause, reason) = (ReleaseCause::Shortage, reason.cloned());
            released(reservation_id, quantity, cause, reason)
        }));
    }
    Ok(events)
}

/// The first of the holds, whole ones, as many as make up for the shortage; what they do not cover is left in it.
fn covering(
    shortage: &mut StockQuantity,
    holds: impl Iterator<Item = (ReservationId, PositiveQuantity)>,
) -> impl Iterator<Item = (ReservationId, PositiveQuantity)> {
    holds.take_while(|(_, quantity)| {
        let needed = !shortage.is_zero();
        *shortage = shortage.saturating_sub((*quantity).into());
        needed
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;
    use crate::testing::{
        added, adjust, adjust_or_revoke, adjusted, commit, count, counted, delta, expired_event,
        given, now, quantity, reason, reference, reserve, reserved, revoked,
    };

    fn below_reserved(on_hand_after: i64, reserved: i64, shortage: i64) -> Refusal {
        Refusal::BelowReserved {
            on_hand_after: quantity(on_hand_after),
            reserved: quantity(reserved),
            shortage: quantity(shortage),
        }
    }

    #[test]
    fn an_adjustment_changes_what_is_on_hand() {
        given([added(5)]).when(adjust(2)).then([adjusted(2)]).on_hand(7);
        given([added(5)]).when(adjust(-2)).then([adjusted(-2)]).on_hand(3).available(3);
        given([added(5)]).when(adjust(-5)).then([adjusted(-5)]).on_hand(0);
    }

    #[test]
    fn an_adjustment_of_zero_is_refused() {
        given([added(5)]).when(adjust(0)).refused(Refusal::NothingToAdjust);
    }

    #[test]
    fn what_is_on_hand_stays_within_its_bounds() {
        let out_of_range = |on_hand, change| Refusal::OnHandOutOfRange {
            on_hand: quantity(on_hand),
            delta: delta(change),
        };
        given([added(5)]).when(adjust(-6)).refused(out_of_range(5, -6));
        given([added(5)]).when(adjust_or_revoke(-6)).refused(out_of_range(5, -6));
        given([added(5)]).when(adjust(999_999_996)).refused(out_of_range(5, 999_999_996));
        given([added(5)]).when(adjust(999_999_995)).then([adjusted(999_999_995)]);
    }

    #[test]
    fn promised_units_cannot_be_adjusted_away() {
        let history = || [added(5), reserved(1, 3, 300)];
        given(history()).when(adjust(-2)).then([adjusted(-2)]).available(0);
        given(history()).when(adjust(-3)).refused(below_reserved(2, 3, 1));
        given(history()).when(count(0)).refused(below_reserved(0, 3, 3));
    }

    #[test]
    fn overdue_holds_give_way_first_and_only_as_many_as_needed() {
        let history = || [added(6), reserved(1, 2, 20), reserved(2, 2, 10), reserved(3, 2, 60)];
        given(history())
            .at(30_000)
            .when(adjust(-1))
            .then([expired_event(2, 2), adjusted(-1)])
            .reserved(4);
        given(history()).at(30_000).when(adjust(-4)).then([
            expired_event(2, 2),
            expired_event(1, 2),
            adjusted(-4),
        ]);
        given(history()).at(30_000).when(adjust(-5)).refused(below_reserved(1, 2, 1));
    }

    #[test]
    fn a_hold_is_overdue_at_its_deadline_itself() {
        let history = || [added(3), reserved(1, 3, 60)];
        given(history()).at(59_999).when(adjust(-1)).refused(below_reserved(2, 3, 1));
        for moment in [60_000, 60_001] {
            given(history()).at(moment).when(adjust(-1)).then([expired_event(1, 3), adjusted(-1)]);
        }
    }

    /// vendurehq/vendure#4930, review: a shortfall must be visible, as an event for each hold that is revoked.
    #[test]
    fn the_newest_promises_are_revoked_whole_until_the_rest_fits() {
        // Neither ids nor deadlines follow the order of creation: 9, 2, 5.
        let history = || [added(6), reserved(9, 2, 10), reserved(2, 2, 90), reserved(5, 2, 30)];
        given(history())
            .when(adjust_or_revoke(-1))
            .then([revoked(5, 2), adjusted(-1)])
            .on_hand(5)
            .reserved(4)
            .available(1);
        given(history()).when(adjust_or_revoke(-3)).then([
            revoked(5, 2),
            revoked(2, 2),
            adjusted(-3),
        ]);
        given(history())
            .when(adjust_or_revoke(-6))
            .then([revoked(5, 2), revoked(2, 2), revoked(9, 2), adjusted(-6)])
            .on_hand(0)
            .reserved(0);
    }

    #[test]
    fn overdue_holds_give_way_before_any_promise_is_revoked() {
        given([added(6), reserved(1, 3, 60), reserved(2, 3, 10)])
            .at(10_000)
            .when(adjust_or_revoke(-4))
            .then([expired_event(2, 3), revoked(1, 3), adjusted(-4)]);
    }

    #[test]
    fn nothing_is_revoked_without_a_shortage() {
        given([added(6), reserved(1, 3, 300)])
            .when(adjust_or_revoke(-3))
            .then([adjusted(-3)])
            .reserved(3);
    }

    #[test]
    fn a_revoked_promise_cannot_be_sold() {
        let history = [added(2), reserved(1, 2, 300), revoked(1, 2), adjusted(-1)];
        given(history).when(commit(1)).refused_as("reservation-not-active");
    }

    #[test]
    fn a_count_sets_what_is_on_hand() {
        given([added(5)]).when(count(3)).then([counted(-2, 3)]).on_hand(3);
        given([added(5)]).when(count(8)).then([counted(3, 8)]).on_hand(8);
        given([]).when(count(4)).then([counted(4, 4)]).on_hand(4);
    }

    #[test]
    fn a_count_that_agrees_is_recorded() {
        given([added(5)]).when(count(5)).then([counted(0, 5)]).on_hand(5);
    }

    #[test]
    fn a_count_can_revoke_promises() {
        let command = Command::CountStock(CountStock {
            counted: quantity(1),
            reason: Some(reason("stocktake")),
            reference: Some(reference("sheet 3")),
            occurred_at: None,
            on_shortage: OnShortage::RevokeNewest,
        });
        let Event::StockReleased { reservation_id, quantity: held, cause, .. } = revoked(1, 2)
        else {
            unreachable!("a revocation is a release")
        };
        given([added(3), reserved(1, 2, 300)]).when(command).then([
            Event::StockReleased {
                reservation_id,
                quantity: held,
                kept: quantity(0),
                cause,
                reason: Some(reason("stocktake")),
            },
            Event::StockAdjusted {
                delta: delta(-2),
                counted: Some(quantity(1)),
                reason: Some(reason("stocktake")),
                reference: Some(reference("sheet 3")),
                posting: Posting::plain(now(), delta(-2)),
            },
        ]);
    }

    #[test]
    fn freed_units_can_be_promised_again_after_a_correction() {
        given([added(2), reserved(1, 2, 300), revoked(1, 2), adjusted(-1)])
            .when(reserve(2, 1))
            .granted()
            .available(0);
    }
}
