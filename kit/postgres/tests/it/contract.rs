//! The suites that every event store and every log on a server passes, on PostgreSQL.

use std::sync::Arc;

use async_trait::async_trait;
use kit_event_store::EventStore;
use kit_testkit::event_store::Subject;
use kit_testkit::shared_log::{Cut, Gate, SharedSubject, cutting};
use kit_testkit::{event_store_contract, shared_log_contract};

use crate::gate::PostgresGate;
use crate::scratch::{Scratch, address, connect, open_at};

#[async_trait]
impl Subject for Scratch {
    async fn open(&self) -> Arc<dyn EventStore> {
        Arc::new(Self::open(self).await)
    }

    fn durable(&self) -> bool {
        true
    }
}

#[async_trait]
impl SharedSubject for Scratch {
    async fn open_another(&self) -> Arc<dyn EventStore> {
        Arc::new(Self::open(self).await)
    }

    async fn open_cut(&self, cut: Cut) -> Arc<dyn EventStore> {
        let url = cutting(&address("GONDOLA_TEST_POSTGRES"), cut).await;
        Arc::new(open_at(self.database_at(&url)).await)
    }

    async fn close_gate(&self) -> Box<dyn Gate> {
        Box::new(PostgresGate::closed(self).await)
    }

    async fn open_transactions(&self) -> u64 {
        let superuser = connect(&address("GONDOLA_TEST_POSTGRES_SUPERUSER"), &self.schema).await;
        let sql = "SELECT count(*) FROM pg_stat_activity \
            WHERE application_name = current_schema() AND xact_start IS NOT NULL";
        let open: i64 = superuser.query_one(sql, &[]).await.unwrap().get(0);
        u64::try_from(open).unwrap()
    }
}

event_store_contract!(
    postgres,
    Scratch::new(),
    #[ignore = "needs PostgreSQL: make test-services"]
);

shared_log_contract!(
    shared,
    Scratch::new(),
    #[ignore = "needs PostgreSQL: make test-services"]
);
