//! The suites that every event store and every log on a server passes, on MySQL.

use std::sync::Arc;

use async_trait::async_trait;
use kit_event_store::EventStore;
use kit_testkit::event_store::Subject;
use kit_testkit::shared_log::{Cut, Gate, SharedSubject, cutting};
use kit_testkit::{event_store_contract, shared_log_contract};
use mysql_async::prelude::Queryable as _;

use crate::gate::MysqlGate;
use crate::scratch::{Scratch, address, open_at};

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
        let url = cutting(&address("GONDOLA_TEST_MYSQL"), cut).await;
        Arc::new(open_at(self.at(&url)).await)
    }

    async fn close_gate(&self) -> Box<dyn Gate> {
        Box::new(MysqlGate::closed(self).await)
    }

    async fn open_transactions(&self) -> u64 {
        let sql = format!(
            "SELECT COUNT(*) FROM information_schema.innodb_trx t \
             JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id WHERE p.db = '{}'",
            self.name
        );
        let mut superuser = self.connect("GONDOLA_TEST_MYSQL_SUPERUSER").await;
        superuser.query_first(sql).await.unwrap().unwrap_or_default()
    }
}

event_store_contract!(mysql, Scratch::new(), #[ignore = "needs MariaDB: make test-services"]);

shared_log_contract!(shared, Scratch::new(), #[ignore = "needs MariaDB: make test-services"]);
