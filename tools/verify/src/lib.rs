//! `gondola verify`: reads the whole log with a checker of its own and proves that the product kept its promises.
//!
//! The checker shares no rule, no type and no code with the product, so that a fault in those does not hide itself: this
//! crate depends on no other of ours. `I1` to `I6` and `I8` are the invariants of the design notes; `I7` is about what
//! came over a bus, which no log tells. It only reads: neither a log nor views are locked, repaired or changed, and a server
//! may be running.

mod acked;
mod check;
mod checker;
mod checksum;
mod claims;
mod entry;
mod facts;
mod failure;
mod grouped;
mod index;
mod journal;
mod ledger;
mod level;
mod lines;
#[cfg(feature = "mysql")]
mod mysql_log;
mod payload;
#[cfg(feature = "postgres")]
mod postgres_log;
#[cfg(feature = "postgres")]
mod postgres_views;
mod progress;
mod report;
mod row;
mod sagas;
mod source;
mod sqlite_log;
mod sqlite_views;
#[cfg(any(feature = "mysql", feature = "postgres"))]
mod stream_names;
#[cfg(test)]
mod tests;
mod transactions;
mod transfers;
mod views;

pub use self::acked::{Acknowledged, FORMAT as ACKED_FORMAT};
pub use self::check::{Options, Reports, check};
pub use self::entry::{Invariant, Violation};
pub use self::failure::Failure;
pub use self::index::ComparedIndex;
pub use self::ledger::Units;
pub use self::lines::Counts;
pub use self::progress::Told;
pub use self::report::Report;
pub use self::sagas::{SagaCounts, SagasFound};
pub use self::source::Logs;
pub use self::sqlite_views::find as find_views;
pub use self::transfers::InTransit;
pub use self::views::{Compared, ViewsAt};
