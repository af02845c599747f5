//! Event stores in MySQL or MariaDB: each context has a database of its own, and where the address says so a user.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use anyhow::ensure;
use kit_core::SystemClock;
use kit_event_store::subject_keys::SubjectKeys;
use kit_event_store::{EventStore, Incarnation, LogMark};
use kit_lease::{LeaseTimes, Singletons};
use kit_mysql::{
    Database, DatabaseError, Migrated, MysqlLeases, MysqlOptions, MysqlStore, MysqlSubjectKeys,
};
use uuid::Uuid;

use super::event_store::new_id;

/// What stands for the name of a context in an address.
const CONTEXT: &str = "{context}";

/// Connections of a context for reading, beside one that writes and one that asks for the end.
const READ_CONNECTIONS_MAX: usize = 8;

/// An address with `{context}` in the name of its database.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct MysqlUrl(String);

/// An address may have a password, so it is not shown.
impl fmt::Debug for MysqlUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MysqlUrl(..)")
    }
}

impl FromStr for MysqlUrl {
    type Err = anyhow::Error;

    fn from_str(url: &str) -> anyhow::Result<Self> {
        let url = Self(url.to_owned());
        url.database("inventory")?;
        let path = url.0.rsplit_once('/').map_or("", |(_, path)| path);
        ensure!(
            path.split('?').next().is_some_and(|name| name.contains(CONTEXT)),
            "each context has a database of its own in MySQL: write {CONTEXT} into its name, as in \
             mysql://user:password@host/{CONTEXT}_db"
        );
        Ok(url)
    }
}

impl MysqlUrl {
    /// As it was given.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    fn database(&self, context: &str) -> Result<Database, DatabaseError> {
        Database::new(&self.0.replace(CONTEXT, context))
    }

    /// Opens the log of a context.
    pub(crate) async fn open(&self, context: &str) -> anyhow::Result<Arc<dyn EventStore>> {
        let options = MysqlOptions {
            database: self.database(context)?,
            read_connections_max: READ_CONNECTIONS_MAX,
            clock: Arc::new(SystemClock),
        };
        Ok(Arc::new(MysqlStore::open(options).await?))
    }

    /// Runs singletons by leases in the database of a context's log; this process is a holder of its own.
    pub(crate) fn singletons(&self, context: &str) -> anyhow::Result<Singletons> {
        let leases = MysqlLeases::new(&self.database(context)?);
        Ok(Singletons::by_lease(Arc::new(leases), new_id(), LeaseTimes::default()))
    }

    /// The keys of the subjects of a context's log.
    pub(crate) fn subject_keys(&self, context: &str) -> anyhow::Result<Arc<dyn SubjectKeys>> {
        Ok(Arc::new(MysqlSubjectKeys::new(&self.database(context)?)))
    }

    /// Makes or updates the tables of a context's log, which is named `new_id` if it is new.
    pub(crate) async fn migrate(&self, context: &str, new_id: Uuid) -> anyhow::Result<String> {
        let migrated = kit_mysql::migrate(&self.database(context)?, new_id).await?;
        let Migrated { applied, known } = migrated;
        Ok(format!("{context}: {applied} of {known} migrations were missing and are applied"))
    }

    /// Which log a context has.
    pub(crate) async fn incarnation(&self, context: &str) -> anyhow::Result<Incarnation> {
        Ok(kit_mysql::incarnation(&self.database(context)?).await?)
    }

    /// Accepts that a context's log is older than what was made from it.
    pub(crate) async fn accept_older_log(
        &self,
        context: &str,
        new_id: Uuid,
    ) -> anyhow::Result<LogMark> {
        Ok(kit_mysql::accept_older_log(&self.database(context)?, new_id).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_context_has_its_own_database() {
        let url = "mysql://{context}_app:p@db/{context}_db".parse::<MysqlUrl>().unwrap();
        assert_eq!(
            format!("{:?}", url.database("store").unwrap()),
            r#"Database { name: "store_db", .. }"#
        );
        let told = "mysql://{context}_app@db/gondola".parse::<MysqlUrl>().unwrap_err().to_string();
        assert!(told.contains("a database of its own"), "{told}");
    }

    #[test]
    fn no_password_is_shown() {
        let url: MysqlUrl = "mysql://a:secret@db/{context}".parse().unwrap();
        assert!(!format!("{url:?}").contains("secret"));
    }
}
