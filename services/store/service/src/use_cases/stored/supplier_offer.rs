//! How an offer of a supplier is stored.

use gondola_store_domain::{
    LeadTime, OfferCode, OfferStatus, OrderQuantity, ProductId, Sku, SupplierCode, SupplierOffer,
};
use kit_event_store::Claim;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::price::StoredPrice;
use super::{Stored, Text, Unreadable, json, preferred_claim, text};
use crate::use_cases::listing::LookUp;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StoredOffer<'a> {
    product_id: Uuid,
    #[serde(borrow)]
    supplier: Text<'a>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    supplier_sku: Option<Text<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lead_time_days: Option<u64>,
    minimum_order_quantity: u64,
    order_multiple: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unit_cost: Option<StoredPrice>,
    preferred: bool,
    #[serde(borrow)]
    status: Text<'a>,
}

impl Stored for SupplierOffer {
    const CODES: &'static str = "supplier-offer";
    const FOLDED_CODES: &'static str = "supplier-offer-folded";

    fn look_up(code: &OfferCode) -> LookUp {
        LookUp::Offer(code.to_string().to_ascii_lowercase())
    }

    /// One that is withdrawn is no preferred one.
    fn exclusive_claim(&self) -> Option<Claim> {
        let preferred = self.preferred && self.status == OfferStatus::Active;
        preferred.then(|| preferred_claim(&self.code))
    }

    fn write(&self) -> Box<str> {
        json(&StoredOffer {
            product_id: self.code.product_id.as_uuid(),
            supplier: text(self.code.supplier.as_str()),
            supplier_sku: self.supplier_sku.as_ref().map(|sku| text(sku.as_str())),
            lead_time_days: self.lead_time.map(|lead_time| lead_time.as_days().into()),
            minimum_order_quantity: self.minimum_order.get().into(),
            order_multiple: self.order_multiple.get().into(),
            unit_cost: self.unit_cost.map(StoredPrice::of),
            preferred: self.preferred,
            status: text(self.status.as_str()),
        })
    }

    fn read(json: &str) -> Result<Self, Unreadable> {
        let stored: StoredOffer<'_> = serde_json::from_str(json)?;
        Ok(Self {
            code: OfferCode {
                product_id: ProductId::from_uuid(stored.product_id),
                supplier: SupplierCode::new(&stored.supplier)?,
            },
            supplier_sku: stored.supplier_sku.map(|text| Sku::new(&text)).transpose()?,
            lead_time: stored.lead_time_days.map(LeadTime::from_days).transpose()?,
            minimum_order: OrderQuantity::new(stored.minimum_order_quantity)?,
            order_multiple: OrderQuantity::new(stored.order_multiple)?,
            unit_cost: stored.unit_cost.map(StoredPrice::read).transpose()?,
            preferred: stored.preferred,
            status: stored.status.parse()?,
        })
    }
}
