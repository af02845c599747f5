//! The lines of files that list products.

use gondola_store::use_cases::{CatalogueService, CatalogueWrites, Registration, WriteError};
use gondola_store_domain::{
    Description, Label, Measure, Measures, Name, Product, ProductChanges, ProductId, ProductStatus,
    Sku,
};
use kit_core::Caller;

use super::amount::Amount;
use super::{Fields, Given, Listed, is_said, own_id, product_id, said, set};
use crate::csv_file::{Column, CsvFile, Place, Row};
use crate::fields;
use crate::format::numbers::NumberFormat;
use crate::reject::Reject;
use crate::stock_lines::Dropped;

const SKU: Column = Column {
    what: "SKU",
    names: &["sku", "stock_code", "product_sku", "product_code", "item_code", "code"],
};
const PRODUCT_NAME: Column =
    Column { what: "product name", names: &["name", "product_name", "description"] };
const CATEGORY: Column = Column { what: "category", names: &["category"] };
const BRAND: Column = Column { what: "brand", names: &["brand", "vendor", "manufacturer"] };
const PRICE: Column = Column { what: "price", names: &["unit_price", "price"] };
const CURRENCY: Column = Column { what: "currency", names: &["currency", "unit_price_currency"] };
pub(in super::super) const GTIN: Column =
    Column { what: "barcode", names: &["gtin", "upc", "ean", "barcode"] };
const PRICE_MINOR_UNITS: Column = Column { what: "price", names: &["unit_price_minor_units"] };
const COST: Column = Column { what: "cost", names: &["unit_cost", "cost"] };
const COST_MINOR_UNITS: Column = Column { what: "cost", names: &["unit_cost_minor_units"] };
const COST_CURRENCY: Column =
    Column { what: "currency of the cost", names: &["unit_cost_currency", "cost_currency"] };
const ID: Column = Column { what: "product id", names: &["product_id"] };
const STATUS: Column = Column { what: "status", names: &["status"] };
const DESCRIPTION: Column = Column { what: "description", names: &["long_description", "details"] };
const WIDTH: Column = Column { what: "width", names: &["width_mm"] };
const HEIGHT: Column = Column { what: "height", names: &["height_mm"] };
const DEPTH: Column = Column { what: "depth", names: &["depth_mm"] };
const WEIGHT: Column = Column { what: "weight", names: &["weight_g"] };
const VOLUME: Column = Column { what: "volume", names: &["volume_ml"] };

/// Where the fields of a product are.
pub(crate) struct ProductColumns {
    width: usize,
    id: Place,
    sku: Place,
    name: Place,
    category: Place,
    brand: Place,
    price: Amount,
    cost: Amount,
    gtin: Place,
    status: Place,
    description: Place,
    /// In the order of [`MEASURES`].
    measures: [Place; 5],
}

const MEASURES: [Column; 5] = [WIDTH, HEIGHT, DEPTH, WEIGHT, VOLUME];

impl Listed for Product {
    type Columns = ProductColumns;

    fn find(csv_file: &CsvFile) -> anyhow::Result<ProductColumns> {
        Ok(ProductColumns {
            width: csv_file.width(),
            id: csv_file.find(&ID),
            sku: csv_file.require(&SKU)?,
            name: csv_file.require(&PRODUCT_NAME)?,
            category: csv_file.find(&CATEGORY),
            brand: csv_file.find(&BRAND),
            price: Amount {
                decimal: (csv_file.find(&PRICE), &PRICE),
                minor_units: csv_file.find(&PRICE_MINOR_UNITS),
                currency: (csv_file.find(&CURRENCY), &CURRENCY),
            },
            cost: Amount {
                decimal: (csv_file.find(&COST), &COST),
                minor_units: csv_file.find(&COST_MINOR_UNITS),
                currency: (csv_file.find(&COST_CURRENCY), &COST_CURRENCY),
            },
            gtin: csv_file.find(&GTIN),
            status: csv_file.find(&STATUS),
            description: csv_file.find(&DESCRIPTION),
            measures: MEASURES.map(|column| csv_file.find(&column)),
        })
    }

    fn numbers(columns: &ProductColumns) -> Vec<usize> {
        let measures = columns.measures.iter().copied();
        [columns.price.decimal.0, columns.cost.decimal.0]
            .into_iter()
            .chain(measures)
            .flatten()
            .collect()
    }

    fn read_row(
        columns: &ProductColumns,
        row: &Row,
        given: &Given<'_>,
    ) -> Result<(Self, Dropped), Reject> {
        CsvFile::check_width(columns.width, row)?;
        let numbers = given.numbers;
        let sku = Sku::new(row.required(columns.sku, SKU.what)?);
        let sku = sku.map_err(|error| Reject::invalid(&error))?;
        let name = Name::new(row.required(columns.name, PRODUCT_NAME.what)?);
        let name = name.map_err(|error| Reject::invalid(&error))?;
        let mut fields = Fields::of(row);
        let currency = columns.price.currency(&mut fields)?.or(given.defaults.currency);
        let cost_currency = columns.cost.currency(&mut fields)?.or(currency);
        let description = |text: &str| Description::new(text).ok();
        let id = own_id(row, columns.id)?.map_or_else(|| product_id(&sku), ProductId::from_uuid);
        let product = Self {
            category: fields.read(columns.category, &CATEGORY, |text| Label::new(text).ok())?,
            brand: fields.read(columns.brand, &BRAND, |text| Label::new(text).ok())?,
            gtin: fields.read(columns.gtin, &GTIN, fields::gtin)?,
            unit_price: columns.price.read(&mut fields, currency, numbers)?,
            unit_cost: columns.cost.read(&mut fields, cost_currency, numbers)?,
            description: fields.read(columns.description, &DESCRIPTION, description)?,
            measures: measures(columns, &mut fields, numbers)?,
            status: fields.read(columns.status, &STATUS, product_status)?.unwrap_or_default(),
            ..Self::new(id, sku, name)
        };
        Ok((product, fields.dropped))
    }

    fn without_barcode(self) -> Option<Self> {
        self.gtin.is_some().then_some(Self { gtin: None, ..self })
    }

    fn entries(writes: &CatalogueWrites) -> &CatalogueService<Self> {
        writes.products()
    }

    fn changes(&self, columns: &ProductColumns, row: &Row) -> ProductChanges {
        let has_measures = columns.measures.iter().any(|place| is_said(row, *place));
        ProductChanges {
            name: said(row, columns.name, &self.name),
            category: set(self.category.as_ref()),
            brand: set(self.brand.as_ref()),
            gtin: set(self.gtin.as_ref()),
            unit_price: set(self.unit_price.as_ref()),
            unit_cost: set(self.unit_cost.as_ref()),
            description: set(self.description.as_ref()),
            measures: has_measures.then_some(self.measures),
            status: said(row, columns.status, &self.status),
        }
    }

    fn shown(&self) -> Vec<(&'static str, String)> {
        super::shown(self)
    }

    async fn register_all(
        writes: &CatalogueWrites,
        entries: Vec<Self>,
        caller: &Caller,
    ) -> Vec<Result<Registration<Self>, WriteError<Self>>> {
        writes.register_products(entries, caller).await
    }
}

/// The measures; one that is no whole number is left out rather than guessed.
fn measures(
    columns: &ProductColumns,
    fields: &mut Fields<'_>,
    numbers: NumberFormat,
) -> Result<Measures, Reject> {
    let mut measure = |at: usize| {
        let column = &MEASURES[at];
        fields.read(columns.measures[at], column, |text| {
            let whole = fields::units(text, column.what, numbers).ok()?;
            Measure::new(whole.try_into().ok()?).ok()
        })
    };
    Ok(Measures {
        width: measure(0)?,
        height: measure(1)?,
        depth: measure(2)?,
        weight: measure(3)?,
        volume: measure(4)?,
    })
}

fn product_status(text: &str) -> Option<ProductStatus> {
    match text.to_ascii_lowercase().as_str() {
        "inactive" => Some(ProductStatus::Discontinued),
        other => other.parse().ok(),
    }
}
