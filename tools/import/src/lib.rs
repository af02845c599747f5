//! `gondola import`: stores, products, stock, counts and sales from CSV files, into the services of a running process.
//!
//! An interrupted import continues when it is run again, and a completed one does nothing: the file is known by its
//! SHA-256, its progress is kept in the data folder, and what lies between the last checkpoint and the interruption is
//! found in the log itself.

mod catalogue;
mod catalogue_import;
mod checkpoint;
mod csv_file;
mod deterministic_ids;
mod engine;
mod fields;
mod input;
mod movement;
mod names;
mod prescan;
mod progress;
mod recovery_scan;
mod register;
mod reject;
mod reject_file;
mod sales;
mod services;
mod stock;
mod stock_lines;
#[cfg(test)]
mod tests;

pub use self::catalogue::Defaults;
pub use self::catalogue_import::CatalogueImport;
pub use self::checkpoint::CheckpointFolder;
pub use self::input::Input;
pub use self::names::Names;
pub use self::sales::{SalesImport, SalesOptions, derive_stock};
pub use self::services::Services;
pub use self::stock::StockImport;
