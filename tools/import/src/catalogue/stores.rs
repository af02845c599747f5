//! The lines of files that list stores.

use gondola_store::use_cases::{CatalogueService, CatalogueWrites, Registration, WriteError};
use gondola_store_domain::{
    Address, Label, Location, LongestHold, PostalCode, StatusReason, Store, StoreChanges,
    StoreCode, StoreId, StoreStatus,
};
use kit_core::{Caller, TimeZone};

use super::contacts::contacts;
use super::{Fields, Given, Listed, own_id, said, set, store_id};
use crate::csv_file::{Column, CsvFile, Place, Row};
use crate::reject::Reject;
use crate::stock_lines::Dropped;

const CODE: Column =
    Column { what: "store code", names: &["code", "store_code", "store", "store_id"] };
const STORE_NAME: Column = Column { what: "store name", names: &["name", "store_name"] };
const ID: Column = Column { what: "store id", names: &["store_id"] };
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
const STATUS_REASON: Column = Column { what: "status reason", names: &["status_reason"] };
const LONGEST_HOLD: Column = Column { what: "longest hold", names: &["longest_hold_seconds"] };
const TIME_ZONE: Column = Column { what: "time zone", names: &["time_zone"] };
const OPENING_HOURS: Column = Column { what: "opening hours", names: &["opening_hours"] };
const CONTACTS: Column = Column { what: "contacts", names: &["contacts"] };

/// Where the fields of a store are.
pub(crate) struct StoreColumns {
    width: usize,
    id: Place,
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
    status_reason: Place,
    longest_hold: Place,
    time_zone: Place,
    opening_hours: Place,
    contacts: Place,
}

impl Listed for Store {
    type Columns = StoreColumns;

    fn find(csv_file: &CsvFile) -> anyhow::Result<StoreColumns> {
        let code = csv_file.require(&CODE)?;
        Ok(StoreColumns {
            width: csv_file.width(),
            // some call the code so
            id: csv_file.find(&ID).filter(|id| Some(*id) != code),
            code,
            name: csv_file.find(&STORE_NAME),
            city: csv_file.find(&CITY),
            region: csv_file.find(&REGION),
            latitude: csv_file.find(&LATITUDE),
            longitude: csv_file.find(&LONGITUDE),
            address: csv_file.find(&ADDRESS),
            postal_code: csv_file.find(&POSTAL_CODE),
            kind: csv_file.find(&KIND),
            status: csv_file.find(&STATUS),
            status_reason: csv_file.find(&STATUS_REASON),
            longest_hold: csv_file.find(&LONGEST_HOLD),
            time_zone: csv_file.find(&TIME_ZONE),
            opening_hours: csv_file.find(&OPENING_HOURS),
            contacts: csv_file.find(&CONTACTS),
        })
    }

    fn read_row(
        columns: &StoreColumns,
        row: &Row,
        given: &Given<'_>,
    ) -> Result<(Self, Dropped), Reject> {
        CsvFile::check_width(columns.width, row)?;
        let code = StoreCode::new(row.required(columns.code, CODE.what)?);
        let code = code.map_err(|error| Reject::invalid(&error))?;
        let mut fields = Fields::of(row);
        let name = fields.name_or(columns.name, &STORE_NAME, code.as_str())?;
        let region = fields.read(columns.region, &REGION, |text| Label::new(text).ok())?;
        let region = region.unwrap_or_else(|| given.defaults.region.clone());
        let id = own_id(row, columns.id)?.map_or_else(|| store_id(&code), StoreId::from_uuid);
        let store = Self::new(id, code, name, region);
        let store = with_place(store, columns, &mut fields)?;
        let store = with_operation(store, columns, &mut fields)?;
        Ok((store, fields.dropped))
    }

    fn entries(writes: &CatalogueWrites) -> &CatalogueService<Self> {
        writes.stores()
    }

    fn changes(&self, columns: &StoreColumns, row: &Row) -> StoreChanges {
        StoreChanges {
            name: said(row, columns.name, &self.name),
            region: said(row, columns.region, &self.region),
            city: set(self.city.as_ref()),
            address: set(self.address.as_ref()),
            postal_code: set(self.postal_code.as_ref()),
            location: set(self.location.as_ref()),
            kind: said(row, columns.kind, &self.kind),
            status: said(row, columns.status, &self.status),
            status_reason: set(self.status_reason.as_ref()),
            longest_hold: set(self.longest_hold.as_ref()),
            time_zone: set(self.time_zone.as_ref()),
            opening_hours: set(self.opening_hours.as_ref()),
            contacts: said(row, columns.contacts, &self.contacts),
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
        writes.register_stores(entries, caller).await
    }
}

/// A store with where it is.
fn with_place(
    store: Store,
    columns: &StoreColumns,
    fields: &mut Fields<'_>,
) -> Result<Store, Reject> {
    let longitude = fields.row.text(columns.longitude)?;
    let place = Column { what: "location", ..LATITUDE };
    Ok(Store {
        city: fields.read(columns.city, &CITY, |text| Label::new(text).ok())?,
        address: fields.read(columns.address, &ADDRESS, |text| Address::new(text).ok())?,
        postal_code: fields
            .read(columns.postal_code, &POSTAL_CODE, |text| PostalCode::new(text).ok())?,
        location: fields
            .read(columns.latitude, &place, |latitude| location(latitude, longitude))?,
        time_zone: fields.read(columns.time_zone, &TIME_ZONE, |text| TimeZone::new(text).ok())?,
        ..store
    })
}

/// A store with how it works.
fn with_operation(
    store: Store,
    columns: &StoreColumns,
    fields: &mut Fields<'_>,
) -> Result<Store, Reject> {
    let kind = fields.read(columns.kind, &KIND, |text| text.parse().ok())?;
    let status = fields.read(columns.status, &STATUS, store_status)?;
    let status_reason = |text: &str| StatusReason::new(text).ok();
    let contacts = fields.read(columns.contacts, &CONTACTS, contacts)?;
    Ok(Store {
        kind: kind.unwrap_or_default(),
        status: status.unwrap_or_default(),
        status_reason: fields.read(columns.status_reason, &STATUS_REASON, status_reason)?,
        longest_hold: fields.read(columns.longest_hold, &LONGEST_HOLD, longest_hold)?,
        opening_hours: fields
            .read(columns.opening_hours, &OPENING_HOURS, |text| text.parse().ok())?,
        contacts: contacts.unwrap_or_default(),
        ..store
    })
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

fn longest_hold(seconds: &str) -> Option<LongestHold> {
    LongestHold::from_seconds(seconds.parse().ok()?).ok()
}
