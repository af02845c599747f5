//! Redis, one node or a cluster, as the cache that processes share, as a keeper of leases, and of rate limits.
//!
//! What must be decided with a write is decided in Lua on the server. Nothing waits for Redis at a start: connections are made
//! and made again behind the callers, who get an error meanwhile.

mod address;
mod cache;
mod leases;
mod limits;
mod subscription;

pub use address::{RedisAddress, RedisAddressError};
pub use cache::RedisCache;
pub use leases::RedisLeases;
pub use limits::RedisLimits;
