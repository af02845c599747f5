//! Deletes claims that ended long ago.

use std::sync::Arc;
use std::time::Duration;

use kit_core::Clock;
use kit_event_store::EventStoreError;

use crate::reader::Reader;
use crate::rows::get;

/// Pause between two looks.
const INTERVAL: Duration = Duration::from_mins(1);

/// Claims deleted by one statement.
const AT_ONCE: i32 = 1_000;

/// Milliseconds after its end for which a claim is kept: by the clock of another process, which may be behind, it holds.
const KEPT_AFTER_END: i64 = 60 * 60 * 1_000;

/// Runs until it is aborted.
pub(crate) async fn purge(reader: Reader, clock: Arc<dyn Clock>) {
    loop {
        tokio::time::sleep(INTERVAL).await;
        let ended_before = clock.now().as_millis() - KEPT_AFTER_END;
        if let Err(error) = purge_before(&reader, ended_before).await {
            tracing::warn!(%error, "claims_not_purged");
        }
    }
}

/// Deletes the claims that ended before a moment; the answer is how many there were.
async fn purge_before(reader: &Reader, ended_before: i64) -> Result<i64, EventStoreError> {
    let mut purged = 0;
    loop {
        let rows = reader.query("SELECT purge_claims($1, $2)", &[&ended_before, &AT_ONCE]).await?;
        let some: i64 = rows.first().map_or(Ok(0), |row| get(row, 0))?;
        purged += some;
        if some < i64::from(AT_ONCE) {
            return Ok(purged);
        }
    }
}
