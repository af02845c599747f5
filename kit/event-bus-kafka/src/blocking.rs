//! Calls of the client that wait for the brokers, where they keep nobody else from running.

use kit_event_bus::BusError;
use rdkafka::error::{KafkaError, KafkaResult};
use tokio::task::spawn_blocking;

/// Makes a call on a thread for it.
pub(crate) async fn blocking<T: Send + 'static>(
    call: impl FnOnce() -> KafkaResult<T> + Send + 'static,
) -> Result<T, BusError> {
    let made = spawn_blocking(call).await;
    made.map_err(|error| BusError::Unavailable(error.to_string()))?.map_err(unavailable)
}

/// As the callers of the bus know it: all of it may go better the next time.
#[expect(clippy::needless_pass_by_value, reason = "it is what map_err wants")]
pub(crate) fn unavailable(error: KafkaError) -> BusError {
    BusError::Unavailable(error.to_string())
}
