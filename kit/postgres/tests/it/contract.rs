//! The suite that every event store passes, on PostgreSQL.

use std::sync::Arc;

use async_trait::async_trait;
use kit_event_store::EventStore;
use kit_testkit::event_store::Subject;
use kit_testkit::event_store_contract;

use crate::scratch::Scratch;

#[async_trait]
impl Subject for Scratch {
    async fn open(&self) -> Arc<dyn EventStore> {
        Arc::new(Self::open(self).await)
    }

    fn durable(&self) -> bool {
        true
    }
}

event_store_contract!(
    postgres,
    Scratch::new(),
    #[ignore = "needs PostgreSQL: make test-services"]
);
