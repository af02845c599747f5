//! Changing a reservation as a whole: what a sale, a release or an extension asks of each of its stock levels.

use kit_core::Timestamp;

use crate::{
    Command, CommitReservation, Customer, ExtendReservation, LineCommand, PositiveQuantity,
    ProductId, Reason, ReleaseReservation, ReservationId, StockQuantity, TimeToLive,
    TransactionRef,
};

/// What is to happen to a reservation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReservationChange {
    /// The sale happened.
    Commit {
        /// Reference of the sale, such as a receipt number.
        transaction: TransactionRef,
        /// The customer, if known.
        customer: Option<Customer>,
        /// What was sold of it.
        sold: Part<ProductId>,
        /// Whether what was not sold is still held; otherwise it returns.
        keep_remainder: bool,
        /// When it was sold; `None` is now.
        occurred_at: Option<Timestamp>,
    },
    /// Units are given back.
    Release {
        /// What of it.
        part: Part<ProductId>,
        /// The reason, as free text.
        reason: Option<Reason>,
    },
    /// Its deadline becomes now plus this.
    Extend {
        /// Time from now until the deadline.
        ttl: TimeToLive,
    },
}

/// What of a reservation was sold or is given back; `P` names a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part<P> {
    /// All that it holds.
    All,
    /// This many units of the only line.
    Units(PositiveQuantity),
    /// This many units of each of these products, and nothing of the lines that are not named.
    Lines(Vec<(P, PositiveQuantity)>),
}

/// A change that does not fit the lines of its reservation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidChange {
    /// A line that the reservation does not have.
    #[error("reservation {id} has no line of product {product}; name only its own products")]
    NoSuchLine {
        /// The reservation.
        id: ReservationId,
        /// The product.
        product: ProductId,
    },
    /// One quantity for several lines.
    #[error("reservation {id} has {lines} lines; say how many units of each with \"lines\"")]
    SeveralLines {
        /// The reservation.
        id: ReservationId,
        /// How many lines it has.
        lines: usize,
    },
}

impl ReservationChange {
    /// What the change asks of each line of reservation `id`, which has one line for each of `products`.
    ///
    /// A release of all or an extension touches the lines that are still active; otherwise those lines are needed of
    /// which something is sold or given back.
    pub fn lines(
        &self,
        id: ReservationId,
        products: &[ProductId],
    ) -> Result<Vec<LineCommand>, InvalidChange> {
        let (part, optional) = match self {
            Self::Commit { sold, .. } => (sold, false),
            Self::Release { part, .. } => (part, true),
            Self::Extend { .. } => (&Part::All, true),
        };
        let command = |quantity| self.line(id, quantity);
        match (part, products) {
            (Part::All, _) => Ok(all(products, &command(None), optional)),
            (Part::Units(units), [product]) => some(id, products, &[(*product, *units)], command),
            (Part::Units(_), several) => {
                Err(InvalidChange::SeveralLines { id, lines: several.len() })
            }
            (Part::Lines(named), _) => some(id, products, named, command),
        }
    }

    /// The command to one line, about so many units of it, or all of them.
    fn line(&self, reservation_id: ReservationId, quantity: Option<StockQuantity>) -> Command {
        match self {
            Self::Commit { transaction, customer, keep_remainder, occurred_at, .. } => {
                Command::CommitReservation(CommitReservation {
                    reservation_id,
                    quantity,
                    keep_remainder: *keep_remainder,
                    transaction: transaction.clone(),
                    customer: customer.clone(),
                    occurred_at: *occurred_at,
                })
            }
            Self::Release { reason, .. } => {
                let reason = reason.clone();
                Command::ReleaseReservation(ReleaseReservation { reservation_id, quantity, reason })
            }
            Self::Extend { ttl } => {
                Command::ExtendReservation(ExtendReservation { reservation_id, ttl: *ttl })
            }
        }
    }
}

fn all(products: &[ProductId], command: &Command, optional: bool) -> Vec<LineCommand> {
    let line = |product: &ProductId| LineCommand {
        optional,
        ..LineCommand::required(*product, command.clone())
    };
    products.iter().map(line).collect()
}

/// The lines of a change of a part; those of which it names nothing may have ended.
fn some(
    id: ReservationId,
    products: &[ProductId],
    named: &[(ProductId, PositiveQuantity)],
    command: impl Fn(Option<StockQuantity>) -> Command,
) -> Result<Vec<LineCommand>, InvalidChange> {
    if let Some((product, _)) = named.iter().find(|(product, _)| !products.contains(product)) {
        return Err(InvalidChange::NoSuchLine { id, product: *product });
    }
    let line = |product: &ProductId| {
        let units = named.iter().find(|(named, _)| named == product).map(|(_, units)| *units);
        let quantity = units.map_or(StockQuantity::ZERO, StockQuantity::from);
        let line = LineCommand::required(*product, command(Some(quantity)));
        LineCommand { optional: units.is_none(), ..line }
    };
    Ok(products.iter().map(line).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{
        self, commit_some, extend, keeping_rest, positive, release, release_some, reservation,
        transaction,
    };

    fn product(number: u128) -> ProductId {
        ProductId::from_uuid(uuid::Uuid::from_u128(number))
    }

    fn line(number: u128, command: Command, optional: bool) -> LineCommand {
        LineCommand { optional, ..LineCommand::required(product(number), command) }
    }

    fn lines(
        change: &ReservationChange,
        products: u128,
    ) -> Result<Vec<LineCommand>, InvalidChange> {
        let products: Vec<_> = (1..=products).map(product).collect();
        change.lines(reservation(1), &products)
    }

    fn commit(sold: Part<ProductId>) -> ReservationChange {
        ReservationChange::Commit {
            transaction: transaction("sale"),
            customer: None,
            sold,
            keep_remainder: false,
            occurred_at: None,
        }
    }

    fn give_back(part: Part<ProductId>) -> ReservationChange {
        ReservationChange::Release { part, reason: None }
    }

    #[test]
    fn a_release_and_an_extension_ask_every_line_that_is_left() {
        let released = lines(&give_back(Part::All), 2);
        assert_eq!(released, Ok(vec![line(1, release(1), true), line(2, release(1), true)]));
        let ttl = TimeToLive::from_seconds(60).unwrap();
        let extended = lines(&ReservationChange::Extend { ttl }, 2);
        assert_eq!(extended, Ok(vec![line(1, extend(1, 60), true), line(2, extend(1, 60), true)]));
    }

    #[test]
    fn a_whole_sale_needs_every_line() {
        let sold = lines(&commit(Part::All), 2);
        let all = testing::commit(1);
        assert_eq!(sold, Ok(vec![line(1, all.clone(), false), line(2, all, false)]));
    }

    #[test]
    fn a_partial_sale_leaves_out_what_it_does_not_name() {
        let sold = lines(&commit(Part::Lines(vec![(product(2), positive(3))])), 2);
        let expected = vec![line(1, commit_some(1, 0), true), line(2, commit_some(1, 3), false)];
        assert_eq!(sold, Ok(expected));
        let foreign = lines(&commit(Part::Lines(vec![(product(3), positive(1))])), 2);
        let id = reservation(1);
        assert_eq!(foreign, Err(InvalidChange::NoSuchLine { id, product: product(3) }));
    }

    #[test]
    fn a_partial_release_needs_what_it_names_and_leaves_the_rest_as_it_is() {
        let given_back = lines(&give_back(Part::Lines(vec![(product(2), positive(3))])), 2);
        let expected = vec![line(1, release_some(1, 0), true), line(2, release_some(1, 3), false)];
        assert_eq!(given_back, Ok(expected));
        let units = lines(&give_back(Part::Units(positive(3))), 1);
        assert_eq!(units, Ok(vec![line(1, release_some(1, 3), false)]));
    }

    #[test]
    fn a_sale_that_keeps_the_rest_asks_that_of_every_line() {
        let mut change = commit(Part::Lines(vec![(product(2), positive(3))]));
        if let ReservationChange::Commit { keep_remainder, .. } = &mut change {
            *keep_remainder = true;
        }
        let kept = |units| keeping_rest(commit_some(1, units));
        assert_eq!(lines(&change, 2), Ok(vec![line(1, kept(0), true), line(2, kept(3), false)]));
    }

    #[test]
    fn one_quantity_is_for_one_line() {
        let sold = lines(&commit(Part::Units(positive(3))), 1);
        assert_eq!(sold, Ok(vec![line(1, commit_some(1, 3), false)]));
        let several = lines(&commit(Part::Units(positive(3))), 2);
        assert_eq!(several, Err(InvalidChange::SeveralLines { id: reservation(1), lines: 2 }));
    }
}
