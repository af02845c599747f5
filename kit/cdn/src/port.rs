//! The port of a cache in front of the servers: what an adapter must do.

use async_trait::async_trait;

/// A cache that keeps answers under surrogate keys.
#[async_trait]
pub trait EdgeCache: Send + Sync {
    /// What it is called in logs, metrics and names of tasks: where it is, at most [`NAME_LENGTH_MAX`] bytes.
    fn name(&self) -> &str;

    /// Expires all answers that have one of the keys: from its end on none of them is taken for fresh. What came into the
    /// cache later stays. Repeating it is harmless, and after an error it may or may not have happened.
    ///
    /// At most [`KEYS_MAX`] keys of at most 100 bytes each.
    async fn purge(&self, keys: &[String]) -> Result<(), PurgeError>;
}

/// Most keys of one purge: Varnish takes 8 KiB of a header, and Fastly 256 keys.
pub const KEYS_MAX: usize = 64;

/// Longest name of a cache, in bytes: it is a part of the name of a checkpoint, and stores keep 255 bytes of that.
pub const NAME_LENGTH_MAX: usize = 180;

/// A cache did not do what it was asked, with the reason in words, without secrets.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PurgeError(pub String);
