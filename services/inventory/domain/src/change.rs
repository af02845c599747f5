//! Changing a reservation as a whole: what a sale, a release or an extension asks of each of its stock levels.

use kit_core::Timestamp;

use crate::{
    Command, CommitReservation, CustomerRef, ExtendReservation, LineCommand, PositiveQuantity,
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
        customer: Option<CustomerRef>,
        /// What was sold of it.
        sold: Sold<ProductId>,
        /// When it was sold; `None` is now.
        occurred_at: Option<Timestamp>,
    },
    /// The units are given back.
    Release {
        /// The reason, as free text.
        reason: Option<Reason>,
    },
    /// Its deadline becomes now plus this.
    Extend {
        /// Time from now until the deadline.
        ttl: TimeToLive,
    },
}

/// What was sold of a reservation; `P` names a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sold<P> {
    /// All of it.
    All,
    /// This many units of the only line.
    Units(PositiveQuantity),
    /// This many units of each of these products; lines that are not named were not sold.
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
    #[error("reservation {id} has {lines} lines; say what was sold of each with \"lines\"")]
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
    /// A release or an extension touches the lines that are still active; a sale needs those that it sells.
    pub fn lines(
        &self,
        id: ReservationId,
        products: &[ProductId],
    ) -> Result<Vec<LineCommand>, InvalidChange> {
        let reservation_id = id;
        match self {
            Self::Release { reason } => {
                let release = ReleaseReservation { reservation_id, reason: reason.clone() };
                Ok(all(products, &Command::ReleaseReservation(release), true))
            }
            Self::Extend { ttl } => {
                let extend = ExtendReservation { reservation_id, ttl: *ttl };
                Ok(all(products, &Command::ExtendReservation(extend), true))
            }
            Self::Commit { transaction, customer, sold, occurred_at } => {
                let commit = |quantity| {
                    let (transaction, customer) = (transaction.clone(), customer.clone());
                    Command::CommitReservation(CommitReservation {
                        reservation_id,
                        quantity,
                        transaction,
                        customer,
                        occurred_at: *occurred_at,
                    })
                };
                sale(id, products, sold, commit)
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

/// The lines of a sale; `commit` sells the given units of a line, or all of them.
fn sale(
    id: ReservationId,
    products: &[ProductId],
    sold: &Sold<ProductId>,
    commit: impl Fn(Option<StockQuantity>) -> Command,
) -> Result<Vec<LineCommand>, InvalidChange> {
    match sold {
        Sold::All => Ok(all(products, &commit(None), false)),
        Sold::Units(units) => match products {
            [product] => Ok(vec![LineCommand::required(*product, commit(Some((*units).into())))]),
            several => Err(InvalidChange::SeveralLines { id, lines: several.len() }),
        },
        Sold::Lines(sold) => {
            let foreign = sold.iter().find(|(product, _)| !products.contains(product));
            if let Some((product, _)) = foreign {
                return Err(InvalidChange::NoSuchLine { id, product: *product });
            }
            let line = |product: &ProductId| {
                let units = sold.iter().find(|(sold, _)| sold == product).map(|(_, units)| *units);
                let quantity = units.map_or(StockQuantity::ZERO, StockQuantity::from);
                let command = commit(Some(quantity));
                LineCommand {
                    optional: units.is_none(),
                    ..LineCommand::required(*product, command)
                }
            };
            Ok(products.iter().map(line).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{self, commit_some, extend, positive, release, reservation, transaction};

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

    fn commit(sold: Sold<ProductId>) -> ReservationChange {
        ReservationChange::Commit {
            transaction: transaction("sale"),
            customer: None,
            sold,
            occurred_at: None,
        }
    }

    #[test]
    fn a_release_and_an_extension_ask_every_line_that_is_left() {
        let released = lines(&ReservationChange::Release { reason: None }, 2);
        assert_eq!(released, Ok(vec![line(1, release(1), true), line(2, release(1), true)]));
        let ttl = TimeToLive::from_seconds(60).unwrap();
        let extended = lines(&ReservationChange::Extend { ttl }, 2);
        assert_eq!(extended, Ok(vec![line(1, extend(1, 60), true), line(2, extend(1, 60), true)]));
    }

    #[test]
    fn a_whole_sale_needs_every_line() {
        let sold = lines(&commit(Sold::All), 2);
        let all = testing::commit(1);
        assert_eq!(sold, Ok(vec![line(1, all.clone(), false), line(2, all, false)]));
    }

    #[test]
    fn a_partial_sale_leaves_out_what_it_does_not_name() {
        let sold = lines(&commit(Sold::Lines(vec![(product(2), positive(3))])), 2);
        let expected = vec![line(1, commit_some(1, 0), true), line(2, commit_some(1, 3), false)];
        assert_eq!(sold, Ok(expected));
        let foreign = lines(&commit(Sold::Lines(vec![(product(3), positive(1))])), 2);
        let id = reservation(1);
        assert_eq!(foreign, Err(InvalidChange::NoSuchLine { id, product: product(3) }));
    }

    #[test]
    fn one_quantity_is_for_one_line() {
        let sold = lines(&commit(Sold::Units(positive(3))), 1);
        assert_eq!(sold, Ok(vec![line(1, commit_some(1, 3), false)]));
        let several = lines(&commit(Sold::Units(positive(3))), 2);
        assert_eq!(several, Err(InvalidChange::SeveralLines { id: reservation(1), lines: 2 }));
    }
}
