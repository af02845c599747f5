//! What all services share, so that a context writes only what is its own.
//!
//! * [`CommandError`], [`ReadError`]: failures other than a domain's refusals, and their problem bodies.
//! * [`ViewFreshness`]: waiting until a view shows what a caller has seen, and its health check.
//! * [`CopyAge`]: how old a copy is that the bus feeds.
//! * [`log_check()`]: the health check of a log.
//! * [`parking_check()`]: the health check of a follower that may park streams.
//! * [`holding()`]: a permit that stays with the work.
//! * [`Slice`]: a part of a list with where the next one begins, and the page that a caller gets of it.
//! * [`Module`]: a running context, as the composition root and the server see it.

mod copy_age;
mod errors;
mod freshness;
mod holding;
mod log_check;
mod module;
mod parked;
mod problems;
mod slice;

pub use copy_age::CopyAge;
pub use errors::{CommandError, ReadError};
pub use freshness::{STANDSTILL_MAX, ViewFreshness};
pub use holding::holding;
pub use log_check::log_check;
pub use module::Module;
pub use parked::parking_check;
pub use slice::Slice;
