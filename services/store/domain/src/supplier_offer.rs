//! The offer of a supplier: on what terms it delivers one product.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use crate::change::replace;
use crate::word::words;
use crate::{
    Aggregate, Change, InvalidCode, LeadTime, OrderQuantity, Price, ProductId, Sku, SupplierCode,
    SupplierOfferId,
};

#[cfg(test)]
mod tests;

/// What an offer is about: one product, and who delivers it. Written `{product id}:{supplier code}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OfferCode {
    /// The product.
    pub product_id: ProductId,
    /// The code of the supplier.
    pub supplier: SupplierCode,
}

/// The text does not say what an offer is about.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidOfferCode {
    /// It does not begin with the id of a product.
    #[error("an offer is named {{product id}}:{{supplier code}}, not {text:?}")]
    Product {
        /// The start of the refused text.
        text: String,
    },
    /// It does not end with the code of a supplier.
    #[error(transparent)]
    Supplier(#[from] InvalidCode),
}

/// On what terms a supplier delivers a product, as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupplierOffer {
    /// Of which product and whose; never changes, and no other offer has it.
    pub code: OfferCode,
    /// What the supplier calls the product.
    pub supplier_sku: Option<Sku>,
    /// How long it takes to deliver; without, that of the supplier holds.
    pub lead_time: Option<LeadTime>,
    /// The least that it delivers at once.
    pub minimum_order: OrderQuantity,
    /// Orders are whole multiples of it: the units of a pack.
    pub order_multiple: OrderQuantity,
    /// What one unit costs.
    pub unit_cost: Option<Price>,
    /// Whether the product is ordered from this supplier first; no other offer of the product is.
    pub preferred: bool,
    /// Whether it holds.
    pub status: OfferStatus,
}

impl SupplierOffer {
    /// An offer of single units of which no more is known.
    #[must_use]
    pub const fn new(code: OfferCode) -> Self {
        Self {
            code,
            supplier_sku: None,
            lead_time: None,
            minimum_order: OrderQuantity::ONE,
            order_multiple: OrderQuantity::ONE,
            unit_cost: None,
            preferred: false,
            status: OfferStatus::Active,
        }
    }
}

words! {
    /// Whether an offer holds.
    OfferStatus is "offer status" {
        /// It does.
        #[default]
        Active = "active",
        /// It does not any more; it may be made again.
        Withdrawn = "withdrawn",
    }
}

impl SupplierOfferId {
    /// Ids of offers are made from product and supplier in this namespace.
    const NAMESPACE: Uuid = Uuid::from_u128(0x2e86_af13_c970_4b0d_9d54_81f2_3ab6_e05c);

    /// The id of the offer of a product by a supplier, in whatever case its code is written.
    #[must_use]
    pub fn of(code: &OfferCode) -> Self {
        let name = format!("{}:{}", code.product_id, code.supplier.folded());
        Self::from_uuid(Uuid::new_v5(&Self::NAMESPACE, name.as_bytes()))
    }
}

impl fmt::Display for OfferCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.product_id, self.supplier)
    }
}

impl FromStr for OfferCode {
    type Err = InvalidOfferCode;

    fn from_str(text: &str) -> Result<Self, InvalidOfferCode> {
        let invalid = || InvalidOfferCode::Product { text: text.chars().take(40).collect() };
        let (product, supplier) = text.split_once(':').ok_or_else(invalid)?;
        let product_id = product.parse().map_err(|_| invalid())?;
        Ok(Self { product_id, supplier: SupplierCode::new(supplier)? })
    }
}

/// The fields to change; the default changes nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SupplierOfferChanges {
    /// What to do to the supplier's own SKU.
    pub supplier_sku: Change<Sku>,
    /// What to do to the lead time.
    pub lead_time: Change<LeadTime>,
    /// New least quantity, if any.
    pub minimum_order: Option<OrderQuantity>,
    /// New multiple, if any.
    pub order_multiple: Option<OrderQuantity>,
    /// What to do to the cost.
    pub unit_cost: Change<Price>,
    /// Whether it is the preferred one from now on, if that changes.
    pub preferred: Option<bool>,
    /// New status, if any.
    pub status: Option<OfferStatus>,
}

impl SupplierOfferChanges {
    /// Withdraws an offer, which then is not the preferred one.
    #[must_use]
    pub fn withdraw() -> Self {
        Self { status: Some(OfferStatus::Withdrawn), preferred: Some(false), ..Self::default() }
    }
}

impl From<SupplierOffer> for SupplierOfferChanges {
    /// What makes any offer of the same code equal to this one.
    fn from(offer: SupplierOffer) -> Self {
        Self {
            supplier_sku: offer.supplier_sku.into(),
            lead_time: offer.lead_time.into(),
            minimum_order: Some(offer.minimum_order),
            order_multiple: Some(offer.order_multiple),
            unit_cost: offer.unit_cost.into(),
            preferred: Some(offer.preferred),
            status: Some(offer.status),
        }
    }
}

impl Aggregate for SupplierOffer {
    type Id = SupplierOfferId;
    type Code = OfferCode;
    type Changes = SupplierOfferChanges;

    const NOUN: &'static str = "supplier-offer";
    const CODE_NOUN: &'static str = "product and supplier";
    const REGISTERED: &'static str = "SupplierOfferRegisteredEvent";
    const UPDATED: &'static str = "SupplierOfferUpdatedEvent";
    const ALREADY_REGISTERED_CODE: &'static str = "supplier-offer-already-registered";
    const NOT_FOUND_CODE: &'static str = "supplier-offer-not-found";

    fn id(&self) -> SupplierOfferId {
        SupplierOfferId::of(&self.code)
    }

    fn code(&self) -> &OfferCode {
        &self.code
    }

    fn is_removed(&self) -> bool {
        self.status == OfferStatus::Withdrawn
    }

    /// One that was withdrawn is only found by what makes it again.
    fn is_found_by(&self, changes: &SupplierOfferChanges) -> bool {
        self.status == OfferStatus::Active || changes.status == Some(OfferStatus::Active)
    }

    fn apply(mut self, changes: &SupplierOfferChanges) -> Self {
        changes.supplier_sku.apply(&mut self.supplier_sku);
        changes.lead_time.apply(&mut self.lead_time);
        replace(&mut self.minimum_order, changes.minimum_order.as_ref());
        replace(&mut self.order_multiple, changes.order_multiple.as_ref());
        changes.unit_cost.apply(&mut self.unit_cost);
        replace(&mut self.preferred, changes.preferred.as_ref());
        replace(&mut self.status, changes.status.as_ref());
        self
    }
}
