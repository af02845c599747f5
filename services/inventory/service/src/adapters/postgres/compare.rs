//! Comparing two sets of tables at one position, while the present one goes on following the log.
//!
//! No snapshot has both. So each is told by its number of rows and by 128 bits over all of them, in whatever order.

use kit_core::Position;
use kit_event_store::projection::ProjectionError;
use kit_postgres::{Connections, Transaction};
use tokio_postgres::{Error, IsolationLevel};

use super::tables::{Tables, VIEW};
use super::write::unwritable;
use crate::use_cases::Rebuilt;

const TABLES: [&str; 2] = ["{levels}", "{lines}"];

/// The present tables as they were at one position, however far they go on.
pub(super) struct Comparison {
    pub(super) position: Position,
    present: [Digest; 2],
}

/// What tells the rows of a table from others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Digest {
    rows: i64,
    hashes: [i64; 2],
}

impl Comparison {
    /// Reads the present tables.
    pub(super) async fn begin(connections: &Connections) -> Result<Self, ProjectionError> {
        let mut client = connections.client().await?;
        let snapshot = client
            .build_transaction()
            .isolation_level(IsolationLevel::RepeatableRead)
            .read_only(true)
            .start()
            .await
            .map_err(unwritable)?;
        let read = async {
            let sql = "SELECT generation, position FROM views_follower WHERE name = $1";
            let row = snapshot.query_one(sql, &[&VIEW]).await?;
            let (generation, position): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
            let present = digests(&snapshot, Tables::of(generation)).await?;
            let position = Position::new(u64::try_from(position).unwrap_or_default());
            Ok(Self { position, present })
        };
        read.await.map_err(unwritable)
    }

    /// Compares with the tables of another generation, once they are at the position.
    pub(super) async fn end(
        self,
        connections: &Connections,
        generation: i64,
    ) -> Result<Rebuilt, ProjectionError> {
        let mut client = connections.client().await?;
        let snapshot = client.transaction().await.map_err(unwritable)?;
        let new = digests(&snapshot, Tables::of(generation)).await.map_err(unwritable)?;
        let [levels, _] = new;
        let stock_levels = u64::try_from(levels.rows).unwrap_or_default();
        Ok(Rebuilt { position: self.position, stock_levels, identical: new == self.present })
    }
}

async fn digests(snapshot: &Transaction<'_>, tables: Tables) -> Result<[Digest; 2], Error> {
    // they may be large
    snapshot.batch_execute("SET LOCAL statement_timeout = 0").await?;
    let mut digests = [Digest::default(); 2];
    for (digest, table) in digests.iter_mut().zip(TABLES) {
        let sql = format!(
            "SELECT count(*), coalesce(bit_xor(hashtextextended(every::text, 0)), 0), \
               coalesce(bit_xor(hashtextextended(every::text, 1)), 0) FROM {table} AS every"
        );
        let row = snapshot.query_one(&tables.sql(&sql), &[]).await?;
        *digest = Digest { rows: row.try_get(0)?, hashes: [row.try_get(1)?, row.try_get(2)?] };
    }
    Ok(digests)
}
