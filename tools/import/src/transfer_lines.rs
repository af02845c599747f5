//! The lines of files of transfers, and what those of one reference ask for together.

use gondola_inventory::process_managers::transfers::TransferOrder;
use gondola_inventory::use_cases::{ProductRef, StoreRef};
use gondola_inventory_domain::{
    BASKET_LINES_MAX, PositiveQuantity, ProductId, Reason, Reference, StoreId, TimeToLive,
};

use super::csv_file::{Column, CsvFile, Place, Row};
use super::fields;
use super::format::numbers::NumberFormat;
use super::names::Names;
use super::reject::Reject;
use super::stock_lines::{QUANTITY, SKU, positive};

const REFERENCE: Column = Column {
    what: "reference",
    names: &["reference", "transfer_reference", "transfer_number", "transfer", "delivery_note"],
};
const FROM: Column = Column {
    what: "store that sends",
    names: &["from_store", "from_store_code", "source_store_code", "source", "from"],
};
const TO: Column = Column {
    what: "store that receives",
    names: &["to_store", "to_store_code", "destination_store_code", "destination", "to"],
};
const HOLD: Column = Column { what: "time of the hold", names: &["hold_seconds"] };
const REASON: Column = Column { what: "reason", names: &["reason"] };

/// How long units are held where a file does not say it: a day.
const HOLD_SECONDS: i64 = 86_400;

/// Where the fields of a transfer are.
pub(super) struct TransferColumns {
    width: usize,
    reference: Place,
    from: Place,
    to: Place,
    sku: Place,
    quantity: Place,
    hold: Place,
    reason: Place,
}

/// What a line says.
#[derive(Debug)]
pub(super) struct TransferLine {
    terms: Terms,
    product: ProductId,
    quantity: PositiveQuantity,
}

/// What all lines of a transfer must say alike.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Terms {
    source: StoreId,
    destination: StoreId,
    hold: TimeToLive,
    reason: Option<Reason>,
}

impl TransferColumns {
    /// Finds the columns.
    pub(super) fn find(csv_file: &CsvFile) -> anyhow::Result<Self> {
        Ok(Self {
            width: csv_file.width(),
            reference: csv_file.require(&REFERENCE)?,
            from: csv_file.require(&FROM)?,
            to: csv_file.require(&TO)?,
            sku: csv_file.require(&SKU)?,
            quantity: csv_file.require(&QUANTITY)?,
            hold: csv_file.find(&HOLD),
            reason: csv_file.find(&REASON),
        })
    }

    /// Where the numbers are by which a file's way to write them is found out.
    pub(super) fn numbers(&self) -> Vec<usize> {
        self.quantity.into_iter().collect()
    }

    /// The reference of a line.
    pub(super) fn reference(&self, row: &Row) -> Result<Reference, Reject> {
        CsvFile::check_width(self.width, row)?;
        let text = row.required(self.reference, REFERENCE.what)?;
        Reference::new(text).map_err(|error| Reject::invalid(&error))
    }

    /// Reads a line.
    pub(super) fn read(
        &self,
        row: &Row,
        numbers: NumberFormat,
        names: &Names,
    ) -> Result<TransferLine, Reject> {
        let source = names.own_store(row.required(self.from, FROM.what)?)?;
        let destination = names.only_store(row.required(self.to, TO.what)?)?;
        let product = names.only_product(row.required(self.sku, SKU.what)?)?;
        let units =
            fields::units(row.required(self.quantity, QUANTITY.what)?, QUANTITY.what, numbers)?;
        let seconds = match row.text(self.hold)? {
            "" => HOLD_SECONDS,
            text => fields::units(text, HOLD.what, numbers)?,
        };
        let reason = match row.text(self.reason)? {
            "" => None,
            text => Some(Reason::new(text).map_err(|error| Reject::invalid(&error))?),
        };
        let hold = TimeToLive::from_seconds(seconds).map_err(|error| Reject::invalid(&error))?;
        let terms = Terms { source, destination, hold, reason };
        Ok(TransferLine { terms, product, quantity: positive(units)? })
    }
}

/// The transfer that lines of one reference ask for, at least one of them; or why they ask for none.
pub(super) fn order(
    reference: &Reference,
    lines: &[TransferLine],
) -> Result<TransferOrder, Reject> {
    let wrong = |reason: String| Reject::new("invalid-transfer", reason);
    let shown = reference.as_str();
    let [first, others @ ..] = lines else {
        return Err(wrong(format!("transfer {shown:?} has no lines")));
    };
    if others.iter().any(|line| line.terms != first.terms) {
        return Err(wrong(format!(
            "the lines of transfer {shown:?} name different stores, holds or reasons: give each transfer a reference of \
             its own"
        )));
    }
    if lines.len() > BASKET_LINES_MAX {
        return Err(wrong(format!(
            "transfer {shown:?} has {} lines, and {BASKET_LINES_MAX} are allowed: divide it",
            lines.len()
        )));
    }
    let Terms { source, destination, hold, reason } = first.terms.clone();
    Ok(TransferOrder {
        source: StoreRef::Id(source),
        destination: StoreRef::Id(destination),
        lines: lines.iter().map(|line| (ProductRef::Id(line.product), line.quantity)).collect(),
        hold,
        reference: Some(reference.clone()),
        reason,
    })
}
