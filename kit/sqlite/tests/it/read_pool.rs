//! Reading views: what fails for lack of something is told from what fails for good.

use std::sync::Arc;

use kit_event_store::projection::ViewReadError;
use kit_sqlite::ReadPool;
use rusqlite::{Connection, Error, ffi};
use tempfile::TempDir;

#[tokio::test]
async fn a_failed_read_says_whether_to_try_again() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("view.db");
    let none = Arc::new(ReadPool::new(path.clone())).read(|_| Ok(())).await;
    assert!(matches!(none, Err(ViewReadError::Unavailable(_))), "no such file: {none:?}");

    Connection::open(&path).unwrap().execute_batch("CREATE TABLE seen (name TEXT)").unwrap();
    let pool = Arc::new(ReadPool::new(path));
    let count = |file: &Connection| {
        file.query_row("SELECT count(*) FROM seen", [], |row| row.get::<_, u32>(0))
    };
    assert_eq!(Arc::clone(&pool).read(count).await.unwrap(), 0);
    let busy = |_: &Connection| Err(Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_BUSY), None));
    let busy: Result<(), _> = Arc::clone(&pool).read(busy).await;
    assert!(matches!(busy, Err(ViewReadError::Unavailable(_))), "{busy:?}");
    let wrong = Arc::clone(&pool).read(|file| file.execute_batch("SELECT * FROM nothing")).await;
    assert!(matches!(wrong, Err(ViewReadError::Failed(_))), "{wrong:?}");
    let panicked: Result<(), _> = Arc::clone(&pool).read(|_| panic!("on purpose")).await;
    assert!(matches!(panicked, Err(ViewReadError::Failed(_))), "{panicked:?}");
    assert_eq!(pool.read(count).await.unwrap(), 0, "others read on");
}
