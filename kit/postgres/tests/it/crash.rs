//! The server is killed in the middle of load: nothing acknowledged is lost, and the store recovers by itself.

use std::sync::Arc;

use kit_testkit::shared_log::crash::{
    Server, ServerKind, a_killed_server_loses_nothing_acknowledged,
};
use uuid::Uuid;

use crate::scratch::open_at;

const KIND: ServerKind = ServerKind {
    name: "postgres",
    port: "GONDOLA_POSTGRES_PORT",
    settings: &[("GONDOLA_POSTGRES_REPLICA", "no")],
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: make test-services"]
async fn a_server_that_is_killed_loses_nothing_that_was_acknowledged() {
    let server = Server::start(KIND).await;
    let database = |name| kit_postgres::Database::new(&server.url(name), "crash", "test").unwrap();
    kit_postgres::migrate(&database("GONDOLA_TEST_POSTGRES_MIGRATOR"), Uuid::from_u128(1))
        .await
        .unwrap();
    let store = Arc::new(open_at(database("GONDOLA_TEST_POSTGRES")).await);
    a_killed_server_loses_nothing_acknowledged(server, store).await;
}
