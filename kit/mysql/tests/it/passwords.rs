//! A password that is changed while a store is open: connections from then on have what the file says.

use kit_core::Position;
use kit_event_store::EventLog as _;
use kit_mysql::migrate;
use kit_testkit::event_store::{append, commit, transaction};
use mysql_async::Conn;
use mysql_async::prelude::Queryable as _;

use crate::scratch::{Scratch, address, new_id, open_at};

async fn end_connections(superuser: &mut Conn, user: &str) -> usize {
    let sql = format!("SELECT id FROM information_schema.processlist WHERE user = '{user}'");
    let ids: Vec<u64> = superuser.query(sql).await.unwrap();
    for id in &ids {
        // one that has ended by itself since is as good
        let _ = superuser.query_drop(format!("KILL {id}")).await;
    }
    ids.len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs MariaDB: make test-services"]
async fn a_changed_password_is_read_without_a_restart() {
    let (scratch, folder) = (Scratch::new(), tempfile::tempdir().unwrap());
    migrate(&scratch.migrator(), new_id()).await.unwrap();
    let mut superuser = scratch.connect("GONDOLA_TEST_MYSQL_SUPERUSER").await;
    let user = format!("t{}", &scratch.name[scratch.name.len() - 12..]);
    for sql in [
        format!("CREATE USER '{user}' IDENTIFIED BY 'one'"),
        format!("GRANT ALL ON {}.* TO '{user}'", scratch.name),
        format!("GRANT PROCESS ON *.* TO '{user}'"),
    ] {
        superuser.query_drop(sql).await.unwrap();
    }
    let file = folder.path().join("password");
    std::fs::write(&file, "one\n").unwrap();
    let url = address("GONDOLA_TEST_MYSQL");
    let place = url.rsplit_once('@').unwrap().1.rsplit_once('/').unwrap().0;
    let url = format!("mysql://{user}@{place}/{}?password_file={}", scratch.name, file.display());
    let store = open_at(kit_mysql::Database::new(&url).unwrap()).await;
    commit(&store, transaction([append("a", 0, 1)])).await;
    superuser.query_drop(format!("ALTER USER '{user}' IDENTIFIED BY 'two'")).await.unwrap();
    commit(&store, transaction([append("a", 1, 1)])).await;

    assert!(end_connections(&mut superuser, &user).await >= 2);
    store.append(vec![transaction([append("b", 0, 1)])]).await.expect_err("the old one is wrong");
    std::fs::write(&file, "two\n").unwrap();
    commit(&store, transaction([append("b", 0, 1)])).await;
    assert_eq!(store.read_all(Position::ZERO, 10).await.unwrap().len(), 3);
    drop(store);
    superuser.query_drop(format!("DROP USER '{user}'")).await.unwrap();
}
