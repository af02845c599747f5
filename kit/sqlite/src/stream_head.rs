//! The end of a stream, and the short name under which the index keeps it.

use kit_core::{Position, StreamId, Version};
use sha2::{Digest, Sha256};

/// A stream's name in 128 bits of SHA-256, so that an index row is small and a caller cannot choose names that collide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct StreamKey([u8; 16]);

impl StreamKey {
    pub(crate) fn of(stream: &StreamId) -> Self {
        let digest = Sha256::digest(stream.as_str());
        let mut key = [0; 16];
        key.copy_from_slice(&digest[..16]);
        Self(key)
    }

    pub(crate) fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// The end of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StreamHead {
    /// The stream's number: the position of its first event.
    pub(crate) stream: Position,
    /// How many events it has.
    pub(crate) version: Version,
    /// The position of the last one.
    pub(crate) position: Position,
}
