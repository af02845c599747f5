//! The lines of files that list what suppliers offer.

use gondola_export::ExportedOffer;
use gondola_store::use_cases::{CatalogueService, CatalogueWrites, Registration, WriteError};
use gondola_store_domain::{
    OfferCode, OfferStatus, OrderQuantity, ProductId, Sku, SupplierCode, SupplierOffer,
    SupplierOfferChanges,
};
use kit_core::Caller;

use super::amount::Amount;
use super::suppliers::{LEAD_TIME, lead_time};
use super::{Fields, Given, Listed, said, set};
use crate::csv_file::{Column, CsvFile, Place, Row};
use crate::fields;
use crate::format::numbers::NumberFormat;
use crate::reject::Reject;
use crate::stock_lines::Dropped;

const SKU: Column =
    Column { what: "SKU", names: &["sku", "product_sku", "product_code", "item_code"] };
const SUPPLIER: Column = Column {
    what: "supplier code",
    names: &["supplier", "supplier_code", "vendor_code", "vendor", "vendor_number"],
};
const SUPPLIER_SKU: Column =
    Column { what: "supplier's SKU", names: &["supplier_sku", "vendor_sku"] };
const MINIMUM_ORDER: Column =
    Column { what: "minimum order", names: &["minimum_order_quantity", "minimum_order", "moq"] };
const ORDER_MULTIPLE: Column =
    Column { what: "order multiple", names: &["order_multiple", "pack_size", "case_pack"] };
const COST: Column = Column { what: "cost", names: &["unit_cost", "cost"] };
const COST_MINOR_UNITS: Column = Column { what: "cost", names: &["unit_cost_minor_units"] };
const COST_CURRENCY: Column = Column {
    what: "currency of the cost",
    names: &["unit_cost_currency", "cost_currency", "currency"],
};
const PREFERRED: Column = Column { what: "preferred", names: &["preferred"] };
const STATUS: Column = Column { what: "status", names: &["status"] };

/// Where the fields of an offer are.
pub(crate) struct OfferColumns {
    width: usize,
    sku: Place,
    supplier: Place,
    supplier_sku: Place,
    lead_time: Place,
    minimum_order: Place,
    order_multiple: Place,
    cost: Amount,
    preferred: Place,
    status: Place,
}

impl Listed for SupplierOffer {
    type Columns = OfferColumns;

    const NAMES_PRODUCTS: bool = true;

    fn find(csv_file: &CsvFile) -> anyhow::Result<OfferColumns> {
        Ok(OfferColumns {
            width: csv_file.width(),
            sku: csv_file.require(&SKU)?,
            supplier: csv_file.require(&SUPPLIER)?,
            supplier_sku: csv_file.find(&SUPPLIER_SKU),
            lead_time: csv_file.find(&LEAD_TIME),
            minimum_order: csv_file.find(&MINIMUM_ORDER),
            order_multiple: csv_file.find(&ORDER_MULTIPLE),
            cost: Amount {
                decimal: (csv_file.find(&COST), &COST),
                minor_units: csv_file.find(&COST_MINOR_UNITS),
                currency: (csv_file.find(&COST_CURRENCY), &COST_CURRENCY),
            },
            preferred: csv_file.find(&PREFERRED),
            status: csv_file.find(&STATUS),
        })
    }

    fn numbers(columns: &OfferColumns) -> Vec<usize> {
        let places = [columns.minimum_order, columns.order_multiple, columns.cost.decimal.0];
        places.into_iter().flatten().collect()
    }

    /// Quantities to order reject the line when they cannot be read: with others the wrong amount would be ordered.
    fn read_row(
        columns: &OfferColumns,
        row: &Row,
        given: &Given<'_>,
    ) -> Result<(Self, Dropped), Reject> {
        CsvFile::check_width(columns.width, row)?;
        let sku = row.required(columns.sku, SKU.what)?;
        let product = given.names.only_product(sku)?;
        let supplier = SupplierCode::new(row.required(columns.supplier, SUPPLIER.what)?);
        let code = OfferCode {
            product_id: ProductId::from_uuid(product.as_uuid()),
            supplier: supplier.map_err(|error| Reject::invalid(&error))?,
        };
        let units = |place, column| order_quantity(row, place, column, given.numbers);
        let mut fields = Fields::of(row);
        let currency = columns.cost.currency(&mut fields)?.or(given.defaults.currency);
        let supplier_sku = |text: &str| Sku::new(text).ok();
        let status = |text: &str| text.to_ascii_lowercase().parse::<OfferStatus>().ok();
        let offer = Self {
            supplier_sku: fields.read(columns.supplier_sku, &SUPPLIER_SKU, supplier_sku)?,
            lead_time: fields.read(columns.lead_time, &LEAD_TIME, lead_time)?,
            minimum_order: units(columns.minimum_order, &MINIMUM_ORDER)?,
            order_multiple: units(columns.order_multiple, &ORDER_MULTIPLE)?,
            unit_cost: columns.cost.read(&mut fields, currency, given.numbers)?,
            preferred: fields.read(columns.preferred, &PREFERRED, yes_or_no)?.unwrap_or_default(),
            status: fields.read(columns.status, &STATUS, status)?.unwrap_or_default(),
            ..Self::new(code)
        };
        Ok((offer, fields.dropped))
    }

    fn entries(writes: &CatalogueWrites) -> &CatalogueService<Self> {
        writes.offers()
    }

    fn changes(&self, columns: &OfferColumns, row: &Row) -> SupplierOfferChanges {
        SupplierOfferChanges {
            supplier_sku: set(self.supplier_sku.as_ref()),
            lead_time: set(self.lead_time.as_ref()),
            minimum_order: said(row, columns.minimum_order, &self.minimum_order),
            order_multiple: said(row, columns.order_multiple, &self.order_multiple),
            unit_cost: set(self.unit_cost.as_ref()),
            preferred: said(row, columns.preferred, &self.preferred),
            status: said(row, columns.status, &self.status),
        }
    }

    fn shown(&self) -> Vec<(&'static str, String)> {
        // all lines are of one product and one supplier, which do not change
        let offer = self.clone();
        Sku::new("-").map_or_else(|_| Vec::new(), |sku| super::shown(&ExportedOffer { sku, offer }))
    }

    async fn register_all(
        writes: &CatalogueWrites,
        entries: Vec<Self>,
        caller: &Caller,
    ) -> Vec<Result<Registration<Self>, WriteError<Self>>> {
        writes.register_offers(entries, caller).await
    }
}

/// Units to order; one where the line says nothing.
fn order_quantity(
    row: &Row,
    place: Place,
    column: &Column,
    numbers: NumberFormat,
) -> Result<OrderQuantity, Reject> {
    let text = row.text(place)?;
    if text.is_empty() {
        return Ok(OrderQuantity::ONE);
    }
    let units = fields::units(text, column.what, numbers)?;
    let units = u64::try_from(units).map_err(|_| {
        Reject::new("invalid-quantity", format!("{} {text:?} is less than one unit", column.what))
    })?;
    OrderQuantity::new(units).map_err(|error| Reject::invalid(&error))
}

fn yes_or_no(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "y" | "1" => Some(true),
        "false" | "no" | "n" | "0" => Some(false),
        _ => None,
    }
}
