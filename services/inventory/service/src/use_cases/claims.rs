//! The claims of reservations: one finds its stock levels by its id, others tell partial sales from repetitions.

use std::sync::Arc;
use std::time::Duration;

use gondola_inventory_domain::{Command, LineCommand, OrderRef, ProductId, ReservationId, StoreId};
use kit_core::Timestamp;
use kit_event_store::{Claim, ClaimKey};
use uuid::Uuid;
use uuid::fmt::Hyphenated;

use super::command::StoreCommand;

/// Namespace of reservation ids.
const NAMESPACE: &str = "reservation";

/// Namespace of orders that something was reserved for.
const ORDERS: &str = "order";

/// Namespace of sales that leave the rest of their reservation held.
const PARTIAL_SALES: &str = "partial-sale";

/// Namespace of steps of processes; named when transfers were the only ones.
const PROCESS_STEPS: &str = "transfer-step";

/// How long a reservation is found by its id after its deadline.
const KEPT: Duration = Duration::from_hours(24 * 30);

/// The key of a reservation's claim.
pub(super) fn key(id: ReservationId) -> ClaimKey {
    ClaimKey::new(NAMESPACE, &*id.as_uuid().hyphenated().encode_lower(&mut Uuid::encode_buffer()))
}

/// The key of an order's claim.
pub(super) fn order_key(order: &OrderRef) -> ClaimKey {
    ClaimKey::new(ORDERS, order.as_str())
}

/// The claim of an order that a reservation is made for, which lasts until `deadline`. It says no more than that there is one:
/// each reservation renews it, so that its position is that of the latest, and what shows that position shows them all.
pub(super) fn order_claim(order: &OrderRef, deadline: Timestamp) -> Claim {
    let (key, value) = (order_key(order), "reserved".into());
    Claim { key, value, expires_at: Some(deadline.after(KEPT)) }
}

/// The stock levels of a reservation: its store and its products.
pub(super) type Levels = (StoreId, Vec<ProductId>);

/// The claim of a reservation that lasts until `deadline`: `store product product ...`.
///
/// A command to all of its lines gives the same value as the one that made it, so that an extension renews the claim.
pub(super) fn claim(id: ReservationId, command: &StoreCommand, deadline: Timestamp) -> Claim {
    let mut value = String::with_capacity((command.lines.len() + 1) * (Hyphenated::LENGTH + 1));
    value.push_str(command.store.as_uuid().hyphenated().encode_lower(&mut Uuid::encode_buffer()));
    for line in &command.lines {
        value.push(' ');
        let product = line.product.as_uuid().hyphenated();
        value.push_str(product.encode_lower(&mut Uuid::encode_buffer()));
    }
    Claim { key: key(id), value: value.into(), expires_at: Some(deadline.after(KEPT)) }
}

/// The stock levels of a claim's value.
pub(super) fn parse(value: &str) -> Option<Levels> {
    let mut words = value.split(' ');
    let store = words.next()?.parse().ok()?;
    let products = words.map(|word| word.parse().ok()).collect::<Option<Vec<_>>>()?;
    Some((store, products))
}

/// A sale that leaves the rest of its reservation held.
///
/// The reservation goes on, so nothing in it tells a repetition of the sale from another one. Its claim does, for as long
/// as the reservation is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PartialSale {
    /// Reservation and transaction.
    pub(super) key: ClaimKey,
    /// What was sold: `product units product units ...`.
    pub(super) sold: Arc<str>,
}

impl PartialSale {
    /// The partial sale that these commands to the lines of a reservation are, if they are one.
    pub(super) fn of(id: ReservationId, lines: &[LineCommand]) -> Option<Self> {
        let (mut sold, mut transaction) = (Vec::new(), None);
        for line in lines {
            let Command::CommitReservation(commit) = &line.command else { return None };
            if !commit.keep_remainder {
                return None;
            }
            transaction = Some(&commit.transaction);
            if let Some(units) = commit.quantity.filter(|units| !units.is_zero()) {
                sold.push(format!("{} {units}", line.product));
            }
        }
        let name = format!("{}:{}", id.as_uuid().hyphenated(), transaction?.as_str());
        Some(Self { key: ClaimKey::new(PARTIAL_SALES, &*name), sold: sold.join(" ").into() })
    }

    /// Its claim, when the reservation lasts until `deadline`.
    pub(super) fn claim(&self, deadline: Timestamp) -> Claim {
        let (key, value) = (self.key.clone(), Arc::clone(&self.sold));
        Claim { key, value, expires_at: Some(deadline.after(KEPT)) }
    }
}

/// The key that a step of a process takes for ever: it is done once, however much later it is asked for again.
pub(super) fn step_key(command: Uuid) -> ClaimKey {
    ClaimKey::new(PROCESS_STEPS, &*command.hyphenated().encode_lower(&mut Uuid::encode_buffer()))
}

/// The claim of a step of a process. Its value is how many units the books lacked for it, so that who asks for the step
/// again learns that too; nothing where they lacked none.
pub(super) fn step_claim(command: Uuid, missing: u32) -> Claim {
    let value = if missing == 0 { String::new() } else { missing.to_string() };
    Claim { key: step_key(command), value: value.into(), expires_at: None }
}

/// How many units the books lacked for a step, from the value of its claim.
pub(super) fn missing_of_step(value: &str) -> u32 {
    value.parse().unwrap_or(0)
}

/// Whether a claim is one of a step of a process.
pub(super) fn is_step(claim: &Claim) -> bool {
    claim.key.namespace == PROCESS_STEPS
}

/// Whether a claim is one of a partial sale.
pub(super) fn is_partial_sale(claim: &Claim) -> bool {
    claim.key.namespace == PARTIAL_SALES
}

#[cfg(test)]
mod tests {
    use gondola_inventory_domain::{Part, PositiveQuantity, ReservationChange, TransactionRef};

    use super::*;

    fn product(number: u128) -> ProductId {
        ProductId::from_uuid(Uuid::from_u128(number))
    }

    fn sale(units: [(u128, i64); 2], keep_remainder: bool) -> Option<PartialSale> {
        let line = |(number, units)| (product(number), PositiveQuantity::new(units).unwrap());
        let change = ReservationChange::Commit {
            transaction: TransactionRef::new("T-1").unwrap(),
            customer: None,
            sold: Part::Lines(units.map(line).into()),
            keep_remainder,
            occurred_at: None,
        };
        let id = ReservationId::from_uuid(Uuid::from_u128(9));
        PartialSale::of(id, &change.lines(id, &[1, 2, 3].map(product)).unwrap())
    }

    #[test]
    fn the_same_sale_has_the_same_claim_however_it_is_written() {
        let sold = sale([(1, 2), (3, 1)], true).unwrap();
        assert_eq!(sale([(3, 1), (1, 2)], true).as_ref(), Some(&sold));
        assert_eq!(&*sold.key.key, "00000000-0000-0000-0000-000000000009:T-1");
        assert_eq!(
            &*sold.sold,
            "00000000-0000-0000-0000-000000000001 2 00000000-0000-0000-0000-000000000003 1"
        );
        assert_ne!(sale([(1, 2), (3, 2)], true).unwrap().sold, sold.sold);
    }

    #[test]
    fn a_sale_that_ends_its_reservation_has_none() {
        assert_eq!(sale([(1, 2), (3, 1)], false), None);
    }
}
