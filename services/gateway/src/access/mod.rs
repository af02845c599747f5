//! Who may do what: one table for all routes, and the guard that holds callers to it.

mod guard;
mod openapi;
mod table;

pub use guard::AccessGuard;
pub(crate) use openapi::document_access;
pub(crate) use table::rate_class;
pub use table::{ACCESS, Access, RouteAccess, access};
