//! The lines of a refused body: which of them a refusal is about.

use gondola_inventory_domain::ProductId;
use kit_http::{Fault, Problem};

use super::reservations::line::BasketLine;
use crate::use_cases::{Catalogue, ProductRef, UnknownName};

/// The code of a store that the catalogue does not have.
pub(super) const STORE_NOT_FOUND: &str = "store-not-found";

/// The code of a product that the catalogue does not have.
pub(super) const PRODUCT_NOT_FOUND: &str = "product-not-found";

/// Where each line stands in its body, as a JSON pointer, and the product that it names.
#[derive(Debug, Default)]
pub(super) struct BodyLines(Vec<(String, ProductRef)>);

impl BodyLines {
    /// The lines of a list at a pointer, such as `/lines`.
    pub(super) fn at(list: &str, lines: &[BasketLine]) -> Self {
        Self::default().and(list, lines)
    }

    /// These lines, and those of one more list.
    pub(super) fn and(mut self, list: &str, lines: &[BasketLine]) -> Self {
        let lines = lines.iter().enumerate();
        self.0.extend(
            lines.filter_map(|(index, line)| Some((format!("{list}/{index}"), line.product()?))),
        );
        self
    }

    /// The first line of a product.
    pub(super) fn of(&self, product: ProductId, catalogue: &Catalogue) -> Option<&str> {
        let is_it = |named: &ProductRef| catalogue.find_product(named) == Ok(product);
        self.0.iter().find(|(_, named)| is_it(named)).map(|(pointer, _)| pointer.as_str())
    }

    /// The problem; one about an unknown store or product is about all lines that name an unknown product too.
    pub(super) fn with_unknown(&self, problem: Problem, catalogue: &Catalogue) -> Problem {
        let of_store = match problem.code() {
            // which member names it, its detail says
            STORE_NOT_FOUND => Some(Fault::in_body("", STORE_NOT_FOUND, problem.told().detail)),
            PRODUCT_NOT_FOUND => None,
            _ => return problem,
        };
        let unknown = self.0.iter().filter_map(|(pointer, named)| {
            let error = catalogue.find_product(named).err()?;
            let member = match error {
                UnknownName::Product(_) => "productSku",
                UnknownName::Gtin(_) => "productGtin",
                _ => return None,
            };
            let pointer = format!("{pointer}/{member}");
            Some(Fault::in_body(pointer, PRODUCT_NOT_FOUND, error.to_string()))
        });
        match unknown.collect::<Vec<_>>() {
            unknown if unknown.is_empty() => problem,
            unknown => problem.faults(of_store.into_iter().chain(unknown).collect()),
        }
    }
}
