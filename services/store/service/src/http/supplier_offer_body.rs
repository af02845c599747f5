//! Bodies about the offers of suppliers: what callers send and see.

use std::convert::Infallible;

use gondola_store_domain::{
    LeadTime, OfferCode, OfferStatus, OrderQuantity, Sku, SupplierId, SupplierOffer,
    SupplierOfferChanges,
};
use kit_http::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Resource;
use super::patch::{Patch, field};
use super::product_parts::PriceBody;
use super::word::word_list;
use crate::use_cases::Entry;

word_list! {
    /// Whether an offer holds.
    OfferStatusWord as SupplierOfferStatus of OfferStatus {
        /// It does.
        Active,
        /// It does not any more; it may be made again.
        Withdrawn,
    }
}

/// The terms of an offer, all of them.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct PutSupplierOffer {
    /// What the supplier calls the product.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64, example = "HP-4711")]
    supplier_sku: Option<String>,
    /// Days from an order to its delivery; those of the supplier when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 730, example = 7)]
    lead_time_days: Option<u64>,
    /// The least units that are delivered at once; 1 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1_000_000, example = 24)]
    minimum_order_quantity: Option<u64>,
    /// Orders are whole multiples of so many units, such as those of a pack; 1 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1_000_000, example = 12)]
    order_multiple: Option<u64>,
    /// What one unit costs.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_cost: Option<PriceBody>,
    /// Whether the product is ordered from this supplier first. One offer of a product is the preferred one, or none.
    preferred: bool,
}

impl PutSupplierOffer {
    /// The offer.
    pub(super) fn parse(&self, code: OfferCode) -> Result<SupplierOffer, Problem> {
        let supplier_sku = self.supplier_sku.as_deref().map(Sku::new).transpose();
        let lead_time = self.lead_time_days.map(LeadTime::from_days).transpose();
        let units = |units: Option<u64>| units.map_or(Ok(OrderQuantity::ONE), OrderQuantity::new);
        let unit_cost = self.unit_cost.as_ref().map(PriceBody::domain).transpose();
        Ok(SupplierOffer {
            supplier_sku: field("supplierSku", supplier_sku)?,
            lead_time: field("leadTimeDays", lead_time)?,
            minimum_order: field("minimumOrderQuantity", units(self.minimum_order_quantity))?,
            order_multiple: field("orderMultiple", units(self.order_multiple))?,
            unit_cost: field("unitCost", unit_cost)?,
            preferred: self.preferred,
            ..SupplierOffer::new(code)
        })
    }
}

/// What to change of an offer (JSON merge patch): what is absent stays, null removes.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct UpdateSupplierOffer {
    /// What the supplier calls the product.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schema(value_type = Option<String>, max_length = 64)]
    supplier_sku: Patch<String>,
    /// Days from an order to its delivery; null takes those of the supplier.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schema(value_type = Option<u64>, minimum = 0, maximum = 730)]
    lead_time_days: Patch<u64>,
    /// The least units that are delivered at once.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schema(value_type = u64, required = false, minimum = 1, maximum = 1_000_000)]
    minimum_order_quantity: Patch<u64>,
    /// Orders are whole multiples of so many units.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schema(value_type = u64, required = false, minimum = 1, maximum = 1_000_000)]
    order_multiple: Patch<u64>,
    /// What one unit costs.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schema(value_type = Option<PriceBody>)]
    unit_cost: Patch<PriceBody>,
    /// Whether the product is ordered from this supplier first.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schema(value_type = bool, required = false)]
    preferred: Patch<bool>,
}

impl UpdateSupplierOffer {
    pub(super) fn parse(&self) -> Result<SupplierOfferChanges, Problem> {
        let units = |units: &u64| OrderQuantity::new(*units);
        Ok(SupplierOfferChanges {
            supplier_sku: self.supplier_sku.change("supplierSku", |text| Sku::new(text))?,
            lead_time: self
                .lead_time_days
                .change("leadTimeDays", |days| LeadTime::from_days(*days))?,
            minimum_order: self.minimum_order_quantity.replace("minimumOrderQuantity", units)?,
            order_multiple: self.order_multiple.replace("orderMultiple", units)?,
            unit_cost: self.unit_cost.change("unitCost", PriceBody::domain)?,
            preferred: self.preferred.replace("preferred", |is| Ok::<_, Infallible>(*is))?,
            status: None,
        })
    }
}

/// On what terms a supplier delivers a product.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SupplierOffer)]
pub(super) struct SupplierOfferBody {
    /// The product.
    #[schema(example = "22222222-2222-2222-2222-222222220001")]
    product_id: Uuid,
    /// The supplier.
    supplier_id: Uuid,
    /// What the chain calls the supplier.
    #[schema(example = "ACME")]
    supplier_code: String,
    /// What the supplier calls the product.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "HP-4711")]
    supplier_sku: Option<String>,
    /// Days from an order to its delivery; those of the supplier when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 7)]
    lead_time_days: Option<u16>,
    /// The least units that are delivered at once.
    #[schema(example = 24)]
    minimum_order_quantity: u32,
    /// Orders are whole multiples of so many units.
    #[schema(example = 12)]
    order_multiple: u32,
    /// What one unit costs.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_cost: Option<PriceBody>,
    /// Whether the product is ordered from this supplier first.
    preferred: bool,
    /// Whether it holds.
    status: OfferStatusWord,
    /// How many changes it has had; also its `ETag`.
    #[schema(example = 1)]
    version: u64,
    /// After a change: its position in the catalogue's log, for `minPosition` of lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 42)]
    position: Option<u64>,
}

impl Resource for SupplierOffer {
    type Body = SupplierOfferBody;

    const PATH: &'static str = "/api/v1/products";
    const ORDER: &'static str = "offers by product and supplier";
    const ID_MEMBER: &'static str = "supplierOfferId";
    const CODE_MEMBER: &'static str = "supplierOffer";
    const ALREADY_REGISTERED: &'static str = "Offer already made";

    fn body(Entry { state, version }: &Entry<Self>, position: Option<u64>) -> SupplierOfferBody {
        SupplierOfferBody {
            product_id: state.code.product_id.as_uuid(),
            supplier_id: SupplierId::of(&state.code.supplier).as_uuid(),
            supplier_code: state.code.supplier.to_string(),
            supplier_sku: state.supplier_sku.as_ref().map(ToString::to_string),
            lead_time_days: state.lead_time.map(LeadTime::as_days),
            minimum_order_quantity: state.minimum_order.get(),
            order_multiple: state.order_multiple.get(),
            unit_cost: state.unit_cost.map(PriceBody::of),
            preferred: state.preferred,
            status: OfferStatusWord::of(state.status),
            version: version.get(),
            position,
        }
    }

    fn address(&self) -> String {
        let OfferCode { product_id, supplier } = &self.code;
        format!("{}/{product_id}/suppliers/{}", Self::PATH, SupplierId::of(supplier))
    }
}
