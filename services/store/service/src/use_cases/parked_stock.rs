//! The port to what is known of stock and could not be read.

use async_trait::async_trait;

/// Messages about stock levels that are kept until they can be read.
#[async_trait]
pub trait ParkedStock: Send + Sync {
    /// Reads them once more, those of each stock level in order. One that still cannot be read keeps its level parked, or is
    /// dropped.
    async fn drain(&self, drop_unreadable: bool) -> Result<DrainedStock, StockFeedEnded>;
}

/// What a drain has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DrainedStock {
    /// Messages that were read.
    pub handled: usize,
    /// Messages that were passed over.
    pub dropped: usize,
    /// Stock levels that are parked still.
    pub parked: usize,
}

/// The process is about to end.
#[derive(Debug, thiserror::Error)]
#[error("the news of stock is not followed any more")]
pub struct StockFeedEnded;
