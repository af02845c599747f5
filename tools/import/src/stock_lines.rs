//! The lines of files about stock: sales, receipts and counts.

use std::borrow::Cow;
use std::sync::Arc;

use csv::ByteRecord;
use gondola_inventory_domain::{
    AddStock, CountStock, CustomerRef, OnShortage, PositiveQuantity, Reason, Reference,
    StockQuantity, TransactionRef,
};
use kit_core::Timestamp;

use super::csv_file::{Column, CsvFile, Place, Row};
use super::engine::Item;
use super::fields;
use super::movement::{Change, Movement, Sale};
use super::names::Names;
use super::reject::Reject;

const STORE: Column = Column {
    what: "store code",
    names: &["store_code", "store", "store_id", "shop", "branch", "location"],
};
const SKU: Column = Column {
    what: "SKU",
    names: &["sku", "stock_code", "product_sku", "product_code", "item_code", "product", "item"],
};
const QUANTITY: Column = Column { what: "quantity", names: &["quantity", "qty", "units"] };
const COUNTED: Column =
    Column { what: "count", names: &["counted", "count", "on_hand", "quantity"] };
const MOMENT: Column = Column {
    what: "time",
    names: &["occurred_at", "timestamp", "datetime", "invoice_date", "date", "sold_at"],
};
const BASKET: Column = Column {
    what: "basket",
    names: &["basket_id", "transaction_id", "invoice_no", "invoice", "receipt", "order_id"],
};
const CUSTOMER: Column = Column { what: "customer", names: &["customer_id", "customer"] };
const PRICE: Column = Column { what: "price", names: &["unit_price", "price"] };
const NAME: Column =
    Column { what: "product name", names: &["name", "product_name", "description"] };
const REASON: Column = Column { what: "reason", names: &["reason"] };
const REFERENCE: Column = Column { what: "reference", names: &["reference", "delivery_note"] };

/// Fields that were left out of a line.
pub(super) type Dropped = Vec<&'static str>;

/// Where a line of sales names its store.
#[derive(Clone, Debug)]
pub(super) enum StoreSource {
    /// In a column of codes.
    Code(Place),
    /// In a column of names, such as countries, from which codes are made.
    Name(Place),
    /// Nowhere: all lines are of one store.
    Fixed(String),
}

/// The columns of a file of sales.
#[derive(Clone, Debug)]
pub(super) struct SaleColumns {
    width: usize,
    store: StoreSource,
    sku: Place,
    quantity: Place,
    basket: Place,
    customer: Place,
    at: Place,
    price: Place,
    name: Place,
    /// What sales without a basket are called, followed by their line.
    fallback: String,
}

/// A line of sales.
#[derive(Debug)]
pub(super) struct SaleLine<'a> {
    pub(super) store: Cow<'a, str>,
    /// Display name of the store, if the file has one.
    pub(super) store_name: &'a str,
    pub(super) sku: &'a str,
    /// Display name of the product, if the file has one.
    pub(super) name: &'a str,
    /// Units sold; negative when they came back, never zero.
    pub(super) units: i64,
    /// When it happened, if the file says so.
    pub(super) at: Option<Timestamp>,
    /// The change that it is.
    pub(super) change: Change,
    pub(super) dropped: Dropped,
}

impl SaleColumns {
    /// Finds the columns. `store_column` has the names of stores, `store_code` is the store of all lines.
    pub(super) fn find(
        csv_file: &CsvFile,
        store_column: Option<&str>,
        store_code: Option<&str>,
        sha256: &str,
    ) -> anyhow::Result<Self> {
        let store = match (store_column, store_code) {
            (Some(name), _) => {
                let place = csv_file.find_name(name);
                anyhow::ensure!(
                    place.is_some(),
                    "the file has no column {name:?} for --store-column"
                );
                StoreSource::Name(place)
            }
            (None, Some(code)) => StoreSource::Fixed(code.to_owned()),
            (None, None) => StoreSource::Code(csv_file.require(&STORE).map_err(|error| {
                error.context("where were the sales? give --store-code or --store-column")
            })?),
        };
        Ok(Self {
            width: csv_file.header().len(),
            store,
            sku: csv_file.require(&SKU)?,
            quantity: csv_file.require(&QUANTITY)?,
            basket: csv_file.find(&BASKET),
            customer: csv_file.find(&CUSTOMER),
            at: csv_file.find(&MOMENT),
            price: csv_file.find(&PRICE),
            name: csv_file.find(&NAME),
            fallback: format!("import {} line", sha256.get(..12).unwrap_or(sha256)),
        })
    }

    /// Reads a line.
    pub(super) fn read<'a>(&'a self, row: &'a Row) -> Result<SaleLine<'a>, Reject> {
        CsvFile::check_width(self.width, row)?;
        let (store, store_name) = match &self.store {
            StoreSource::Code(place) => (Cow::Borrowed(row.required(*place, STORE.what)?), ""),
            StoreSource::Fixed(code) => (Cow::Borrowed(code.as_str()), ""),
            StoreSource::Name(place) => {
                let name = row.required(*place, "store")?;
                (Cow::Owned(fields::code_of_name(name)), name)
            }
        };
        let sku = row.required(self.sku, SKU.what)?;
        let units = fields::units(row.required(self.quantity, QUANTITY.what)?)?;
        if row.text(self.price)?.starts_with('-') {
            let reason =
                format!("price {:?} is negative: this is no sale of goods", row.text(self.price)?);
            return Err(Reject::new("negative-price", reason));
        }
        let mut dropped = Dropped::new();
        let at = moment(row, self.at, &mut dropped)?;
        let basket = row.text(self.basket)?;
        let change = if units < 0 {
            let reference =
                optional(basket, "basket", &mut dropped, |text| Reference::new(text).ok());
            Change::Added(returned(units, reference, at)?)
        } else {
            let transaction =
                optional(basket, "basket", &mut dropped, |text| TransactionRef::new(text).ok());
            let customer = row.text(self.customer)?;
            Change::Sold(Sale {
                quantity: positive(units)?,
                transaction: match transaction {
                    Some(transaction) => transaction,
                    None => self.unnamed(row.line)?,
                },
                customer: optional(customer, "customer", &mut dropped, |text| {
                    CustomerRef::new(text).ok()
                }),
                occurred_at: at,
            })
        };
        let name = row.text(self.name)?;
        Ok(SaleLine { store, store_name, sku, name, units, at, change, dropped })
    }

    fn unnamed(&self, line: u64) -> Result<TransactionRef, Reject> {
        TransactionRef::new(&format!("{} {line}", self.fallback))
            .map_err(|error| Reject::invalid(&error))
    }

    /// Reads the lines of a table as changes of stock levels.
    pub(super) fn items(
        self,
        csv_file: CsvFile,
        names: Arc<Names>,
    ) -> impl Iterator<Item = anyhow::Result<Item>> + Send + 'static {
        items(csv_file, move |row| {
            let line = self.read(row)?;
            let (store, product) = names.level(&line.store, line.sku)?;
            Ok((Movement { store, product, change: line.change }, line.dropped))
        })
    }
}

/// The columns of a file of receipts or counts.
#[derive(Clone, Debug)]
pub(super) struct StockColumns {
    width: usize,
    store: Place,
    sku: Place,
    units: Place,
    at: Place,
    reason: Place,
    reference: Place,
    counts: bool,
}

impl StockColumns {
    /// Finds the columns of a file of receipts.
    pub(super) fn of_receipts(csv_file: &CsvFile) -> anyhow::Result<Self> {
        Self::find(csv_file, &QUANTITY, false)
    }

    /// Finds the columns of a file of counts.
    pub(super) fn of_counts(csv_file: &CsvFile) -> anyhow::Result<Self> {
        Self::find(csv_file, &COUNTED, true)
    }

    fn find(csv_file: &CsvFile, units: &Column, counts: bool) -> anyhow::Result<Self> {
        Ok(Self {
            width: csv_file.header().len(),
            store: csv_file.require(&STORE)?,
            sku: csv_file.require(&SKU)?,
            units: csv_file.require(units)?,
            at: csv_file.find(&MOMENT),
            reason: csv_file.find(&REASON),
            reference: csv_file.find(&REFERENCE),
            counts,
        })
    }

    /// Reads the lines of a table as changes of stock levels.
    pub(super) fn items(
        self,
        csv_file: CsvFile,
        names: Arc<Names>,
    ) -> impl Iterator<Item = anyhow::Result<Item>> + Send + 'static {
        items(csv_file, move |row| self.read(row, &names))
    }

    fn read(&self, row: &Row, names: &Names) -> Result<(Movement, Dropped), Reject> {
        CsvFile::check_width(self.width, row)?;
        let code = row.required(self.store, STORE.what)?;
        let sku = row.required(self.sku, SKU.what)?;
        let units = fields::units(row.required(self.units, QUANTITY.what)?)?;
        let (store, product) = names.level(code, sku)?;
        let mut dropped = Dropped::new();
        let occurred_at = moment(row, self.at, &mut dropped)?;
        let reason =
            optional(row.text(self.reason)?, "reason", &mut dropped, |text| Reason::new(text).ok());
        let reference = optional(row.text(self.reference)?, "reference", &mut dropped, |text| {
            Reference::new(text).ok()
        });
        let change = if self.counts {
            let counted = StockQuantity::new(units).map_err(|error| Reject::invalid(&error))?;
            Change::Counted(CountStock {
                counted,
                reason,
                reference,
                occurred_at,
                on_shortage: OnShortage::default(),
            })
        } else {
            Change::Added(AddStock { quantity: positive(units)?, reason, reference, occurred_at })
        };
        Ok((Movement { store, product, change }, dropped))
    }
}

fn items(
    mut csv_file: CsvFile,
    read: impl Fn(&Row) -> Result<(Movement, Dropped), Reject> + Send + 'static,
) -> impl Iterator<Item = anyhow::Result<Item>> + Send + 'static {
    std::iter::from_fn(move || {
        let row = csv_file.next().transpose()?;
        Some(row.map(|row| match read(&row) {
            Ok((movement, dropped)) => Item { row, movement: Ok(movement), dropped },
            Err(reject) => Item { row, movement: Err(reject), dropped: Dropped::new() },
        }))
    })
}

/// A receipt of the stock that the sales of a file need, as the item of the line where it is needed first.
pub(super) fn receipt(line: u64, level: Result<Movement, Reject>) -> Item {
    Item { row: Row { line, record: ByteRecord::new() }, movement: level, dropped: Dropped::new() }
}

/// Units that came back.
fn returned(
    units: i64,
    reference: Option<Reference>,
    at: Option<Timestamp>,
) -> Result<AddStock, Reject> {
    let reason = Reason::new("Return").map_err(|error| Reject::invalid(&error))?;
    let quantity = positive(units.checked_neg().unwrap_or(i64::MAX))?;
    Ok(AddStock { quantity, reason: Some(reason), reference, occurred_at: at })
}

/// A number of units that move.
pub(super) fn positive(units: i64) -> Result<PositiveQuantity, Reject> {
    if units == 0 {
        return Err(Reject::new("zero-quantity", "quantity 0 moves nothing"));
    }
    PositiveQuantity::new(units).map_err(|error| Reject::invalid(&error))
}

fn moment(row: &Row, place: Place, dropped: &mut Dropped) -> Result<Option<Timestamp>, Reject> {
    Ok(optional(row.text(place)?, "time", dropped, fields::moment))
}

/// A field that a line can do without: left out when it is broken, and counted.
pub(super) fn optional<T>(
    text: &str,
    what: &'static str,
    dropped: &mut Dropped,
    read: impl FnOnce(&str) -> Option<T>,
) -> Option<T> {
    if text.is_empty() {
        return None;
    }
    let value = read(text);
    if value.is_none() {
        dropped.push(what);
    }
    value
}
