//! The lines of files of sales.

use std::borrow::Cow;
use std::sync::Arc;

use gondola_inventory_domain::{AddStock, CustomerRef, Reason, Reference, TransactionRef};
use kit_core::Timestamp;

use super::baskets::{self, Fates};
use super::csv_file::{Column, CsvFile, Place, Row};
use super::feed::Item;
use super::fields;
use super::format::measure::Units;
use super::format::moments::TimeOfDay;
use super::line_ledger::Entry;
use super::movement::{Change, Movement, Sale};
use super::names::Names;
use super::quantity::QuantityColumns;
use super::reading::{Reading, Watched};
use super::reject::Reject;
use super::stock_lines::{
    Dropped, MOMENT, QUANTITY, SKU, STORE, items, moment, optional, positive,
};

const BASKET: Column = Column {
    what: "basket",
    names: &["basket_id", "transaction_id", "invoice_no", "invoice", "receipt", "order_id"],
};
/// For whom a line is.
pub(super) const CUSTOMER: Column =
    Column { what: "customer", names: &["customer_id", "customer"] };
const PRICE: Column = Column { what: "price", names: &["unit_price", "price"] };
const NAME: Column =
    Column { what: "product name", names: &["name", "product_name", "description"] };

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
    quantity: QuantityColumns,
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
        units: Option<&Units>,
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
            width: csv_file.width(),
            store,
            sku: csv_file.require(&SKU)?,
            quantity: QuantityColumns::find(csv_file, &QUANTITY, units)?,
            basket: csv_file.find(&BASKET),
            customer: csv_file.find(&CUSTOMER),
            at: csv_file.find(&MOMENT),
            price: csv_file.find(&PRICE),
            name: csv_file.find(&NAME),
            fallback: format!("import {} line", sha256.get(..12).unwrap_or(sha256)),
        })
    }

    /// The columns that a first look is about.
    pub(super) fn watched(&self) -> Watched {
        let numbers = self.quantity.quantity.into_iter().chain(self.price).collect();
        Watched { numbers, moment: self.at, measure: self.quantity.measure() }
    }

    /// The store of a line: its code, and its display name if the file has one.
    fn store<'a>(&'a self, row: &'a Row) -> Result<(Cow<'a, str>, &'a str), Reject> {
        Ok(match &self.store {
            StoreSource::Code(place) => (Cow::Borrowed(row.required(*place, STORE.what)?), ""),
            StoreSource::Fixed(code) => (Cow::Borrowed(code.as_str()), ""),
            StoreSource::Name(place) => {
                let name = row.required(*place, "store")?;
                (Cow::Owned(fields::code_of_name(name)), name)
            }
        })
    }

    /// What the ledger keeps of a line: its basket and what was sold. Nothing when it has no basket.
    pub(super) fn entry(&self, row: &Row) -> Entry {
        let known = || {
            let (store, _) = self.store(row).ok()?;
            let basket = row.text(self.basket).ok().filter(|basket| !basket.is_empty())?;
            let (sku, quantity) =
                (row.text(self.sku).ok()?, row.text(self.quantity.quantity).ok()?);
            Some(baskets::entry(&store, basket, sku, quantity))
        };
        known().unwrap_or_default()
    }

    /// Reads a line.
    pub(super) fn read<'a>(
        &'a self,
        row: &'a Row,
        reading: &Reading,
    ) -> Result<SaleLine<'a>, Reject> {
        CsvFile::check_width(self.width, row)?;
        let (store, store_name) = self.store(row)?;
        let sku = row.required(self.sku, SKU.what)?;
        let units = self.quantity.read(row, reading.numbers)?;
        if row.text(self.price)?.starts_with('-') {
            let reason =
                format!("price {:?} is negative: this is no sale of goods", row.text(self.price)?);
            return Err(Reject::new("negative-price", reason));
        }
        let mut dropped = Dropped::new();
        // what came back is taken to have come in the morning, what was sold to have gone in the evening: a count of that
        // day never makes stock look greater than it was
        let usual = if units < 0 { TimeOfDay::Open } else { TimeOfDay::Close };
        let at = moment(row, self.at, reading, usual)?;
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
        reading: Reading,
        fates: Arc<Fates>,
        names: Arc<Names>,
    ) -> impl Iterator<Item = anyhow::Result<Item>> + Send + 'static {
        items(csv_file, fates, move |row| {
            let line = self.read(row, &reading)?;
            let (store, product) = names.level(&line.store, line.sku)?;
            Ok((Movement { store, product, change: line.change }, line.dropped))
        })
    }
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
