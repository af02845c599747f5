//! A password that is changed while a database is in use: connections from then on have what the file says.

use kit_mysql::{Database, incarnation};
use mysql_async::prelude::Queryable as _;

use crate::scratch::{Scratch, address};

/// Who has the right password and may see nothing is told that there are no tables, who has a wrong one of the password.
async fn is_let_in(database: &Database) -> bool {
    let told = incarnation(database).await.unwrap_err().to_string();
    let wrong = told.contains("using password: YES");
    assert!(wrong != told.contains("migrations"), "{told}");
    !wrong
}

#[tokio::test]
#[ignore = "needs MariaDB: make test-services"]
async fn a_changed_password_is_read_without_a_restart() {
    let (scratch, folder) = (Scratch::new(), tempfile::tempdir().unwrap());
    kit_mysql::migrate(&scratch.migrator(), crate::scratch::new_id()).await.unwrap();
    let mut superuser = scratch.connect("GONDOLA_TEST_MYSQL_SUPERUSER").await;
    let user = format!("t{}", &scratch.name[scratch.name.len() - 12..]);
    superuser.query_drop(format!("CREATE USER '{user}' IDENTIFIED BY 'one'")).await.unwrap();
    let file = folder.path().join("password");
    std::fs::write(&file, "one\n").unwrap();
    let url = address("GONDOLA_TEST_MYSQL");
    let place = url.rsplit_once('@').unwrap().1.rsplit_once('/').unwrap().0;
    let url =
        format!("mysql://{user}:no@{place}/{}?password_file={}", scratch.name, file.display());
    let database = Database::new(&url).unwrap();
    assert!(is_let_in(&database).await);
    superuser.query_drop(format!("ALTER USER '{user}' IDENTIFIED BY 'two'")).await.unwrap();
    assert!(!is_let_in(&database).await, "the file has the old one");
    std::fs::write(&file, "two\n").unwrap();
    assert!(is_let_in(&database).await);
    superuser.query_drop(format!("DROP USER '{user}'")).await.unwrap();
}
