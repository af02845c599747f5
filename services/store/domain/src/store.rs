//! The store: a place that holds stock.

use crate::change::replace;
use crate::word::words;
use crate::{Address, Change, Label, Location, Name, PostalCode, Refusal, StoreCode, StoreId};

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

/// A command that changes one store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreCommand {
    /// Add a store to the chain, as given.
    RegisterStore(Store),
    /// Change a part of what is known of a store.
    UpdateStore(UpdateStore),
}

/// Change a part of what is known of a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateStore {
    /// Id of the store.
    pub store_id: StoreId,
    /// What to change.
    pub changes: StoreChanges,
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
}

/// What happened to a store, with the whole store as it was afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreEvent {
    /// It joined the chain.
    StoreRegisteredEvent(Store),
    /// Something about it changed.
    StoreUpdatedEvent(Store),
}

impl StoreEvent {
    /// The name of the event in the log.
    pub const fn event_type(&self) -> &'static str {
        match self {
            Self::StoreRegisteredEvent(_) => "StoreRegisteredEvent",
            Self::StoreUpdatedEvent(_) => "StoreUpdatedEvent",
        }
    }

    /// The store after the event.
    pub const fn store(&self) -> &Store {
        match self {
            Self::StoreRegisteredEvent(store) | Self::StoreUpdatedEvent(store) => store,
        }
    }
}

/// What a command does to a store; `state` is `None` when it is not registered.
///
/// No event at all means that the update changes nothing: answer with the present state, append nothing.
pub fn decide(state: Option<&Store>, command: &StoreCommand) -> Result<Vec<StoreEvent>, Refusal> {
    match command {
        StoreCommand::RegisterStore(store) => register(state, store),
        StoreCommand::UpdateStore(update) => self::update(state, update),
    }
}

/// The store after an event; never fails, whatever the history.
#[must_use]
pub fn evolve(_state: Option<Store>, event: &StoreEvent) -> Option<Store> {
    Some(event.store().clone())
}

fn register(state: Option<&Store>, store: &Store) -> Result<Vec<StoreEvent>, Refusal> {
    match state {
        None => Ok(vec![StoreEvent::StoreRegisteredEvent(store.clone())]),
        Some(Store { store_id, code, .. }) => {
            Err(Refusal::StoreAlreadyRegistered { store_id: *store_id, code: code.clone() })
        }
    }
}

fn update(state: Option<&Store>, update: &UpdateStore) -> Result<Vec<StoreEvent>, Refusal> {
    let before = state.ok_or(Refusal::StoreNotFound { store_id: update.store_id })?;
    let after = update.changes.apply(before.clone());
    Ok(if after == *before { vec![] } else { vec![StoreEvent::StoreUpdatedEvent(after)] })
}

impl StoreChanges {
    fn apply(&self, mut store: Store) -> Store {
        replace(&mut store.name, self.name.as_ref());
        replace(&mut store.region, self.region.as_ref());
        self.city.apply(&mut store.city);
        self.address.apply(&mut store.address);
        self.postal_code.apply(&mut store.postal_code);
        self.location.apply(&mut store.location);
        replace(&mut store.kind, self.kind.as_ref());
        replace(&mut store.status, self.status.as_ref());
        store
    }
}
