//! Adapters of the store context: the view in SQLite, the relay to the bus, what of it caches in front of the servers must
//! forget, and the copy of stock that the bus feeds.

mod purges;
mod relay;
mod sqlite_read;
mod sqlite_view;
mod stock_copy;
mod untold_stock;

pub(crate) use purges::purger_config;
pub use relay::catalogue_news;
pub(crate) use relay::catalogue_relay;
pub(crate) use sqlite_read::SqliteCatalogueReadModel;
pub(crate) use sqlite_view::open_catalogue_view;
pub(crate) use stock_copy::{StockCopy, StockCopyError};
pub(crate) use untold_stock::UntoldStock;
