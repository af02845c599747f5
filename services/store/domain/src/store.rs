//! The store: a place that holds stock.

use kit_core::TimeZone;

use crate::change::replace;
use crate::word::words;
use crate::{
    Address, Aggregate, Change, Contact, Label, Location, LongestHold, Name, OpeningHours,
    PostalCode, StatusReason, StoreCode, StoreId,
};

#[cfg(test)]
mod tests;

/// A store as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    /// Which store; never changes.
    pub store_id: StoreId,
    /// What the chain calls it; never changes, and no other store has it.
    pub code: StoreCode,
    /// Its name for people.
    pub name: Name,
    /// State, province or sales region.
    pub region: Label,
    /// City or town.
    pub city: Option<Label>,
    /// Street and number.
    pub address: Option<Address>,
    /// Postal code.
    pub postal_code: Option<PostalCode>,
    /// Where it is on the map.
    pub location: Option<Location>,
    /// What sort of place it is.
    pub kind: StoreKind,
    /// Whether it trades.
    pub status: StoreStatus,
    /// Why it has its status.
    pub status_reason: Option<StatusReason>,
    /// The longest time that a reservation may hold its stock; 24 hours when it does not say.
    pub longest_hold: Option<LongestHold>,
    /// The zone of its clocks.
    pub time_zone: Option<TimeZone>,
    /// When it is open, by its clocks.
    pub opening_hours: Option<OpeningHours>,
    /// Whom to call or write to, the first one first; at most [`Contact::COUNT_MAX`].
    pub contacts: Vec<Contact>,
}

impl Store {
    /// A shop in operation of which no more is known.
    #[must_use]
    pub const fn new(store_id: StoreId, code: StoreCode, name: Name, region: Label) -> Self {
        Self {
            store_id,
            code,
            name,
            region,
            city: None,
            address: None,
            postal_code: None,
            location: None,
            kind: StoreKind::Shop,
            status: StoreStatus::Active,
            status_reason: None,
            longest_hold: None,
            time_zone: None,
            opening_hours: None,
            contacts: Vec::new(),
        }
    }
}

words! {
    /// What sort of place a store is.
    StoreKind is "store kind" {
        /// Customers walk in.
        #[default]
        Shop = "shop",
        /// Supplies the shops.
        DistributionCentre = "distribution-centre",
        /// Sorts and sends on what goes between stores.
        Hub = "hub",
        /// Moves goods from one lorry to the next, and keeps none.
        CrossDocking = "cross-docking",
        /// Customers fetch there what they have ordered.
        PickUpPoint = "pick-up-point",
        /// Picks orders, and no customer walks in.
        DarkStore = "dark-store",
    }
}

words! {
    /// Whether a store trades.
    StoreStatus is "store status" {
        /// The store is in operation.
        #[default]
        Active = "active",
        /// It does not; it may open again.
        Closed = "closed",
        /// It does not for a while, since it is being worked on.
        Maintenance = "maintenance",
    }
}

/// The fields to change; the default changes nothing. The code is not among them: tills and labels carry it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoreChanges {
    /// New name, if any.
    pub name: Option<Name>,
    /// New region, if any.
    pub region: Option<Label>,
    /// What to do to the city.
    pub city: Change<Label>,
    /// What to do to the address.
    pub address: Change<Address>,
    /// What to do to the postal code.
    pub postal_code: Change<PostalCode>,
    /// What to do to the location.
    pub location: Change<Location>,
    /// New kind, if any.
    pub kind: Option<StoreKind>,
    /// New status, if any. Another one ends the reason of the one before.
    pub status: Option<StoreStatus>,
    /// What to do to the reason of the status.
    pub status_reason: Change<StatusReason>,
    /// What to do to the longest time that a reservation may hold its stock.
    pub longest_hold: Change<LongestHold>,
    /// What to do to the time zone.
    pub time_zone: Change<TimeZone>,
    /// What to do to the opening hours.
    pub opening_hours: Change<OpeningHours>,
    /// All contacts from now on, if they change.
    pub contacts: Option<Vec<Contact>>,
}

impl Aggregate for Store {
    type Id = StoreId;
    type Code = StoreCode;
    type Changes = StoreChanges;

    const NOUN: &'static str = "store";
    const CODE_NOUN: &'static str = "code";
    const REGISTERED: &'static str = "StoreRegisteredEvent";
    const UPDATED: &'static str = "StoreUpdatedEvent";
    const ALREADY_REGISTERED_CODE: &'static str = "store-already-registered";
    const NOT_FOUND_CODE: &'static str = "store-not-found";

    fn id(&self) -> StoreId {
        self.store_id
    }

    fn code(&self) -> &StoreCode {
        &self.code
    }

    fn apply(mut self, changes: &StoreChanges) -> Self {
        replace(&mut self.name, changes.name.as_ref());
        replace(&mut self.region, changes.region.as_ref());
        changes.city.apply(&mut self.city);
        changes.address.apply(&mut self.address);
        changes.postal_code.apply(&mut self.postal_code);
        changes.location.apply(&mut self.location);
        replace(&mut self.kind, changes.kind.as_ref());
        if changes.status.is_some_and(|status| status != self.status) {
            self.status_reason = None;
        }
        replace(&mut self.status, changes.status.as_ref());
        changes.status_reason.apply(&mut self.status_reason);
        changes.longest_hold.apply(&mut self.longest_hold);
        changes.time_zone.apply(&mut self.time_zone);
        changes.opening_hours.apply(&mut self.opening_hours);
        replace(&mut self.contacts, changes.contacts.as_ref());
        self
    }
}
