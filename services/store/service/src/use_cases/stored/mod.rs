//! How stores and products are stored: as JSON that events, snapshots, kept answers and the view share, and the claims
//! on their codes.
//!
//! A change of these shapes raises `event_codec::SCHEMA_VERSION`: snapshots and views are then rebuilt, and the events
//! need an upcaster. A field that this program does not know makes the whole unreadable: an update would write it without.

use std::borrow::Cow;

use gondola_store_domain::{
    Address, Aggregate, Currency, Gtin, GtinNumber, Label, Location, LongestHold, Name, PostalCode,
    Price, Product, ProductId, Sku, Store, StoreCode, StoreId,
};
use kit_core::Timestamp;
use kit_event_store::{Claim, ClaimKey};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::listing::LookUp;

/// The error of stored JSON that does not have the expected shape.
pub type Unreadable = Box<dyn std::error::Error + Send + Sync>;

/// An aggregate that can be stored.
pub trait Stored: Aggregate {
    /// Namespace of the claims that keep codes unique, as they are written.
    const CODES: &'static str;
    /// Namespace of the claims that keep them unique in whatever case.
    const FOLDED_CODES: &'static str;

    /// Writes it as JSON in the present shape.
    fn write(&self) -> Box<str>;

    /// Reads it from JSON in the present shape.
    fn read(json: &str) -> Result<Self, Unreadable>;

    /// How an entry is looked up by a code.
    fn look_up(code: &Self::Code) -> LookUp;

    /// The key of the claim on a code.
    fn code_key(code: &Self::Code) -> ClaimKey {
        ClaimKey::new(Self::CODES, code.to_string())
    }

    /// The key of the claim on all spellings of a code.
    fn folded_key(code: &Self::Code) -> ClaimKey {
        ClaimKey::new(Self::FOLDED_CODES, code.to_string().to_ascii_lowercase())
    }

    /// The claims on its own code, which hold for ever: as it is written, as in every log, and in whatever case.
    fn code_claims(&self) -> [Claim; 2] {
        let id = self.id().to_string();
        let folded = format!("{id} {}", self.code());
        [(Self::code_key(self.code()), id), (Self::folded_key(self.code()), folded)]
            .map(|(key, value)| Claim { key, value: value.into(), expires_at: None })
    }
}

/// Namespace of the claims that keep barcodes unique, by their 14 digits.
const GTINS: &str = "gtin";

/// The claim on the number of a barcode, until `expires_at`.
///
/// It says only that the number is taken: by whom the entries tell, which may give it to another.
pub(super) fn gtin_claim(number: &GtinNumber, expires_at: Option<Timestamp>) -> Claim {
    let key = ClaimKey::new(GTINS, number.as_str());
    Claim { key, value: "taken".into(), expires_at }
}

/// Whether a key is one of a barcode.
pub(super) fn is_gtin(key: &ClaimKey) -> bool {
    key.namespace == GTINS
}

type Text<'a> = Cow<'a, str>;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StoredStore<'a> {
    store_id: Uuid,
    #[serde(borrow)]
    code: Text<'a>,
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    region: Text<'a>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    city: Option<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    address: Option<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    postal_code: Option<Text<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    location: Option<StoredLocation>,
    #[serde(borrow)]
    kind: Text<'a>,
    #[serde(borrow)]
    status: Text<'a>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    longest_hold_seconds: Option<i64>,
}

/// Decimal degrees as text, so that no reader rounds them.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredLocation {
    latitude: String,
    longitude: String,
}

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
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    unit_price: Option<StoredPrice<'a>>,
    #[serde(borrow)]
    status: Text<'a>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StoredPrice<'a> {
    minor_units: u64,
    #[serde(borrow)]
    currency: Text<'a>,
}

impl Stored for Store {
    const CODES: &'static str = "store-code";
    const FOLDED_CODES: &'static str = "store-code-folded";

    fn look_up(code: &StoreCode) -> LookUp {
        LookUp::StoreCode(code.folded())
    }

    fn write(&self) -> Box<str> {
        json(&StoredStore {
            store_id: self.store_id.as_uuid(),
            code: self.code.as_str().into(),
            name: self.name.as_str().into(),
            region: self.region.as_str().into(),
            city: self.city.as_ref().map(|city| city.as_str().into()),
            address: self.address.as_ref().map(|address| address.as_str().into()),
            postal_code: self.postal_code.as_ref().map(|code| code.as_str().into()),
            location: self.location.map(|location| StoredLocation {
                latitude: location.latitude(),
                longitude: location.longitude(),
            }),
            kind: self.kind.as_str().into(),
            status: self.status.as_str().into(),
            longest_hold_seconds: self.longest_hold.map(|hold| hold.as_seconds().into()),
        })
    }

    fn read(json: &str) -> Result<Self, Unreadable> {
        let stored: StoredStore<'_> = serde_json::from_str(json)?;
        let location = stored.location.as_ref();
        Ok(Self {
            store_id: StoreId::from_uuid(stored.store_id),
            code: StoreCode::new(&stored.code)?,
            name: Name::new(&stored.name)?,
            region: Label::new(&stored.region)?,
            city: stored.city.map(|text| Label::new(&text)).transpose()?,
            address: stored.address.map(|text| Address::new(&text)).transpose()?,
            postal_code: stored.postal_code.map(|text| PostalCode::new(&text)).transpose()?,
            location: location
                .map(|at| Location::parse(&at.latitude, &at.longitude))
                .transpose()?,
            kind: stored.kind.parse()?,
            status: stored.status.parse()?,
            longest_hold: stored.longest_hold_seconds.map(LongestHold::from_seconds).transpose()?,
        })
    }
}

impl Stored for Product {
    const CODES: &'static str = "sku";
    const FOLDED_CODES: &'static str = "sku-folded";

    fn look_up(code: &Sku) -> LookUp {
        LookUp::Sku(code.folded())
    }

    fn write(&self) -> Box<str> {
        let currency = self.unit_price.map(Price::currency);
        let currency = currency.as_ref().map(Currency::as_str);
        json(&StoredProduct {
            product_id: self.product_id.as_uuid(),
            sku: self.sku.as_str().into(),
            name: self.name.as_str().into(),
            category: self.category.as_ref().map(|category| category.as_str().into()),
            brand: self.brand.as_ref().map(|brand| brand.as_str().into()),
            gtin: self.gtin.as_ref().map(|gtin| gtin.as_str().into()),
            unit_price: self.unit_price.zip(currency).map(|(price, currency)| StoredPrice {
                minor_units: price.minor_units(),
                currency: currency.into(),
            }),
            status: self.status.as_str().into(),
        })
    }

    fn read(json: &str) -> Result<Self, Unreadable> {
        let stored: StoredProduct<'_> = serde_json::from_str(json)?;
        let price =
            |price: StoredPrice<'_>| Price::new(price.minor_units, Currency::new(&price.currency)?);
        Ok(Self {
            product_id: ProductId::from_uuid(stored.product_id),
            sku: Sku::new(&stored.sku)?,
            name: Name::new(&stored.name)?,
            category: stored.category.map(|text| Label::new(&text)).transpose()?,
            brand: stored.brand.map(|text| Label::new(&text)).transpose()?,
            gtin: stored.gtin.map(|text| Gtin::new(&text)).transpose()?,
            unit_price: stored.unit_price.map(price).transpose()?,
            status: stored.status.parse()?,
        })
    }
}

fn json(value: &impl Serialize) -> Box<str> {
    // plain structs of numbers and texts always serialise
    serde_json::to_string(value).unwrap_or_default().into()
}
