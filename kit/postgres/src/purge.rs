//! Deletes claims that ended.

use async_trait::async_trait;
use kit_core::Timestamp;
use kit_event_store::EventStoreError;
use kit_event_store::shared_log::ClaimPurge;

use crate::reader::Reader;
use crate::rows::get;

#[async_trait]
impl ClaimPurge for Reader {
    async fn purge_some(
        &self,
        ended_before: Timestamp,
        at_most: u32,
    ) -> Result<u64, EventStoreError> {
        let at_most = i32::try_from(at_most).unwrap_or(i32::MAX);
        let sql = "SELECT purge_claims($1, $2)";
        let rows = self.query(sql, &[&ended_before.as_millis(), &at_most]).await?;
        let purged: i64 = rows.first().map_or(Ok(0), |row| get(row, 0))?;
        Ok(u64::try_from(purged).unwrap_or_default())
    }
}
