//! The store: a place that holds stock.

use crate::change::replace;
use crate::word::words;
use crate::{
    Address, Aggregate, Change, Label, Location, LongestHold, Name, PostalCode, StoreCode, StoreId,
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
    /// The longest time that a reservation may hold its stock; 24 hours when it does not say.
    pub longest_hold: Option<LongestHold>,
}

words! {
    /// What sort of place a store is.
    StoreKind is "store kind" {
        /// Customers walk in.
        #[default]
        Shop = "shop",
        /// Supplies the shops.
        DistributionCentre = "distribution-centre",
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
    /// New status, if any.
    pub status: Option<StoreStatus>,
    /// What to do to the longest time that a reservation may hold its stock.
    pub longest_hold: Change<LongestHold>,
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
        replace(&mut self.status, changes.status.as_ref());
        changes.longest_hold.apply(&mut self.longest_hold);
        self
    }
}
