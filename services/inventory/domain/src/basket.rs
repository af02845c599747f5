//! The demand of a basket: every product once, with all that its lines ask for.

use crate::{PositiveQuantity, ProductId, StockQuantity};

/// The most lines of one basket.
pub const BASKET_LINES_MAX: usize = 500;

/// A basket that cannot be reserved in one piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidBasket {
    /// No line at all.
    #[error("the basket is empty: give 1 to {BASKET_LINES_MAX} lines")]
    Empty,
    /// More lines than allowed.
    #[error("the basket has {lines} lines: split it into baskets of at most {BASKET_LINES_MAX}")]
    TooManyLines {
        /// Number of lines in the basket.
        lines: usize,
    },
    /// The lines of one product add up to more than a stock level can have.
    #[error(
        "the lines of product {product_id} add up to more than {max} units: lower their quantities",
        max = StockQuantity::UNITS_MAX
    )]
    DemandOutOfRange {
        /// The product.
        product_id: ProductId,
    },
}

impl InvalidBasket {
    /// The stable name of the error, for machines.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "basket-empty",
            Self::TooManyLines { .. } => "basket-too-large",
            Self::DemandOutOfRange { .. } => "quantity-out-of-range",
        }
    }
}

/// Adds up the lines of each product, in the order in which products first appear.
///
/// Lines must be added up before stock is checked: two lines that are each within what is offered may together
/// exceed it.
pub fn sum_demand(
    lines: &[(ProductId, PositiveQuantity)],
) -> Result<Vec<(ProductId, PositiveQuantity)>, InvalidBasket> {
    if lines.is_empty() {
        return Err(InvalidBasket::Empty);
    }
    if lines.len() > BASKET_LINES_MAX {
        return Err(InvalidBasket::TooManyLines { lines: lines.len() });
    }
    let mut demand: Vec<(ProductId, PositiveQuantity)> = Vec::with_capacity(lines.len());
    for &(product_id, quantity) in lines {
        // A scan beats a map for the few lines of real baskets, and the limit bounds it for the others.
        match demand.iter_mut().find(|(product, _)| *product == product_id) {
            Some((_, sum)) => {
                let more = sum.checked_add(quantity);
                *sum = more.ok_or(InvalidBasket::DemandOutOfRange { product_id })?;
            }
            None => demand.push((product_id, quantity)),
        }
    }
    Ok(demand)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Refusal;
    use crate::testing::{added, given, positive, quantity, reserve};

    fn line(product: u128, units: i64) -> (ProductId, PositiveQuantity) {
        (ProductId::from_uuid(uuid::Uuid::from_u128(product)), positive(units))
    }

    #[test]
    fn products_keep_their_order_and_are_added_up() {
        let lines = [line(2, 1), line(1, 5), line(2, 3), line(3, 1), line(1, 1)];
        assert_eq!(sum_demand(&lines), Ok(vec![line(2, 4), line(1, 6), line(3, 1)]));
    }

    /// medusajs/medusa#16502: two lines of one product pass separately and oversell together.
    #[test]
    fn two_lines_of_one_product_cannot_pass_separately() {
        let demand = sum_demand(&[line(1, 3), line(1, 3)]).unwrap();
        assert_eq!(demand, [line(1, 6)]);
        given([added(5)]).when(reserve(1, i64::from(demand[0].1.get()))).refused(
            Refusal::InsufficientStock {
                requested: positive(6),
                available: quantity(5),
                offered: quantity(5),
            },
        );
    }

    #[test]
    fn an_empty_basket_is_refused() {
        assert_eq!(sum_demand(&[]), Err(InvalidBasket::Empty));
    }

    #[test]
    fn a_basket_has_a_most_of_lines() {
        let mut lines: Vec<_> = (0..500).map(|product| line(product, 1)).collect();
        assert_eq!(sum_demand(&lines).as_ref(), Ok(&lines));
        lines.push(line(0, 1));
        let error = sum_demand(&lines).unwrap_err();
        assert_eq!(error, InvalidBasket::TooManyLines { lines: 501 });
        assert_eq!(
            error.to_string(),
            "the basket has 501 lines: split it into baskets of at most 500"
        );
    }

    #[test]
    fn a_sum_outside_the_bounds_is_refused_and_names_the_product() {
        let error = sum_demand(&[line(9, 1_000_000_000), line(9, 1)]).unwrap_err();
        assert_eq!(error, InvalidBasket::DemandOutOfRange { product_id: line(9, 1).0 });
        assert_eq!(error.code(), "quantity-out-of-range");
    }
}
