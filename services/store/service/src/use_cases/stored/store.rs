//! How a store is stored.

use std::collections::BTreeMap;

use gondola_store_domain::{
    Address, InvalidOpeningHours, Label, Location, LongestHold, Name, OpeningHours, PostalCode,
    StatusReason, Store, StoreCode, StoreId,
};
use kit_core::TimeZone;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::contact::StoredContact;
use super::{Stored, Text, Unreadable, json, text};
use crate::use_cases::listing::LookUp;

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
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    status_reason: Option<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    time_zone: Option<Text<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    opening_hours: Option<BTreeMap<String, Vec<String>>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    contacts: Vec<StoredContact<'a>>,
}

/// Decimal degrees as text, so that no reader rounds them.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredLocation {
    latitude: String,
    longitude: String,
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
            code: text(self.code.as_str()),
            name: text(self.name.as_str()),
            region: text(self.region.as_str()),
            city: self.city.as_ref().map(|city| text(city.as_str())),
            address: self.address.as_ref().map(|address| text(address.as_str())),
            postal_code: self.postal_code.as_ref().map(|code| text(code.as_str())),
            location: self.location.map(|location| StoredLocation {
                latitude: location.latitude(),
                longitude: location.longitude(),
            }),
            kind: text(self.kind.as_str()),
            status: text(self.status.as_str()),
            longest_hold_seconds: self.longest_hold.map(|hold| hold.as_seconds().into()),
            status_reason: self.status_reason.as_ref().map(|reason| text(reason.as_str())),
            time_zone: self.time_zone.as_ref().map(|zone| text(zone.as_str())),
            opening_hours: self.opening_hours.as_ref().map(|hours| hours.entries().collect()),
            contacts: self.contacts.iter().map(StoredContact::of).collect(),
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
            status_reason: stored.status_reason.map(|text| StatusReason::new(&text)).transpose()?,
            longest_hold: stored.longest_hold_seconds.map(LongestHold::from_seconds).transpose()?,
            time_zone: stored.time_zone.map(|name| TimeZone::new(&name)).transpose()?,
            opening_hours: stored.opening_hours.as_ref().map(opening_hours).transpose()?,
            contacts: StoredContact::read_all(&stored.contacts)?,
        })
    }
}

fn opening_hours(
    stored: &BTreeMap<String, Vec<String>>,
) -> Result<OpeningHours, InvalidOpeningHours> {
    OpeningHours::new(stored.iter().map(|(day, spans)| (day.as_str(), spans.as_slice())))
}
