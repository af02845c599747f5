//! Deletes claims that ended.

use async_trait::async_trait;
use kit_core::Timestamp;
use kit_event_store::EventStoreError;
use kit_event_store::shared_log::ClaimPurge;

use crate::reader::Reader;

#[async_trait]
impl ClaimPurge for Reader {
    async fn purge_some(
        &self,
        ended_before: Timestamp,
        at_most: u32,
    ) -> Result<u64, EventStoreError> {
        let ended_before = ended_before.as_millis();
        let sql = format!(
            "DELETE FROM claims WHERE expires_at < {ended_before} ORDER BY expires_at LIMIT {at_most}"
        );
        self.execute(&sql).await.map(|answer| answer.changed)
    }
}
