//! The product: what is sold.

use crate::change::replace;
use crate::word::words;
use crate::{Change, Gtin, Label, Name, Price, ProductId, Refusal, Sku};

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
    /// Its barcode; several products may share one.
    pub gtin: Option<Gtin>,
    /// The list price of one unit.
    pub unit_price: Option<Price>,
    /// Whether it is still sold.
    pub status: ProductStatus,
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

/// A command that changes one product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProductCommand {
    /// Add a product to the catalogue, as given.
    RegisterProduct(Product),
    /// Change a part of what is known of a product.
    UpdateProduct(UpdateProduct),
}

/// Change a part of what is known of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateProduct {
    /// Id of the product.
    pub product_id: ProductId,
    /// What to change.
    pub changes: ProductChanges,
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
    /// New status, if any.
    pub status: Option<ProductStatus>,
}

/// What happened to a product, with the whole product as it was afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProductEvent {
    /// It joined the catalogue.
    ProductRegisteredEvent(Product),
    /// Something about it changed.
    ProductUpdatedEvent(Product),
}

impl ProductEvent {
    /// The name of the event in the log.
    pub const fn event_type(&self) -> &'static str {
        match self {
            Self::ProductRegisteredEvent(_) => "ProductRegisteredEvent",
            Self::ProductUpdatedEvent(_) => "ProductUpdatedEvent",
        }
    }

    /// The product after the event.
    pub const fn product(&self) -> &Product {
        match self {
            Self::ProductRegisteredEvent(product) | Self::ProductUpdatedEvent(product) => product,
        }
    }
}

/// What a command does to a product; `state` is `None` when it is not registered.
///
/// No event at all means that the update changes nothing: answer with the present state, append nothing.
pub fn decide(
    state: Option<&Product>,
    command: &ProductCommand,
) -> Result<Vec<ProductEvent>, Refusal> {
    match command {
        ProductCommand::RegisterProduct(product) => register(state, product),
        ProductCommand::UpdateProduct(update) => self::update(state, update),
    }
}

/// The product after an event; never fails, whatever the history.
#[must_use]
pub fn evolve(_state: Option<Product>, event: &ProductEvent) -> Option<Product> {
    Some(event.product().clone())
}

fn register(state: Option<&Product>, product: &Product) -> Result<Vec<ProductEvent>, Refusal> {
    match state {
        None => Ok(vec![ProductEvent::ProductRegisteredEvent(product.clone())]),
        Some(Product { product_id, sku, .. }) => {
            Err(Refusal::ProductAlreadyRegistered { product_id: *product_id, sku: sku.clone() })
        }
    }
}

fn update(state: Option<&Product>, update: &UpdateProduct) -> Result<Vec<ProductEvent>, Refusal> {
    let before = state.ok_or(Refusal::ProductNotFound { product_id: update.product_id })?;
    let after = update.changes.apply(before.clone());
    Ok(if after == *before { vec![] } else { vec![ProductEvent::ProductUpdatedEvent(after)] })
}

impl ProductChanges {
    fn apply(&self, mut product: Product) -> Product {
        replace(&mut product.name, self.name.as_ref());
        self.category.apply(&mut product.category);
        self.brand.apply(&mut product.brand);
        self.gtin.apply(&mut product.gtin);
        self.unit_price.apply(&mut product.unit_price);
        replace(&mut product.status, self.status.as_ref());
        product
    }
}
