//! A limit of their own for reads that may go through a whole stream.
//!
//! All reads share the runtime's blocking threads. Some hundred looks far back would take all of them, and the shards
//! that load a stock level for a sale would wait behind them.

use std::sync::Arc;
use std::time::Duration;

use kit_event_store::EventStoreError;
use kit_service::ReadError;
use tokio::sync::Semaphore;

/// Most expensive reads at once: few enough that they never take a notable share of the blocking threads, or of memory.
const AT_ONCE_MAX: usize = 8;

/// Longest wait for a place.
const PLACE_WAIT: Duration = Duration::from_secs(2);

/// The places for expensive reads.
pub(super) struct ExpensiveReads {
    places: Arc<Semaphore>,
}

impl Default for ExpensiveReads {
    fn default() -> Self {
        Self { places: Arc::new(Semaphore::new(AT_ONCE_MAX)) }
    }
}

impl ExpensiveReads {
    /// Runs a read when there is a place for it, and gives up when there is none for two seconds.
    ///
    /// A read that has begun keeps its place until it ends, also when its caller leaves: the work goes on.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        read: impl Future<Output = Result<T, EventStoreError>> + Send + 'static,
    ) -> Result<T, ReadError> {
        let place = Arc::clone(&self.places).acquire_owned();
        let Ok(Ok(place)) = tokio::time::timeout(PLACE_WAIT, place).await else {
            return Err(ReadError::Busy);
        };
        let reading = tokio::spawn(async move {
            let _place = place;
            read.await
        });
        let read = reading.await;
        Ok(read.map_err(|error| EventStoreError::Unavailable(error.to_string()))??)
    }
}
