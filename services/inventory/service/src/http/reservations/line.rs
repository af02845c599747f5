//! One line of a basket, of a commit or of a release.

use gondola_inventory_domain::{Part, PositiveQuantity};
use kit_http::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::fields::positive;
use crate::http::names::product_ref;
use crate::use_cases::ProductRef;

/// One line of a basket, of a commit or of a release.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"productSku": "PROD123456", "quantity": 1}))]
pub(in crate::http) struct BasketLine {
    /// The product, by id; this, `productSku` or `productGtin`.
    #[serde(skip_serializing_if = "Option::is_none")]
    product_id: Option<Uuid>,
    /// The product, by its SKU in the catalogue.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64)]
    product_sku: Option<String>,
    /// The product, by its barcode: 8, 12, 13 or 14 digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 8, max_length = 14)]
    product_gtin: Option<String>,
    /// How many units.
    #[schema(minimum = 1, maximum = 1_000_000_000, example = 1)]
    quantity: i64,
}

impl BasketLine {
    fn parse(&self) -> Result<(ProductRef, PositiveQuantity), Problem> {
        Ok((self.product_named()?, positive("quantity", self.quantity)?))
    }

    fn product_named(&self) -> Result<ProductRef, Problem> {
        let (sku, gtin) = (self.product_sku.as_deref(), self.product_gtin.as_deref());
        product_ref(self.product_id, sku, gtin)
    }

    /// The product that it names, if it names one as it must.
    pub(in crate::http) fn product(&self) -> Option<ProductRef> {
        self.product_named().ok()
    }

    /// The `lines` of a body; a problem is about one of them.
    pub(in crate::http) fn parse_all(
        lines: &[Self],
    ) -> Result<Vec<(ProductRef, PositiveQuantity)>, Problem> {
        each("lines", lines, Self::parse)
    }
}

/// Items of a list in a body, parsed; a problem is about one of them.
pub(in crate::http) fn each<T, U>(
    list: &str,
    items: &[T],
    parse: impl Fn(&T) -> Result<U, Problem>,
) -> Result<Vec<U>, Problem> {
    let place = |index| move |problem: Problem| problem.within(format_args!("{list}[{index}]"));
    let items = items.iter().enumerate();
    items.map(|(index, item)| parse(item).map_err(place(index))).collect()
}

/// The part of a reservation that a body names: units of its only line, or lines; all of it when it names none.
pub(super) fn part(
    quantity: Option<i64>,
    lines: Option<&[BasketLine]>,
) -> Result<Part<ProductRef>, Problem> {
    match (quantity, lines) {
        (None, None) => Ok(Part::All),
        (Some(units), None) => Ok(Part::Units(positive("quantity", units)?)),
        (None, Some(lines)) => Ok(Part::Lines(BasketLine::parse_all(lines)?)),
        (Some(_), Some(_)) => Err(Problem::invalid("lines", "give quantity or lines, not both")),
    }
}
