//! Use cases of the store context: commands and lookups by name go to the executor, lists and searches to a view.

mod catalogue;
mod decider;
mod entries;
mod errors;
mod event_codec;
mod listing;
mod look_ups;
mod named;
mod offers;
mod parked_stock;
mod stock;
mod stored;
mod tree;
mod uniqueness;

pub use catalogue::{CatalogueWrites, Registration};
pub use decider::{CatalogueCommand, CatalogueDecider, CatalogueRefusal, Entry};
pub use entries::{CatalogueDeps, CatalogueService, Written};
pub use errors::WriteError;
pub use event_codec::{CatalogueEvent, SCHEMA_VERSION, decode_event, encode_event};
pub use listing::{
    CatalogueReadModel, InvalidSearch, ListQuery, Listing, LookUp, Nearby, Search, Users,
};
pub use look_ups::{CatalogueLookUps, FoundEntries, OfferOfSupplier};
pub use named::Named;
pub use parked_stock::{DrainedStock, ParkedStock, StockFeedEnded};
pub use stock::{KnownStock, StockLevel, StockQuery, StoreStock};
pub use stored::{Stored, Unreadable};
