//! Decides `SetStockPolicy`: safety stock and reorder point.

use crate::{Event, Inventory, SetStockPolicy, StockPolicy};

pub(super) fn set(inventory: &Inventory, command: &SetStockPolicy) -> Vec<Event> {
    let present = inventory.policy();
    let wanted = StockPolicy {
        safety_stock: command.safety_stock.unwrap_or(present.safety_stock),
        reorder_point: command.reorder_point.unwrap_or(present.reorder_point),
    };
    if wanted == present {
        return Vec::new();
    }
    let StockPolicy { safety_stock, reorder_point } = wanted;
    vec![Event::StockPolicyChanged { safety_stock, reorder_point }]
}

#[cfg(test)]
mod tests {
    use crate::testing::{added, given, policy, quantity, reserved, set_policy};
    use crate::{Command, SetStockPolicy};

    #[test]
    fn a_policy_can_be_set_before_there_is_stock() {
        given([]).when(set_policy(Some(2), Some(10))).then([policy(2, 10)]);
    }

    #[test]
    fn a_value_that_is_not_given_stays() {
        given([policy(2, 10)]).when(set_policy(Some(3), None)).then([policy(3, 10)]);
        given([policy(2, 10)]).when(set_policy(None, Some(11))).then([policy(2, 11)]);
    }

    #[test]
    fn the_same_policy_again_changes_nothing() {
        given([policy(2, 10)]).when(set_policy(Some(2), Some(10))).then([]);
        given([policy(2, 10)]).when(set_policy(None, None)).then([]);
    }

    #[test]
    fn a_policy_touches_neither_stock_nor_promises() {
        given([added(5), reserved(1, 5, 300)])
            .when(Command::SetStockPolicy(SetStockPolicy {
                safety_stock: Some(quantity(1_000_000_000)),
                reorder_point: None,
            }))
            .then([policy(1_000_000_000, 0)])
            .on_hand(5)
            .reserved(5);
    }
}
