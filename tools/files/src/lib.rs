//! Files through a running server: imports as jobs with progress, whose rejected lines can be fetched, and exports.
//!
//! A file that was accepted is on the disk before the caller hears of it, and is imported once, whatever happens to the process
//! in between: what is not done is taken up at the next start. The lines are read by the same code as `gondola import` reads
//! them on a data folder.

mod export;
mod http;
mod imports;
mod job;
mod module;
mod options;

pub use export::{ExportKind, ExportRequest, Sink, Source};
pub use http::openapi;
pub use job::{FILE_BYTES_MAX, IMPORTED_BEFORE, TOO_MANY_REJECTED};
pub use module::{Config, Deps, module};
pub use options::{ImportOptions, InvalidOption};
