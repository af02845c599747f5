//! Decides `AddStock`: units arrive.

use super::post::{Context, post};
use crate::{AddStock, Event, Inventory, Refusal, StockDelta, Told};

pub(super) fn add(
    inventory: &Inventory,
    command: &AddStock,
    context: Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let told = Told::Changed(StockDelta::from(command.quantity));
    Ok(vec![Event::StockAdded {
        quantity: command.quantity,
        reason: command.reason.clone(),
        reference: command.reference.clone(),
        posting: post(inventory, told, command.occurred_at, context)?,
    }])
}

#[cfg(test)]
mod tests {
    use crate::testing::{add, added, delta, given, now, quantity, reason, reference};
    use crate::{AddStock, Command, Event, Posting, Refusal};

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
            posting: Posting::plain(now(), delta(3)),
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
