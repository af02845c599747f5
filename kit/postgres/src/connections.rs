//! Pooled connections, and statements on them.

use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use kit_event_store::EventStoreError;
use tokio_postgres::types::ToSql;
use tokio_postgres::{NoTls, Row};

use crate::database::{CONNECT_WAIT_MAX, Database, DatabaseError};
use crate::errors::unavailable;

/// What stands for `$1`, `$2`, ... in a statement.
pub(crate) type Arguments<'a> = &'a [&'a (dyn ToSql + Sync)];

/// Connections to a database, made when they are needed.
#[derive(Clone)]
pub(crate) struct Connections {
    pool: Pool,
}

impl Connections {
    pub(crate) fn new(database: &Database, connections_max: usize) -> Result<Self, DatabaseError> {
        let manager_config = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_config(database.config.clone(), NoTls, manager_config);
        let pool = Pool::builder(manager)
            .max_size(connections_max)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(CONNECT_WAIT_MAX))
            .create_timeout(Some(CONNECT_WAIT_MAX))
            .build()
            .map_err(|error| DatabaseError::Refused(error.to_string()))?;
        Ok(Self { pool })
    }

    /// Runs one statement; a second time when the connection turns out to have ended.
    pub(crate) async fn query(
        &self,
        sql: &str,
        arguments: Arguments<'_>,
    ) -> Result<Vec<Row>, EventStoreError> {
        let mut is_repeated = false;
        loop {
            let client = self.client().await?;
            let queried = match client.prepare_cached(sql).await {
                Ok(statement) => client.query(&statement, arguments).await,
                Err(error) => Err(error),
            };
            match queried {
                Err(_) if client.is_closed() && !is_repeated => is_repeated = true,
                queried => return queried.map_err(|error| unavailable(&error)),
            }
        }
    }

    pub(crate) async fn client(&self) -> Result<deadpool_postgres::Object, EventStoreError> {
        let told = |error: deadpool_postgres::PoolError| match error {
            deadpool_postgres::PoolError::Backend(error) => unavailable(&error),
            error => {
                EventStoreError::Unavailable(format!("no connection to the database: {error}"))
            }
        };
        self.pool.get().await.map_err(told)
    }
}
