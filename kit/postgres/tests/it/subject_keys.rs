//! Keys of data subjects by the shared contract, each test in a schema of its own.

use std::ops::Deref;

use kit_postgres::PostgresSubjectKeys;

use crate::scratch::Scratch;

/// Keys with the schema that they are in.
struct InScratch {
    keys: PostgresSubjectKeys,
    _scratch: Scratch,
}

impl InScratch {
    async fn new() -> Self {
        let scratch = Scratch::new();
        drop(scratch.open().await);
        Self { keys: PostgresSubjectKeys::new(&scratch.database()).unwrap(), _scratch: scratch }
    }
}

impl Deref for InScratch {
    type Target = PostgresSubjectKeys;

    fn deref(&self) -> &PostgresSubjectKeys {
        &self.keys
    }
}

kit_testkit::subject_keys_contract!(
    postgres,
    InScratch::new().await,
    #[ignore = "needs PostgreSQL: make test-services"]
);
