//! Pooled connections, for reading.

use std::ops::{Deref, DerefMut};
use std::pin::Pin;

use deadpool_postgres::{Connect, Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime};
use kit_database::{InUse, PoolMetrics};
use kit_event_store::EventStoreError;
use kit_event_store::projection::{ProjectionError, ViewReadError};
use tokio::task::JoinHandle;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, Error, NoTls, Row};

use crate::database::{CONNECT_WAIT_MAX, Database, DatabaseError};
use crate::errors::told;

/// What stands for `$1` and on in a statement.
pub type Arguments<'a> = &'a [&'a (dyn ToSql + Sync)];

/// A statement was not answered; it may be another time.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub struct QueryError(String);

impl From<Error> for QueryError {
    fn from(error: Error) -> Self {
        Self(told(&error))
    }
}

impl From<QueryError> for EventStoreError {
    fn from(error: QueryError) -> Self {
        Self::Unavailable(error.0)
    }
}

impl From<QueryError> for ProjectionError {
    fn from(error: QueryError) -> Self {
        Self::View(error.0)
    }
}

impl From<QueryError> for ViewReadError {
    fn from(error: QueryError) -> Self {
        Self::Unavailable(error.0)
    }
}

/// Connections to a database, opened when they are needed; clones share them.
#[derive(Clone)]
pub struct Connections {
    pool: Pool,
    metrics: PoolMetrics,
}

/// One of the connections; dropped, it is for others to use.
pub struct Connection {
    client: Object,
    _in_use: InUse,
}

impl Connections {
    /// At most so many connections at once.
    pub fn new(database: &Database, connections_max: usize) -> Result<Self, DatabaseError> {
        let manager_config = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let opener = Opener(database.clone());
        let manager = Manager::from_connect(database.config(), opener, manager_config);
        let pool = Pool::builder(manager)
            .max_size(connections_max)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(CONNECT_WAIT_MAX))
            .create_timeout(Some(CONNECT_WAIT_MAX))
            .build();
        let pool = pool.map_err(|error| DatabaseError::Refused(error.to_string()))?;
        Ok(Self { pool, metrics: PoolMetrics::of(database.schema()) })
    }

    /// Runs one statement; a second time when the connection turns out to have ended. So it must change nothing that may not
    /// be changed twice.
    pub async fn query(&self, sql: &str, arguments: Arguments<'_>) -> Result<Vec<Row>, QueryError> {
        let mut is_repeated = false;
        loop {
            let client = self.client().await?;
            let queried = match client.prepare_cached(sql).await {
                Ok(statement) => client.query(&statement, arguments).await,
                Err(error) => Err(error),
            };
            match queried {
                Err(_) if client.is_closed() && !is_repeated => is_repeated = true,
                queried => return Ok(queried?),
            }
        }
    }

    /// One of the connections, until it is dropped.
    pub async fn client(&self) -> Result<Connection, QueryError> {
        let taken = self.metrics.taken(self.pool.get()).await;
        let (client, in_use) = taken.map_err(|error| match error {
            deadpool_postgres::PoolError::Backend(error) => error.into(),
            error => QueryError(format!("no connection to the database: {error}")),
        })?;
        Ok(Connection { client, _in_use: in_use })
    }
}

/// Opens the connections of a pool, each with the password that is good then.
struct Opener(Database);

type Opening<'a> =
    Pin<Box<dyn Future<Output = Result<(Client, JoinHandle<()>), Error>> + Send + 'a>>;

impl Connect for Opener {
    fn connect(&self, _: &Config) -> Opening<'_> {
        Box::pin(async move {
            let (client, connection) = self.0.config().connect(NoTls).await?;
            // who uses the client is told of its end as well
            let driver = tokio::spawn(async move { drop(connection.await) });
            Ok((client, driver))
        })
    }
}

impl Deref for Connection {
    type Target = Object;

    fn deref(&self) -> &Object {
        &self.client
    }
}

impl DerefMut for Connection {
    fn deref_mut(&mut self) -> &mut Object {
        &mut self.client
    }
}
