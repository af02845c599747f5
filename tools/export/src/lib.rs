//! `gondola export`: what a data folder has, as files for other programs.

mod catalogue;
mod events;
mod formula_guard;
mod output;
mod stock;

pub use self::catalogue::{
    CatalogueFormat, Exported, ExportedOffer, export_catalogue, parents_first,
};
pub use self::events::{PersonalData, ReadPersonal, export_events};
pub use self::formula_guard::{guarded, unguarded};
pub use self::output::Output;
pub use self::stock::export_stock;
