//! Keys of data subjects by the shared contract, each test in a database of its own.

use std::ops::Deref;

use kit_mysql::MysqlSubjectKeys;

use crate::scratch::Scratch;

/// Keys with the database that they are in.
struct InScratch {
    keys: MysqlSubjectKeys,
    _scratch: Scratch,
}

impl InScratch {
    async fn new() -> Self {
        let scratch = Scratch::new();
        drop(scratch.open().await);
        Self { keys: MysqlSubjectKeys::new(&scratch.database()), _scratch: scratch }
    }
}

impl Deref for InScratch {
    type Target = MysqlSubjectKeys;

    fn deref(&self) -> &MysqlSubjectKeys {
        &self.keys
    }
}

kit_testkit::subject_keys_contract!(
    mysql,
    InScratch::new().await,
    #[ignore = "needs MariaDB: make test-services"]
);
