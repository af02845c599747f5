//! Adapters of the store context: the view in SQLite, and the relay to the bus.

mod relay;
mod sqlite_read;
mod sqlite_view;

pub(crate) use relay::catalogue_relay;
pub(crate) use sqlite_read::SqliteCatalogueReadModel;
pub(crate) use sqlite_view::{SqliteView, ViewError};
