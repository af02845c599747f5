//! Decides `AddStock`: units arrive.

use crate::{AddStock, Event, Inventory, Refusal, StockDelta};

pub(super) fn add(inventory: &Inventory, command: &AddStock) -> Result<Vec<Event>, Refusal> {
    let (on_hand, delta) = (inventory.on_hand(), StockDelta::from(command.quantity));
    if on_hand.changed_by(delta).is_none() {
        return Err(Refusal::OnHandOutOfRange { on_hand, delta });
    }
    Ok(vec![Event::StockAdded {
        quantity: command.quantity,
        reason: command.reason.clone(),
        reference: command.reference.clone(),
    }])
}

#[cfg(test)]
mod tests {
    use crate::testing::{add, added, delta, given, quantity, reason, reference};
    use crate::{AddStock, Command, Event, Refusal};

    #[test]
    fn units_that_arrive_are_on_hand_and_available() {
        given([added(2)]).when(add(3)).then([added(3)]).on_hand(5).available(5);
    }

    #[test]
    fn why_and_what_for_are_recorded() {
        let Command::AddStock(plain) = add(3) else { unreachable!("add gives AddStock") };
        let (reason, reference) = (Some(reason("delivery")), Some(reference("note 7")));
        let command =
            AddStock { reason: reason.clone(), reference: reference.clone(), ..plain.clone() };
        let quantity = plain.quantity;
        given([]).when(Command::AddStock(command)).then([Event::StockAdded {
            quantity,
            reason,
            reference,
        }]);
    }

    #[test]
    fn a_stock_level_can_be_full_but_not_overflow() {
        given([added(999_999_999)]).when(add(1)).then([added(1)]).on_hand(1_000_000_000);
        given([added(999_999_999)])
            .when(add(2))
            .refused(Refusal::OnHandOutOfRange { on_hand: quantity(999_999_999), delta: delta(2) });
    }
}
