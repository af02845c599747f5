//! How a product is stored.

use gondola_store_domain::{
    Description, Gtin, GtinNumber, InvalidMeasure, Label, Measure, Measures, Name, Product,
    ProductId, Sku,
};
use kit_event_store::Claim;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::price::StoredPrice;
use super::{Stored, Text, Unreadable, gtin_claim, json, text};
use crate::use_cases::listing::LookUp;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StoredProduct<'a> {
    product_id: Uuid,
    #[serde(borrow)]
    sku: Text<'a>,
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    category: Option<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    brand: Option<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    gtin: Option<Text<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unit_price: Option<StoredPrice>,
    #[serde(borrow)]
    status: Text<'a>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unit_cost: Option<StoredPrice>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    description: Option<Text<'a>>,
    #[serde(default, skip_serializing_if = "StoredMeasures::is_empty")]
    measures: StoredMeasures,
}

#[derive(Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct StoredMeasures {
    #[serde(skip_serializing_if = "Option::is_none")]
    width_mm: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height_mm: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    depth_mm: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    weight_g: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    volume_ml: Option<u32>,
}

impl StoredMeasures {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn of(measures: &Measures) -> Self {
        Self {
            width_mm: measures.width.map(Measure::get),
            height_mm: measures.height.map(Measure::get),
            depth_mm: measures.depth.map(Measure::get),
            weight_g: measures.weight.map(Measure::get),
            volume_ml: measures.volume.map(Measure::get),
        }
    }

    fn read(&self) -> Result<Measures, InvalidMeasure> {
        let measure =
            |value: Option<u32>| value.map(|value| Measure::new(value.into())).transpose();
        Ok(Measures {
            width: measure(self.width_mm)?,
            height: measure(self.height_mm)?,
            depth: measure(self.depth_mm)?,
            weight: measure(self.weight_g)?,
            volume: measure(self.volume_ml)?,
        })
    }
}

impl Stored for Product {
    const CODES: &'static str = "sku";
    const FOLDED_CODES: &'static str = "sku-folded";

    fn look_up(code: &Sku) -> LookUp {
        LookUp::Sku(code.folded())
    }

    fn barcode(code: &Sku) -> Option<GtinNumber> {
        Gtin::new(code.as_str()).ok().map(|gtin| gtin.number())
    }

    fn exclusive_claim(&self) -> Option<Claim> {
        self.gtin.as_ref().map(|gtin| gtin_claim(&gtin.number()))
    }

    fn write(&self) -> Box<str> {
        json(&StoredProduct {
            product_id: self.product_id.as_uuid(),
            sku: text(self.sku.as_str()),
            name: text(self.name.as_str()),
            category: self.category.as_ref().map(|category| text(category.as_str())),
            brand: self.brand.as_ref().map(|brand| text(brand.as_str())),
            gtin: self.gtin.as_ref().map(|gtin| text(gtin.as_str())),
            unit_price: self.unit_price.map(StoredPrice::of),
            status: text(self.status.as_str()),
            unit_cost: self.unit_cost.map(StoredPrice::of),
            description: self.description.as_ref().map(|description| text(description.as_str())),
            measures: StoredMeasures::of(&self.measures),
        })
    }

    fn read(json: &str) -> Result<Self, Unreadable> {
        let stored: StoredProduct<'_> = serde_json::from_str(json)?;
        Ok(Self {
            product_id: ProductId::from_uuid(stored.product_id),
            sku: Sku::new(&stored.sku)?,
            name: Name::new(&stored.name)?,
            category: stored.category.map(|text| Label::new(&text)).transpose()?,
            brand: stored.brand.map(|text| Label::new(&text)).transpose()?,
            gtin: stored.gtin.map(|text| Gtin::new(&text)).transpose()?,
            unit_price: stored.unit_price.map(StoredPrice::read).transpose()?,
            unit_cost: stored.unit_cost.map(StoredPrice::read).transpose()?,
            description: stored.description.map(|text| Description::new(&text)).transpose()?,
            measures: stored.measures.read()?,
            status: stored.status.parse()?,
        })
    }
}
