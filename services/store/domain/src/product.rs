//! The product: what is sold.

use crate::change::replace;
use crate::word::words;
use crate::{Aggregate, Change, Description, Gtin, Label, Measures, Name, Price, ProductId, Sku};

#[cfg(test)]
mod tests;

/// A product as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// Which product; never changes.
    pub product_id: ProductId,
    /// What the chain calls it; never changes, and no other product has it.
    pub sku: Sku,
    /// Its name for people.
    pub name: Name,
    /// What sort of goods it is.
    pub category: Option<Label>,
    /// The manufacturer's brand.
    pub brand: Option<Label>,
    /// Its barcode; no other product has its number.
    pub gtin: Option<Gtin>,
    /// The list price of one unit.
    pub unit_price: Option<Price>,
    /// What one unit costs the chain.
    pub unit_cost: Option<Price>,
    /// What is to be said about it.
    pub description: Option<Description>,
    /// How large and how heavy one unit is.
    pub measures: Measures,
    /// Whether it is still sold.
    pub status: ProductStatus,
}

impl Product {
    /// A product that is sold and of which no more is known.
    #[must_use]
    pub const fn new(product_id: ProductId, sku: Sku, name: Name) -> Self {
        Self {
            product_id,
            sku,
            name,
            category: None,
            brand: None,
            gtin: None,
            unit_price: None,
            unit_cost: None,
            description: None,
            measures: Measures {
                width: None,
                height: None,
                depth: None,
                weight: None,
                volume: None,
            },
            status: ProductStatus::Active,
        }
    }
}

words! {
    /// Whether a product is still sold.
    ProductStatus is "product status" {
        /// The product is sold and reordered.
        #[default]
        Active = "active",
        /// It is not ordered again; what is left may be sold.
        Discontinued = "discontinued",
    }
}

/// The fields to change; the default changes nothing. The SKU is not among them: tills and labels carry it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProductChanges {
    /// New name, if any.
    pub name: Option<Name>,
    /// What to do to the category.
    pub category: Change<Label>,
    /// What to do to the brand.
    pub brand: Change<Label>,
    /// What to do to the barcode.
    pub gtin: Change<Gtin>,
    /// What to do to the price.
    pub unit_price: Change<Price>,
    /// What to do to the cost.
    pub unit_cost: Change<Price>,
    /// What to do to the description.
    pub description: Change<Description>,
    /// All measures from now on, if they change.
    pub measures: Option<Measures>,
    /// New status, if any.
    pub status: Option<ProductStatus>,
}

impl Aggregate for Product {
    type Id = ProductId;
    type Code = Sku;
    type Changes = ProductChanges;

    const NOUN: &'static str = "product";
    const CODE_NOUN: &'static str = "sku";
    const REGISTERED: &'static str = "ProductRegisteredEvent";
    const UPDATED: &'static str = "ProductUpdatedEvent";
    const ALREADY_REGISTERED_CODE: &'static str = "product-already-registered";
    const NOT_FOUND_CODE: &'static str = "product-not-found";

    fn id(&self) -> ProductId {
        self.product_id
    }

    fn code(&self) -> &Sku {
        &self.sku
    }

    fn gtin(&self) -> Option<&Gtin> {
        self.gtin.as_ref()
    }

    fn new_gtin(changes: &ProductChanges) -> Option<&Gtin> {
        match &changes.gtin {
            Change::Set(gtin) => Some(gtin),
            Change::Keep | Change::Clear => None,
        }
    }

    fn apply(mut self, changes: &ProductChanges) -> Self {
        replace(&mut self.name, changes.name.as_ref());
        changes.category.apply(&mut self.category);
        changes.brand.apply(&mut self.brand);
        changes.gtin.apply(&mut self.gtin);
        changes.unit_price.apply(&mut self.unit_price);
        changes.unit_cost.apply(&mut self.unit_cost);
        changes.description.apply(&mut self.description);
        replace(&mut self.measures, changes.measures.as_ref());
        replace(&mut self.status, changes.status.as_ref());
        self
    }
}
