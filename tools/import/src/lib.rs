//! `gondola import`: stores, products, stock, counts, transfers and sales from CSV files, JSON lines and workbooks, into the services of a running process.
//!
//! A file is looked at as a whole before the first of its lines is booked. An interrupted import continues when it is run
//! again, and a completed one does nothing: the file is known by its SHA-256 and its place, its progress is kept in the
//! data folder, and what lies between the last checkpoint and the interruption is found in the log itself.

mod account;
mod baskets;
mod booked;
mod catalogue;
mod catalogue_import;
mod checkpoint;
mod csv_file;
mod deterministic_ids;
mod earlier_run;
mod engine;
mod feed;
mod fields;
mod format;
mod identity;
mod input;
mod job;
mod kind;
mod line_ledger;
mod movement;
mod names;
mod ndjson;
mod older_log;
mod past_decision;
mod prescan;
mod progress;
mod quantity;
mod reading;
mod recovery_scan;
mod register;
mod reject;
mod reject_file;
mod rejects;
mod request;
mod sale_lines;
mod sales;
mod services;
mod stock;
mod stock_lines;
#[cfg(test)]
mod tests;
mod transfer_lines;
mod transfers;
mod xlsx;

pub use self::account::{Account, FieldChange, Observer, Outcome, Warning};
pub use self::catalogue::Defaults;
pub use self::catalogue_import::CatalogueImport;
pub use self::checkpoint::CheckpointFolder;
pub use self::csv_file::identify;
pub use self::format::dates::DateOrder;
pub use self::format::measure::Units;
pub use self::format::moments::{TimeOfDay, Zone};
pub use self::format::numbers::DecimalSign;
pub use self::format::text::{Encoding, check_unpacked};
pub use self::identity::ImportedBefore;
pub use self::input::{Input, Rejected};
pub use self::names::Names;
pub use self::older_log::{ToRepeat, accept_older_log, check_log};
pub use self::reading::ReadingOptions;
pub use self::request::{FileKind, ImportRequest, OpenImport, UnknownKind};
pub use self::sales::{SalesImport, SalesOptions, derive_stock};
pub use self::services::{Author, Services};
pub use self::stock::StockImport;
pub use self::transfers::TransferImport;
