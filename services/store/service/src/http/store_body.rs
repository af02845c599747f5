//! Bodies about stores: what callers send and see.

use gondola_contracts::surrogate_keys;
use gondola_store_domain::{
    Address, Label, LongestHold, Name, PostalCode, StatusReason, Store, StoreChanges, StoreCode,
    StoreId,
};
use kit_core::TimeZone;
use kit_http::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::patch::{Patch, field};
use super::store_parts::{
    ContactBody, LocationBody, OpeningHoursBody, StoreKindWord, StoreStatusWord,
};
use super::{PublicResource, Resource};
use crate::use_cases::Entry;

/// A store to add to the chain.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RegisterStore {
    /// Its id, if the caller chooses it; a new one otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "11111111-1111-1111-1111-111111111111")]
    store_id: Option<Uuid>,
    /// What the chain calls it: unique, and never changes. Not a UUID.
    #[schema(min_length = 1, max_length = 64, example = "SP-PAULISTA")]
    code: String,
    /// Its name for people.
    #[schema(min_length = 1, max_length = 200, example = "Avenida Paulista")]
    name: String,
    /// State, province or sales region.
    #[schema(min_length = 1, max_length = 100, example = "SP")]
    region: String,
    /// City or town.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100, example = "São Paulo")]
    city: Option<String>,
    /// Street and number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 300, example = "Avenida Paulista, 1578")]
    address: Option<String>,
    /// Postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 16, example = "01310-200")]
    postal_code: Option<String>,
    /// Where it is on the map.
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<LocationBody>,
    /// What sort of place it is; a shop when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<StoreKindWord>,
    /// Whether it trades; it does when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<StoreStatusWord>,
    /// Why it has its status.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    status_reason: Option<String>,
    /// The longest time that a reservation may hold its stock, in seconds, up to 90 days; 24 hours when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 300, maximum = 7_776_000, example = 86_400)]
    longest_hold_seconds: Option<i64>,
    /// The zone of its clocks: a name of the IANA database.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "America/Sao_Paulo")]
    time_zone: Option<String>,
    /// When it is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    opening_hours: Option<OpeningHoursBody>,
    /// Whom to call or write to, the first one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    contacts: Vec<ContactBody>,
}

impl RegisterStore {
    /// The store, under `new_id` unless the caller chose one.
    pub(super) fn parse(&self, new_id: impl FnOnce() -> StoreId) -> Result<Store, Problem> {
        let city = self.city.as_deref().map(Label::new).transpose();
        let address = self.address.as_deref().map(Address::new).transpose();
        let postal_code = self.postal_code.as_deref().map(PostalCode::new).transpose();
        let location = self.location.as_ref().map(LocationBody::domain).transpose();
        let status_reason = self.status_reason.as_deref().map(StatusReason::new).transpose();
        let longest_hold = self.longest_hold_seconds.map(LongestHold::from_seconds).transpose();
        let time_zone = self.time_zone.as_deref().map(TimeZone::new).transpose();
        let opening_hours = self.opening_hours.as_ref().map(OpeningHoursBody::domain).transpose();
        Ok(Store {
            store_id: self.store_id.map_or_else(new_id, StoreId::from_uuid),
            code: field("code", StoreCode::new(&self.code))?,
            name: field("name", Name::new(&self.name))?,
            region: field("region", Label::new(&self.region))?,
            city: field("city", city)?,
            address: field("address", address)?,
            postal_code: field("postalCode", postal_code)?,
            location: field("location", location)?,
            kind: self.kind.map(StoreKindWord::domain).unwrap_or_default(),
            status: self.status.map(StoreStatusWord::domain).unwrap_or_default(),
            status_reason: field("statusReason", status_reason)?,
            longest_hold: field("longestHoldSeconds", longest_hold)?,
            time_zone: field("timeZone", time_zone)?,
            opening_hours: field("openingHours", opening_hours)?,
            contacts: field("contacts", ContactBody::all(&self.contacts))?,
        })
    }
}

/// What to change of a store (JSON merge patch): what is absent stays, null removes. The code never changes.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[derive(Default)]
pub(super) struct UpdateStore {
    /// Its name for people.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schema(value_type = String, required = false, max_length = 200, example = "Avenida Paulista, corner of Rua Augusta")]
    name: Patch<String>,
    /// State, province or sales region.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schema(value_type = String, required = false, max_length = 100, example = "SP")]
    region: Patch<String>,
    /// City or town.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schema(value_type = Option<String>, max_length = 100)]
    city: Patch<String>,
    /// Street and number.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schema(value_type = Option<String>, max_length = 300)]
    address: Patch<String>,
    /// Postal code.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schema(value_type = Option<String>, max_length = 16)]
    postal_code: Patch<String>,
    /// Where it is on the map.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schema(value_type = Option<LocationBody>)]
    location: Patch<LocationBody>,
    /// What sort of place it is.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schema(value_type = StoreKindWord, required = false)]
    kind: Patch<StoreKindWord>,
    /// Whether it trades.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schema(value_type = StoreStatusWord, required = false)]
    status: Patch<StoreStatusWord>,
    /// Why it has its status; another status without one ends the reason of before.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schema(value_type = Option<String>, max_length = 200)]
    status_reason: Patch<String>,
    /// The longest time that a reservation may hold its stock, in seconds; null is 24 hours.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schema(value_type = Option<i64>, minimum = 300, maximum = 7_776_000)]
    longest_hold_seconds: Patch<i64>,
    /// The zone of its clocks.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schema(value_type = Option<String>, example = "America/Sao_Paulo")]
    time_zone: Patch<String>,
    /// When it is open, all of it.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schema(value_type = Option<OpeningHoursBody>)]
    opening_hours: Patch<OpeningHoursBody>,
    /// Whom to call or write to, all of them.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schema(value_type = Vec<ContactBody>, required = false, max_items = 20)]
    contacts: Patch<Vec<ContactBody>>,
}

impl UpdateStore {
    pub(super) fn parse(&self) -> Result<StoreChanges, Problem> {
        Ok(StoreChanges {
            name: self.name.replace("name", |text| Name::new(text))?,
            region: self.region.replace("region", |text| Label::new(text))?,
            city: self.city.change("city", |text| Label::new(text))?,
            address: self.address.change("address", |text| Address::new(text))?,
            postal_code: self.postal_code.change("postalCode", |text| PostalCode::new(text))?,
            location: self.location.change("location", LocationBody::domain)?,
            kind: self.kind.replace("kind", |word| Ok::<_, Problem>(word.domain()))?,
            status: self.status.replace("status", |word| Ok::<_, Problem>(word.domain()))?,
            status_reason: self
                .status_reason
                .change("statusReason", |text| StatusReason::new(text))?,
            longest_hold: self
                .longest_hold_seconds
                .change("longestHoldSeconds", |seconds| LongestHold::from_seconds(*seconds))?,
            time_zone: self.time_zone.change("timeZone", |name| TimeZone::new(name))?,
            opening_hours: self.opening_hours.change("openingHours", OpeningHoursBody::domain)?,
            contacts: self.contacts.replace("contacts", |all| ContactBody::all(all))?,
        })
    }
}

/// A store of the chain.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Store)]
pub(super) struct StoreBody {
    /// Which store; never changes.
    #[schema(example = "11111111-1111-1111-1111-111111111111")]
    store_id: Uuid,
    /// What the chain calls it; unique, and never changes.
    #[schema(example = "SP-PAULISTA")]
    code: String,
    /// Its name for people.
    #[schema(example = "Avenida Paulista")]
    name: String,
    /// State, province or sales region.
    #[schema(example = "SP")]
    region: String,
    /// City or town.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "São Paulo")]
    city: Option<String>,
    /// Street and number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Avenida Paulista, 1578")]
    address: Option<String>,
    /// Postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "01310-200")]
    postal_code: Option<String>,
    /// Where it is on the map.
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<LocationBody>,
    /// What sort of place it is.
    kind: StoreKindWord,
    /// Whether it trades.
    status: StoreStatusWord,
    /// Why it has its status.
    #[serde(skip_serializing_if = "Option::is_none")]
    status_reason: Option<String>,
    /// The longest time that a reservation may hold its stock, in seconds; 24 hours when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    longest_hold_seconds: Option<u32>,
    /// The zone of its clocks: a name of the IANA database.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "America/Sao_Paulo")]
    time_zone: Option<String>,
    /// When it is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    opening_hours: Option<OpeningHoursBody>,
    /// Whom to call or write to, the first one first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    contacts: Vec<ContactBody>,
    /// In a list of stores near a place: how far it is from there, as the crow flies.
    #[serde(skip_serializing_if = "Option::is_none")]
    distance_metres: Option<u32>,
    /// How many changes it has had; also its `ETag`.
    #[schema(example = 1)]
    version: u64,
    /// After a change: its position in the catalogue's log, for `minPosition` of lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 42)]
    position: Option<u64>,
}

impl StoreBody {
    /// The store as a list of those near a place shows it.
    pub(super) fn at_distance(self, metres: u32) -> Self {
        Self { distance_metres: Some(metres), ..self }
    }
}

impl Resource for Store {
    type Body = StoreBody;

    const PATH: &'static str = "/api/v1/stores";
    const ORDER: &'static str = "stores by code";
    const ID_MEMBER: &'static str = "storeId";
    const CODE_MEMBER: &'static str = "storeCode";
    const ALREADY_REGISTERED: &'static str = "Store already registered";

    fn body(Entry { state, version }: &Entry<Self>, position: Option<u64>) -> StoreBody {
        StoreBody {
            store_id: state.store_id.as_uuid(),
            code: state.code.to_string(),
            name: state.name.to_string(),
            region: state.region.to_string(),
            city: state.city.as_ref().map(ToString::to_string),
            address: state.address.as_ref().map(ToString::to_string),
            postal_code: state.postal_code.as_ref().map(ToString::to_string),
            location: state.location.map(LocationBody::of),
            kind: StoreKindWord::of(state.kind),
            status: StoreStatusWord::of(state.status),
            status_reason: state.status_reason.as_ref().map(ToString::to_string),
            longest_hold_seconds: state.longest_hold.map(LongestHold::as_seconds),
            time_zone: state.time_zone.as_ref().map(ToString::to_string),
            opening_hours: state.opening_hours.as_ref().map(OpeningHoursBody::of),
            contacts: ContactBody::of_all(&state.contacts),
            distance_metres: None,
            version: version.get(),
            position,
        }
    }
}

impl PublicResource for Store {
    fn keys_of_one(&self) -> String {
        surrogate_keys::of_store(self.store_id.as_uuid())
    }

    fn keys_of_list() -> String {
        surrogate_keys::of_stores()
    }
}
