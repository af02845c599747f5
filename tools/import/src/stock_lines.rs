//! The lines of files of receipts and counts, and what they have in common with those of sales.

use std::sync::Arc;

use csv::ByteRecord;
use gondola_inventory_domain::{
    AddStock, CountStock, OnShortage, PositiveQuantity, Reason, Reference, StockQuantity,
};
use kit_core::Timestamp;

use super::baskets::Fates;
use super::csv_file::{Column, CsvFile, Place, Row};
use super::feed::{Item, Meaning};
use super::format::measure::Units;
use super::format::moments::TimeOfDay;
use super::line_ledger::Fate;
use super::movement::{Change, Movement};
use super::names::Names;
use super::quantity::QuantityColumns;
use super::reading::{MomentNeed, Reading, Watched};
use super::reject::Reject;
use super::rejects::BASKET_CHANGED;

pub(super) const STORE: Column = Column {
    what: "store code",
    names: &["store_code", "store", "store_id", "shop", "branch", "location"],
};
pub(super) const SKU: Column = Column {
    what: "SKU",
    names: &["sku", "stock_code", "product_sku", "product_code", "item_code", "product", "item"],
};
pub(super) const QUANTITY: Column =
    Column { what: "quantity", names: &["quantity", "qty", "units"] };
const COUNTED: Column =
    Column { what: "count", names: &["counted", "count", "on_hand", "quantity"] };
pub(super) const MOMENT: Column = Column {
    what: "time",
    names: &["occurred_at", "timestamp", "datetime", "invoice_date", "date", "sold_at"],
};
const REASON: Column = Column { what: "reason", names: &["reason"] };
const REFERENCE: Column = Column { what: "reference", names: &["reference", "delivery_note"] };

/// Fields that were left out of a line.
pub(super) type Dropped = Vec<&'static str>;

/// The columns of a file of receipts or counts.
#[derive(Clone, Debug)]
pub(super) struct StockColumns {
    width: usize,
    store: Place,
    sku: Place,
    quantity: QuantityColumns,
    at: Place,
    reason: Place,
    reference: Place,
    counts: bool,
}

impl StockColumns {
    /// Finds the columns of a file of receipts.
    pub(super) fn of_receipts(csv_file: &CsvFile, units: Option<&Units>) -> anyhow::Result<Self> {
        Self::find(csv_file, &QUANTITY, units, false)
    }

    /// Finds the columns of a file of counts.
    pub(super) fn of_counts(csv_file: &CsvFile, units: Option<&Units>) -> anyhow::Result<Self> {
        Self::find(csv_file, &COUNTED, units, true)
    }

    fn find(
        csv_file: &CsvFile,
        quantity: &Column,
        units: Option<&Units>,
        counts: bool,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            width: csv_file.width(),
            store: csv_file.require(&STORE)?,
            sku: csv_file.require(&SKU)?,
            quantity: QuantityColumns::find(csv_file, quantity, units)?,
            at: csv_file.find(&MOMENT),
            reason: csv_file.find(&REASON),
            reference: csv_file.find(&REFERENCE),
            counts,
        })
    }

    /// The columns that a first look is about.
    pub(super) fn watched(&self) -> Watched {
        let numbers = self.quantity.quantity.into_iter().collect();
        Watched { numbers, moment: self.at, measure: self.quantity.measure() }
    }

    /// What its lines need of their moment.
    pub(super) fn moment_need(&self) -> MomentNeed {
        if self.counts { MomentNeed::Exact } else { MomentNeed::Safe }
    }

    /// Reads the lines of a table as changes of stock levels.
    pub(super) fn items(
        self,
        csv_file: CsvFile,
        reading: Reading,
        fates: Arc<Fates>,
        names: Arc<Names>,
    ) -> impl Iterator<Item = anyhow::Result<Item>> + Send + 'static {
        items(csv_file, fates, move |row| self.read(row, &reading, &names))
    }

    fn read(
        &self,
        row: &Row,
        reading: &Reading,
        names: &Names,
    ) -> Result<(Movement, Dropped), Reject> {
        CsvFile::check_width(self.width, row)?;
        let code = row.required(self.store, STORE.what)?;
        let sku = row.required(self.sku, SKU.what)?;
        let units = self.quantity.read(row, reading.numbers)?;
        let (store, product) = names.level(code, sku)?;
        let mut dropped = Dropped::new();
        // what arrived is taken to have arrived in the morning: a count of that day has seen it
        let occurred_at = moment(row, self.at, reading, TimeOfDay::Open)?;
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

/// Reads the lines of a table, except for those that other imports have dealt with.
pub(super) fn items(
    mut csv_file: CsvFile,
    fates: Arc<Fates>,
    read: impl Fn(&Row) -> Result<(Movement, Dropped), Reject> + Send + 'static,
) -> impl Iterator<Item = anyhow::Result<Item>> + Send + 'static {
    std::iter::from_fn(move || {
        let row = csv_file.next().transpose()?;
        Some(row.map(|row| {
            let read = match fates.of(row.line) {
                Fate::Own | Fate::Rejected => read(&row),
                Fate::Before => return Item { row, meaning: Meaning::Before, dropped: Vec::new() },
                Fate::BasketChanged => Err(basket_changed()),
            };
            match read {
                Ok((movement, dropped)) => {
                    Item { row, meaning: Meaning::Change(movement), dropped }
                }
                Err(reject) => {
                    Item { row, meaning: Meaning::Rejected(reject), dropped: Vec::new() }
                }
            }
        }))
    })
}

fn basket_changed() -> Reject {
    let reason = "its basket was imported before with other lines: correct what was booked with an adjustment or a return, \
                  or, if it is another basket with the same number, import these lines with --again";
    Reject::new(BASKET_CHANGED, reason)
}

/// A receipt of the stock that the sales of a file need, as the item of the line where it is needed first.
pub(super) fn receipt(line: u64, level: Result<Movement, Reject>) -> Item {
    let meaning = level.map_or_else(Meaning::Rejected, Meaning::Change);
    Item { row: Row { line, record: ByteRecord::new() }, meaning, dropped: Dropped::new() }
}

/// A number of units that move.
pub(super) fn positive(units: i64) -> Result<PositiveQuantity, Reject> {
    if units == 0 {
        return Err(Reject::new("zero-quantity", "quantity 0 moves nothing"));
    }
    PositiveQuantity::new(units).map_err(|error| Reject::invalid(&error))
}

/// The moment of a line, if the file has one.
pub(super) fn moment(
    row: &Row,
    place: Place,
    reading: &Reading,
    usual: TimeOfDay,
) -> Result<Option<Timestamp>, Reject> {
    let text = row.text(place)?;
    let moment = (!text.is_empty()).then(|| reading.moments.read(text, usual));
    moment.transpose()
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
