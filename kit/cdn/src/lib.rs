//! Purges what caches in front of the servers keep, as the log tells that it has changed.
//!
//! * [`port`]: what a cache must do; [`HttpEdgeCache`] does it with Varnish, and where `Surrogate-Key` is understood.
//! * [`Purger`]: from the log of a context to one cache, in one process at a time.
//! * [`Edge`]: what a context is given of all this: how its answers are marked, and who is purged.

mod address;
mod edge;
mod http_cache;
mod metrics;
pub mod port;
mod purger;
mod repeat;

pub use address::{InvalidPurgeToken, InvalidPurgeUrl, PurgeToken, PurgeUrl};
pub use edge::{Edge, PurgerDeps};
pub use http_cache::HttpEdgeCache;
pub use port::{EdgeCache, PurgeError};
pub use purger::{Purger, PurgerConfig};
