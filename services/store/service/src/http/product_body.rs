//! Bodies about products: what callers send and see.

use gondola_contracts::surrogate_keys;
use gondola_store_domain::{
    Description, Gtin, Label, Name, Product, ProductChanges, ProductId, Sku,
};
use kit_http::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::patch::{Patch, field};
use super::product_parts::{MeasuresBody, PriceBody, ProductStatusWord};
use super::{PublicResource, Resource};
use crate::use_cases::Entry;

/// A product to add to the catalogue.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RegisterProduct {
    /// Its id, if the caller chooses it; a new one otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "22222222-2222-2222-2222-222222220001")]
    product_id: Option<Uuid>,
    /// What the chain calls it: unique, and never changes. Not a UUID.
    #[schema(min_length = 1, max_length = 64, example = "PROD123456")]
    sku: String,
    /// Its name for people.
    #[schema(min_length = 1, max_length = 200, example = "Wireless headphones")]
    name: String,
    /// What sort of goods it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100, example = "Audio")]
    category: Option<String>,
    /// Who makes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100, example = "Sonora")]
    brand: Option<String>,
    /// Its barcode, 8, 12, 13 or 14 digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "4006381333931")]
    gtin: Option<String>,
    /// The list price of one unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_price: Option<PriceBody>,
    /// What one unit costs the chain.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_cost: Option<PriceBody>,
    /// What is to be said about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000, example = "Over the ear, 30 hours on one charge")]
    description: Option<String>,
    /// How large and how heavy one unit is.
    #[serde(default, skip_serializing_if = "MeasuresBody::is_empty")]
    #[schema(required = false)]
    measures: MeasuresBody,
    /// Whether it is still sold; it is when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<ProductStatusWord>,
}

impl RegisterProduct {
    /// The product, under `new_id` unless the caller chose one.
    pub(super) fn parse(&self, new_id: impl FnOnce() -> ProductId) -> Result<Product, Problem> {
        let category = self.category.as_deref().map(Label::new).transpose();
        let brand = self.brand.as_deref().map(Label::new).transpose();
        let gtin = self.gtin.as_deref().map(Gtin::new).transpose();
        let unit_price = self.unit_price.as_ref().map(PriceBody::domain).transpose();
        let unit_cost = self.unit_cost.as_ref().map(PriceBody::domain).transpose();
        let description = self.description.as_deref().map(Description::new).transpose();
        Ok(Product {
            product_id: self.product_id.map_or_else(new_id, ProductId::from_uuid),
            sku: field("sku", Sku::new(&self.sku))?,
            name: field("name", Name::new(&self.name))?,
            category: field("category", category)?,
            brand: field("brand", brand)?,
            gtin: field("gtin", gtin)?,
            unit_price: field("unitPrice", unit_price)?,
            unit_cost: field("unitCost", unit_cost)?,
            description: field("description", description)?,
            measures: field("measures", self.measures.domain())?,
            status: self.status.map(ProductStatusWord::domain).unwrap_or_default(),
        })
    }
}

/// What to change of a product (JSON merge patch): what is absent stays, null removes. The SKU never changes.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct UpdateProduct {
    /// Its name for people.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schema(value_type = String, required = false, max_length = 200, example = "Wireless headphones, black")]
    name: Patch<String>,
    /// What sort of goods it is.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schema(value_type = Option<String>, max_length = 100)]
    category: Patch<String>,
    /// Who makes it.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schema(value_type = Option<String>, max_length = 100)]
    brand: Patch<String>,
    /// Its barcode.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schema(value_type = Option<String>)]
    gtin: Patch<String>,
    /// The list price of one unit.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schema(value_type = Option<PriceBody>)]
    unit_price: Patch<PriceBody>,
    /// What one unit costs the chain.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schema(value_type = Option<PriceBody>)]
    unit_cost: Patch<PriceBody>,
    /// What is to be said about it.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schema(value_type = Option<String>, max_length = 2000)]
    description: Patch<String>,
    /// How large and how heavy one unit is, all of it.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schema(value_type = MeasuresBody, required = false)]
    measures: Patch<MeasuresBody>,
    /// Whether it is still sold.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schema(value_type = ProductStatusWord, required = false)]
    status: Patch<ProductStatusWord>,
}

impl UpdateProduct {
    pub(super) fn parse(&self) -> Result<ProductChanges, Problem> {
        Ok(ProductChanges {
            name: self.name.replace("name", |text| Name::new(text))?,
            category: self.category.change("category", |text| Label::new(text))?,
            brand: self.brand.change("brand", |text| Label::new(text))?,
            gtin: self.gtin.change("gtin", |text| Gtin::new(text))?,
            unit_price: self.unit_price.change("unitPrice", PriceBody::domain)?,
            unit_cost: self.unit_cost.change("unitCost", PriceBody::domain)?,
            description: self.description.change("description", |text| Description::new(text))?,
            measures: self.measures.replace("measures", MeasuresBody::domain)?,
            status: self.status.replace("status", |word| Ok::<_, Problem>(word.domain()))?,
        })
    }
}

/// A product of the catalogue.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Product)]
pub(super) struct ProductBody {
    /// Which product; never changes.
    #[schema(example = "22222222-2222-2222-2222-222222220001")]
    product_id: Uuid,
    /// What the chain calls it; unique, and never changes.
    #[schema(example = "PROD123456")]
    sku: String,
    /// Its name for people.
    #[schema(example = "Wireless headphones")]
    name: String,
    /// What sort of goods it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Audio")]
    category: Option<String>,
    /// Who makes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Sonora")]
    brand: Option<String>,
    /// Its barcode.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "4006381333931")]
    gtin: Option<String>,
    /// The list price of one unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_price: Option<PriceBody>,
    /// What one unit costs the chain.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_cost: Option<PriceBody>,
    /// What is to be said about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000, example = "Over the ear, 30 hours on one charge")]
    description: Option<String>,
    /// How large and how heavy one unit is.
    #[serde(default, skip_serializing_if = "MeasuresBody::is_empty")]
    #[schema(required = false)]
    measures: MeasuresBody,
    /// Whether it is still sold.
    status: ProductStatusWord,
    /// How many changes it has had; also its `ETag`.
    #[schema(example = 1)]
    version: u64,
    /// After a change: its position in the catalogue's log, for `minPosition` of lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 42)]
    position: Option<u64>,
}

impl Resource for Product {
    type Body = ProductBody;

    const PATH: &'static str = "/api/v1/products";
    const ORDER: &'static str = "products by SKU";
    const ID_MEMBER: &'static str = "productId";
    const CODE_MEMBER: &'static str = "productSku";
    const ALREADY_REGISTERED: &'static str = "Product already registered";

    fn body(Entry { state, version }: &Entry<Self>, position: Option<u64>) -> ProductBody {
        ProductBody {
            product_id: state.product_id.as_uuid(),
            sku: state.sku.to_string(),
            name: state.name.to_string(),
            category: state.category.as_ref().map(ToString::to_string),
            brand: state.brand.as_ref().map(ToString::to_string),
            gtin: state.gtin.as_ref().map(ToString::to_string),
            unit_price: state.unit_price.map(PriceBody::of),
            unit_cost: state.unit_cost.map(PriceBody::of),
            description: state.description.as_ref().map(ToString::to_string),
            measures: MeasuresBody::of(&state.measures),
            status: ProductStatusWord::of(state.status),
            version: version.get(),
            position,
        }
    }
}

impl PublicResource for Product {
    fn keys_of_one(&self) -> String {
        surrogate_keys::of_product(self.product_id.as_uuid())
    }

    fn keys_of_list() -> String {
        surrogate_keys::of_products()
    }
}
