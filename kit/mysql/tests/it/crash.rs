//! The server is killed in the middle of load: nothing acknowledged is lost, and the store recovers by itself.

use std::sync::Arc;

use kit_testkit::shared_log::crash::{
    Server, ServerKind, a_killed_server_loses_nothing_acknowledged,
};
use uuid::Uuid;

use crate::scratch::open_at;

const KIND: ServerKind =
    ServerKind { name: "mariadb", port: "GONDOLA_MARIADB_PORT", settings: &[] };

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs MariaDB: make test-services"]
async fn a_server_that_is_killed_loses_nothing_that_was_acknowledged() {
    let server = Server::start(KIND).await;
    let database = |name| kit_mysql::Database::new(&server.url(name)).unwrap();
    kit_mysql::migrate(&database("GONDOLA_TEST_MYSQL_MIGRATOR"), Uuid::from_u128(1)).await.unwrap();
    let store = Arc::new(open_at(database("GONDOLA_TEST_MYSQL")).await);
    a_killed_server_loses_nothing_acknowledged(server, store).await;
}
