//! What the copy of the catalogue could not read, and how it goes on.

use async_trait::async_trait;

/// Messages about stores and products that are kept until they can be read.
#[async_trait]
pub trait ParkedNames: Send + Sync {
    /// Reads them once more, those of each store and product in order. One that still cannot be read keeps its store or
    /// product parked, or is dropped.
    async fn drain(&self, drop_unreadable: bool) -> Result<DrainedNames, CatalogueFeedEnded>;
}

/// What a drain has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DrainedNames {
    /// Messages that were read.
    pub handled: usize,
    /// Messages that were passed over.
    pub dropped: usize,
    /// Stores and products that are parked still.
    pub parked: usize,
}

/// The process is about to end.
#[derive(Debug, thiserror::Error)]
#[error("the catalogue is not followed any more")]
pub struct CatalogueFeedEnded;
