//! Event stores in PostgreSQL: each context has a schema of its own, and where the address says so a database and a role.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use kit_core::SystemClock;
use kit_event_store::subject_keys::SubjectKeys;
use kit_event_store::{EventStore, Incarnation, LogMark};
use kit_lease::{LeaseTimes, Singletons};
use kit_postgres::{
    Database, DatabaseError, Migrated, PostgresLeases, PostgresOptions, PostgresStore,
    PostgresSubjectKeys,
};
use uuid::Uuid;

use super::event_store::new_id;

/// What stands for the name of a context in an address.
const CONTEXT: &str = "{context}";

/// Connections of a context for reading, beside one that writes and one that listens.
const READ_CONNECTIONS_MAX: usize = 8;

/// An address, perhaps with `{context}` in it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PostgresUrl(String);

/// An address may have a password, so it is not shown.
impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PostgresUrl(..)")
    }
}

impl FromStr for PostgresUrl {
    type Err = anyhow::Error;

    fn from_str(url: &str) -> anyhow::Result<Self> {
        let url = Self(url.to_owned());
        url.database("inventory")?;
        Ok(url)
    }
}

/// What a migration did, for people.
pub(super) fn told(tables: &str, migrated: Migrated) -> String {
    let Migrated { applied, known } = migrated;
    format!("{tables}: {applied} of {known} migrations were missing and are applied")
}

impl PostgresUrl {
    /// As it was given.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The address of a context's database.
    fn of(&self, context: &str) -> String {
        self.0.replace(CONTEXT, context)
    }

    fn database(&self, context: &str) -> Result<Database, DatabaseError> {
        Database::new(&self.of(context), context, &format!("gondola-{context}"))
    }

    /// The schema of a context's views.
    pub(super) fn views_of(&self, context: &str) -> Result<Database, DatabaseError> {
        let application = format!("gondola-{context}-views");
        Database::new(&self.of(context), &format!("{context}_views"), &application)
    }

    /// Opens the log of a context.
    pub(crate) async fn open(&self, context: &str) -> anyhow::Result<Arc<dyn EventStore>> {
        let options = PostgresOptions {
            database: self.database(context)?,
            read_connections_max: READ_CONNECTIONS_MAX,
            clock: Arc::new(SystemClock),
        };
        Ok(Arc::new(PostgresStore::open(options).await?))
    }

    /// Runs singletons by leases in the schema of a context's log; this process is a holder of its own.
    pub(crate) fn singletons(&self, context: &str) -> anyhow::Result<Singletons> {
        let leases = PostgresLeases::new(&self.database(context)?)?;
        Ok(Singletons::by_lease(Arc::new(leases), new_id(), LeaseTimes::default()))
    }

    /// The keys of the subjects of a context's log.
    pub(crate) fn subject_keys(&self, context: &str) -> anyhow::Result<Arc<dyn SubjectKeys>> {
        Ok(Arc::new(PostgresSubjectKeys::new(&self.database(context)?)?))
    }

    /// Makes or updates the tables of a context's log, which is named `new_id` if it is new.
    pub(crate) async fn migrate(&self, context: &str, new_id: Uuid) -> anyhow::Result<String> {
        let migrated = kit_postgres::migrate(&self.database(context)?, new_id).await?;
        Ok(told(context, migrated))
    }

    /// Which log a context has.
    pub(crate) async fn incarnation(&self, context: &str) -> anyhow::Result<Incarnation> {
        Ok(kit_postgres::incarnation(&self.database(context)?).await?)
    }

    /// Accepts that a context's log is older than what was made from it.
    pub(crate) async fn accept_older_log(
        &self,
        context: &str,
        new_id: Uuid,
    ) -> anyhow::Result<LogMark> {
        Ok(kit_postgres::accept_older_log(&self.database(context)?, new_id).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_context_has_its_own_address() {
        let url: PostgresUrl = "postgres://{context}_app@db/{context}_db".parse().unwrap();
        assert_eq!(url.of("store"), "postgres://store_app@db/store_db");
        assert!("postgres://h:port/db".parse::<PostgresUrl>().is_err());
    }

    #[test]
    fn no_password_is_shown() {
        let url: PostgresUrl = "postgres://a:secret@db/x".parse().unwrap();
        assert!(!format!("{url:?}").contains("secret"));
    }
}
