//! `gondola export`: what a data folder has, as files for other programs.

mod catalogue;
mod events;
mod formula_guard;
mod output;
mod replenishment;
mod stock;
mod table;
mod transfers;

pub use self::catalogue::{ExportedOffer, parents_first};
pub use self::events::{PersonalData, ReadPersonal, export_events};
pub use self::formula_guard::{guarded, unguarded};
pub use self::output::Output;
pub use self::replenishment::{ExportedReplenishment, NamedReplenishment};
pub use self::stock::{ExportedLevel, export_stock};
pub use self::table::{Exported, TableFormat, export_table, write_table};
pub use self::transfers::{Codes, ExportedTransferLine};
