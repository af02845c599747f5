//! Integration events of the store context: stores and products.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A store as it is after the event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StoreState {
    /// Which store.
    pub store_id: Uuid,
    /// What the chain calls it; unique, and the same for ever.
    pub code: String,
    /// Its name for people.
    pub name: String,
    /// State, province or sales region.
    pub region: String,
    /// City or town.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// Street and number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Postal code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// Where it is on the map.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// What sort of place it is; of the sorts that were added later, what comes nearest.
    pub kind: StoreKind,
    /// What sort of place it is exactly, where `kind` has no word for it, such as `hub`; a reader may not know the word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detailed_kind: Option<String>,
    /// Whether it trades.
    pub status: StoreStatus,
    /// What its status is exactly, where `status` has no word for it, such as `maintenance`; a reader may not know the word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detailed_status: Option<String>,
    /// Why it has its status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason: Option<String>,
    /// The longest time that a reservation may hold its stock, in seconds, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longest_hold_seconds: Option<u32>,
    /// How many events the store has had; of two states the one with the higher version is newer.
    pub version: u64,
}

/// A place on Earth (WGS 84) in decimal degrees, as text so that no reader rounds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Location {
    /// Degrees north of the equator, such as `42.517182`.
    pub latitude: String,
    /// Degrees east of Greenwich, such as `-92.455796`.
    pub longitude: String,
}

/// What sort of place a store is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StoreKind {
    /// Customers walk in.
    Shop,
    /// Supplies the shops.
    DistributionCentre,
    /// Picks orders, and no customer walks in.
    DarkStore,
}

/// Whether a store trades.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StoreStatus {
    /// It does.
    Active,
    /// It does not.
    Closed,
}

/// A product as it is after the event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProductState {
    /// Which product.
    pub product_id: Uuid,
    /// What the chain calls it; unique, and the same for ever.
    pub sku: String,
    /// Its name for people.
    pub name: String,
    /// What sort of goods it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// The manufacturer's brand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    /// Its barcode, 8, 12, 13 or 14 digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gtin: Option<String>,
    /// The list price of one unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<UnitPrice>,
    /// Whether it is still sold.
    pub status: ProductStatus,
    /// How many events the product has had; of two states the one with the higher version is newer.
    pub version: u64,
}

/// Money in whole minor units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UnitPrice {
    /// Cents, centavos, yen.
    pub minor_units: u64,
    /// Three letters of ISO 4217, such as `BRL`.
    pub currency: String,
}

/// Whether a product is still sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProductStatus {
    /// It is.
    Active,
    /// It is not ordered again.
    Discontinued,
}
