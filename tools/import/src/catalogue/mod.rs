//! The lines of files that list stores and products.

use std::hash::Hash;

use gondola_store::use_cases::{CatalogueWrites, Registration, WriteError};
use gondola_store_domain::{
    Address, Aggregate, Currency, Label, Location, Name, PostalCode, Product, ProductId,
    ProductStatus, Sku, Store, StoreCode, StoreId, StoreKind, StoreStatus,
};
use kit_core::Caller;
use uuid::Uuid;

use super::csv_file::{Column, CsvFile, Place, Row};
use super::fields;
use super::format::numbers::NumberFormat;
use super::reject::Reject;
use super::stock_lines::{Dropped, optional};

/// Ids of imported stores and products are made from their codes in this namespace, so that the same file gives the
/// same ids in every data folder.
const NAMESPACE: Uuid = Uuid::from_u128(0x6f3a_1c52_9f0e_4d7b_8a55_2c1b_77e0_41d9);

const CODE: Column =
    Column { what: "store code", names: &["code", "store_code", "store", "store_id"] };
const STORE_NAME: Column = Column { what: "store name", names: &["name", "store_name"] };
const CITY: Column = Column { what: "city", names: &["city", "town"] };
const REGION: Column = Column {
    what: "region",
    names: &["state_or_region", "region", "state", "province", "country"],
};
const LATITUDE: Column = Column { what: "latitude", names: &["latitude", "lat"] };
const LONGITUDE: Column = Column { what: "longitude", names: &["longitude", "lon", "lng"] };
const ADDRESS: Column = Column { what: "address", names: &["address", "street"] };
const POSTAL_CODE: Column =
    Column { what: "postal code", names: &["postal_code", "zip_code", "zip", "postcode"] };
const KIND: Column = Column { what: "kind", names: &["kind", "store_kind", "type"] };
const STATUS: Column = Column { what: "status", names: &["status"] };

const SKU: Column = Column {
    what: "SKU",
    names: &["sku", "stock_code", "product_sku", "product_code", "item_code", "code"],
};
const PRODUCT_NAME: Column =
    Column { what: "product name", names: &["name", "product_name", "description"] };
const CATEGORY: Column = Column { what: "category", names: &["category"] };
const BRAND: Column = Column { what: "brand", names: &["brand", "vendor", "manufacturer"] };
const PRICE: Column = Column { what: "price", names: &["unit_price", "price"] };
const CURRENCY: Column = Column { what: "currency", names: &["currency"] };
pub(super) const GTIN: Column =
    Column { what: "barcode", names: &["gtin", "upc", "ean", "barcode"] };

/// What is taken where a file of the catalogue says nothing.
#[derive(Clone, Debug)]
pub struct Defaults {
    /// Region of stores.
    pub region: Label,
    /// Currency of prices; without one they are left out.
    pub currency: Option<Currency>,
}

/// A kind of entry that files list.
pub(super) trait Listed: Aggregate<Code: Hash + Eq> + Sized {
    /// Where its fields are.
    type Columns: Send;

    /// Finds the columns.
    fn find(csv_file: &CsvFile) -> anyhow::Result<Self::Columns>;

    /// Where its numbers are.
    fn numbers(columns: &Self::Columns) -> Vec<usize>;

    /// Reads a line.
    fn read_row(
        columns: &Self::Columns,
        row: &Row,
        defaults: &Defaults,
        numbers: NumberFormat,
    ) -> Result<(Self, Dropped), Reject>;

    /// The entry without its barcode, if it has one.
    fn without_barcode(self) -> Option<Self>;

    /// Registers entries; each has a result of its own.
    fn register_all(
        writes: &CatalogueWrites,
        entries: Vec<Self>,
        caller: &Caller,
    ) -> impl Future<Output = Vec<Result<Registration<Self>, WriteError<Self>>>> + Send;
}

/// Where the fields of a store are.
pub(super) struct StoreColumns {
    width: usize,
    code: Place,
    name: Place,
    city: Place,
    region: Place,
    latitude: Place,
    longitude: Place,
    address: Place,
    postal_code: Place,
    kind: Place,
    status: Place,
}

/// Where the fields of a product are.
pub(super) struct ProductColumns {
    width: usize,
    sku: Place,
    name: Place,
    category: Place,
    brand: Place,
    price: Place,
    currency: Place,
    gtin: Place,
    status: Place,
}

impl Listed for Store {
    type Columns = StoreColumns;

    fn find(csv_file: &CsvFile) -> anyhow::Result<StoreColumns> {
        Ok(StoreColumns {
            width: csv_file.width(),
            code: csv_file.require(&CODE)?,
            name: csv_file.find(&STORE_NAME),
            city: csv_file.find(&CITY),
            region: csv_file.find(&REGION),
            latitude: csv_file.find(&LATITUDE),
            longitude: csv_file.find(&LONGITUDE),
            address: csv_file.find(&ADDRESS),
            postal_code: csv_file.find(&POSTAL_CODE),
            kind: csv_file.find(&KIND),
            status: csv_file.find(&STATUS),
        })
    }

    fn numbers(_: &StoreColumns) -> Vec<usize> {
        Vec::new()
    }

    fn read_row(
        columns: &StoreColumns,
        row: &Row,
        defaults: &Defaults,
        _: NumberFormat,
    ) -> Result<(Self, Dropped), Reject> {
        CsvFile::check_width(columns.width, row)?;
        let code = StoreCode::new(row.required(columns.code, CODE.what)?);
        let code = code.map_err(|error| Reject::invalid(&error))?;
        let (latitude, longitude) = (row.text(columns.latitude)?, row.text(columns.longitude)?);
        let mut dropped = Dropped::new();
        let field = |place, column: &Column| -> Result<Field<'_>, Reject> {
            Ok(Field { text: row.text(place)?, what: column.what })
        };
        let (name, city, region) = (
            field(columns.name, &STORE_NAME)?,
            field(columns.city, &CITY)?,
            field(columns.region, &REGION)?,
        );
        let (address, postal_code) =
            (field(columns.address, &ADDRESS)?, field(columns.postal_code, &POSTAL_CODE)?);
        let (kind, status) = (field(columns.kind, &KIND)?, field(columns.status, &STATUS)?);
        let store = Self {
            store_id: store_id(&code),
            name: match name.read(&mut dropped, |text| Name::new(text).ok()) {
                Some(name) => name,
                None => Name::new(code.as_str()).map_err(|error| Reject::invalid(&error))?,
            },
            region: region
                .read(&mut dropped, |text| Label::new(text).ok())
                .unwrap_or_else(|| defaults.region.clone()),
            city: city.read(&mut dropped, |text| Label::new(text).ok()),
            address: address.read(&mut dropped, |text| Address::new(text).ok()),
            postal_code: postal_code.read(&mut dropped, |text| PostalCode::new(text).ok()),
            longest_hold: None,
            location: Field { text: latitude, what: "location" }
                .read(&mut dropped, |latitude| location(latitude, longitude)),
            kind: kind
                .read(&mut dropped, |text| text.parse::<StoreKind>().ok())
                .unwrap_or_default(),
            status: status.read(&mut dropped, store_status).unwrap_or_default(),
            code,
        };
        Ok((store, dropped))
    }

    fn without_barcode(self) -> Option<Self> {
        None
    }

    async fn register_all(
        writes: &CatalogueWrites,
        entries: Vec<Self>,
        caller: &Caller,
    ) -> Vec<Result<Registration<Self>, WriteError<Self>>> {
        writes.register_stores(entries, caller).await
    }
}

impl Listed for Product {
    type Columns = ProductColumns;

    fn find(csv_file: &CsvFile) -> anyhow::Result<ProductColumns> {
        Ok(ProductColumns {
            width: csv_file.width(),
            sku: csv_file.require(&SKU)?,
            name: csv_file.require(&PRODUCT_NAME)?,
            category: csv_file.find(&CATEGORY),
            brand: csv_file.find(&BRAND),
            price: csv_file.find(&PRICE),
            currency: csv_file.find(&CURRENCY),
            gtin: csv_file.find(&GTIN),
            status: csv_file.find(&STATUS),
        })
    }

    fn numbers(columns: &ProductColumns) -> Vec<usize> {
        columns.price.into_iter().collect()
    }

    fn read_row(
        columns: &ProductColumns,
        row: &Row,
        defaults: &Defaults,
        numbers: NumberFormat,
    ) -> Result<(Self, Dropped), Reject> {
        CsvFile::check_width(columns.width, row)?;
        let sku = Sku::new(row.required(columns.sku, SKU.what)?);
        let sku = sku.map_err(|error| Reject::invalid(&error))?;
        let name = Name::new(row.required(columns.name, PRODUCT_NAME.what)?);
        let name = name.map_err(|error| Reject::invalid(&error))?;
        let mut dropped = Dropped::new();
        let field = |place, column: &Column| -> Result<Field<'_>, Reject> {
            Ok(Field { text: row.text(place)?, what: column.what })
        };
        let (category, brand) =
            (field(columns.category, &CATEGORY)?, field(columns.brand, &BRAND)?);
        let (price, gtin) = (field(columns.price, &PRICE)?, field(columns.gtin, &GTIN)?);
        let currency = field(columns.currency, &CURRENCY)?
            .read(&mut dropped, |text| Currency::new(text).ok())
            .or(defaults.currency);
        // without a currency a price means nothing
        let unit_price = match currency {
            Some(currency) if !price.text.is_empty() => {
                fields::price(price.text, currency, numbers)?
            }
            _ => None,
        };
        price.read(&mut dropped, |_| unit_price);
        let status = field(columns.status, &STATUS)?;
        let product = Self {
            product_id: product_id(&sku),
            sku,
            name,
            category: category.read(&mut dropped, |text| Label::new(text).ok()),
            brand: brand.read(&mut dropped, |text| Label::new(text).ok()),
            gtin: gtin.read(&mut dropped, fields::gtin),
            unit_price,
            status: status.read(&mut dropped, product_status).unwrap_or_default(),
        };
        Ok((product, dropped))
    }

    fn without_barcode(self) -> Option<Self> {
        self.gtin.is_some().then_some(Self { gtin: None, ..self })
    }

    async fn register_all(
        writes: &CatalogueWrites,
        entries: Vec<Self>,
        caller: &Caller,
    ) -> Vec<Result<Registration<Self>, WriteError<Self>>> {
        writes.register_products(entries, caller).await
    }
}

/// A field that an entry can do without.
struct Field<'a> {
    text: &'a str,
    what: &'static str,
}

impl Field<'_> {
    fn read<T>(self, dropped: &mut Dropped, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        optional(self.text, self.what, dropped, read)
    }
}

/// The id of an imported store.
pub(super) fn store_id(code: &StoreCode) -> StoreId {
    StoreId::from_uuid(Uuid::new_v5(&NAMESPACE, format!("store:{code}").as_bytes()))
}

/// The id of an imported product.
pub(super) fn product_id(sku: &Sku) -> ProductId {
    ProductId::from_uuid(Uuid::new_v5(&NAMESPACE, format!("product:{sku}").as_bytes()))
}

/// Degrees have no thousands: a comma in them is one before decimals.
fn location(latitude: &str, longitude: &str) -> Option<Location> {
    Location::parse(&latitude.replace(',', "."), &longitude.replace(',', ".")).ok()
}

fn store_status(text: &str) -> Option<StoreStatus> {
    match text.to_ascii_lowercase().as_str() {
        "inactive" => Some(StoreStatus::Closed),
        "open" => Some(StoreStatus::Active),
        other => other.parse().ok(),
    }
}

fn product_status(text: &str) -> Option<ProductStatus> {
    match text.to_ascii_lowercase().as_str() {
        "inactive" => Some(ProductStatus::Discontinued),
        other => other.parse().ok(),
    }
}
