//! The lines of files that list suppliers.

use gondola_store::use_cases::{CatalogueService, CatalogueWrites, Registration, WriteError};
use gondola_store_domain::{
    Currency, LeadTime, Note, Supplier, SupplierChanges, SupplierCode, SupplierStatus,
};
use kit_core::Caller;

use super::contacts::contacts;
use super::{Fields, Given, Listed, said, set};
use crate::csv_file::{Column, CsvFile, Place, Row};
use crate::reject::Reject;
use crate::stock_lines::Dropped;

pub(super) const CODE: Column = Column {
    what: "supplier code",
    names: &["code", "supplier_code", "supplier", "vendor_code", "vendor", "vendor_number"],
};
const NAME: Column =
    Column { what: "supplier name", names: &["name", "supplier_name", "vendor_name"] };
const CONTACTS: Column = Column { what: "contacts", names: &["contacts"] };
pub(super) const LEAD_TIME: Column =
    Column { what: "lead time", names: &["lead_time_days", "lead_time"] };
const CURRENCY: Column = Column { what: "currency", names: &["currency"] };
const NOTE: Column = Column { what: "note", names: &["note", "notes"] };
const STATUS: Column = Column { what: "status", names: &["status"] };

/// Where the fields of a supplier are.
pub(crate) struct SupplierColumns {
    width: usize,
    code: Place,
    name: Place,
    contacts: Place,
    lead_time: Place,
    currency: Place,
    note: Place,
    status: Place,
}

impl Listed for Supplier {
    type Columns = SupplierColumns;

    fn find(csv_file: &CsvFile) -> anyhow::Result<SupplierColumns> {
        Ok(SupplierColumns {
            width: csv_file.width(),
            code: csv_file.require(&CODE)?,
            name: csv_file.find(&NAME),
            contacts: csv_file.find(&CONTACTS),
            lead_time: csv_file.find(&LEAD_TIME),
            currency: csv_file.find(&CURRENCY),
            note: csv_file.find(&NOTE),
            status: csv_file.find(&STATUS),
        })
    }

    fn read_row(
        columns: &SupplierColumns,
        row: &Row,
        given: &Given<'_>,
    ) -> Result<(Self, Dropped), Reject> {
        CsvFile::check_width(columns.width, row)?;
        let code = SupplierCode::new(row.required(columns.code, CODE.what)?);
        let code = code.map_err(|error| Reject::invalid(&error))?;
        let mut fields = Fields::of(row);
        let name = fields.name_or(columns.name, &NAME, code.as_str())?;
        let contacts = fields.read(columns.contacts, &CONTACTS, contacts)?;
        let currency = |text: &str| Currency::new(text).ok();
        let status = |text: &str| text.to_ascii_lowercase().parse::<SupplierStatus>().ok();
        let supplier = Self {
            contacts: contacts.unwrap_or_default(),
            lead_time: fields.read(columns.lead_time, &LEAD_TIME, lead_time)?,
            currency: fields
                .read(columns.currency, &CURRENCY, currency)?
                .or(given.defaults.currency),
            note: fields.read(columns.note, &NOTE, |text| Note::new(text).ok())?,
            status: fields.read(columns.status, &STATUS, status)?.unwrap_or_default(),
            ..Self::new(code, name)
        };
        Ok((supplier, fields.dropped))
    }

    fn entries(writes: &CatalogueWrites) -> &CatalogueService<Self> {
        writes.suppliers()
    }

    fn changes(&self, columns: &SupplierColumns, row: &Row) -> SupplierChanges {
        SupplierChanges {
            name: said(row, columns.name, &self.name),
            contacts: said(row, columns.contacts, &self.contacts),
            lead_time: set(self.lead_time.as_ref()),
            currency: set(self.currency.as_ref()),
            note: set(self.note.as_ref()),
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
        writes.register_suppliers(entries, caller).await
    }
}

/// A whole number of days: a lead time has no thousands and no decimals.
pub(super) fn lead_time(days: &str) -> Option<LeadTime> {
    LeadTime::from_days(days.parse().ok()?).ok()
}
