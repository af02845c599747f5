//! Where a question is answered: by the replica while it shows what this process has shown, else by the primary.
//!
//! Each answer has a proof with it, from the same snapshot: the place of the view at that database. So no reader goes back in
//! time, whichever database answers, and nobody reads tables that were replaced.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use kit_core::Position;
use kit_event_store::projection::{Progress, ViewReadError};
use kit_postgres::views::ViewPlace;
use kit_postgres::{Arguments, Connections, QueryError};
use tokio::time::{Instant, timeout};
use tokio_postgres::Row;

use super::columns::{get, position};
use super::tables::{Tables, VIEW};

/// Longest wait for an answer of a replica.
const REPLICA_ANSWER_MAX: Duration = Duration::from_secs(1);

/// How long a replica that has failed is left alone.
pub(in crate::adapters) const REPLICA_REST: Duration = Duration::from_secs(5);

/// How often the tables may be found to have been replaced within one question.
const REPLACED_MAX: u32 = 3;

/// Rows of the view that are wanted, and in which order. `{levels}` and `{lines}` stand for the tables.
#[derive(Clone, Copy)]
pub(super) struct Question<'a> {
    pub(super) rows: &'a str,
    /// Names columns of the rows.
    pub(super) order: &'a str,
}

impl Question<'_> {
    /// The rows, each with the place of the view. One row without anything else when there are none.
    fn sql(self, tables: Tables) -> String {
        let Self { rows, order } = self;
        tables.sql(&format!(
            "SELECT view.generation AS of_generation, view.position AS of_position, found.* FROM views_follower AS view \
             LEFT JOIN LATERAL (SELECT true AS is_found, rows.* FROM ({rows}) AS rows) AS found ON true \
             WHERE view.name = '{VIEW}' ORDER BY {order}"
        ))
    }
}

/// The databases of a view, and where its readers are.
pub(super) struct Source {
    pub(super) primary: Connections,
    pub(super) replica: Option<Replica>,
    /// What this process has shown.
    pub(super) progress: Progress,
    generation: AtomicI64,
}

/// A database that follows the primary and takes reads only.
pub(super) struct Replica {
    connections: Connections,
    /// Where it was last seen.
    at: AtomicU64,
    /// Until when it is left alone.
    rests_until: Mutex<Option<Instant>>,
}

impl Replica {
    pub(super) const fn new(connections: Connections) -> Self {
        Self { connections, at: AtomicU64::new(0), rests_until: Mutex::new(None) }
    }

    /// Whether it is not resting from a failure.
    pub(super) fn may_be_asked(&self) -> bool {
        let rests_until = *self.rests_until.lock().unwrap_or_else(PoisonError::into_inner);
        rests_until.is_none_or(|until| until <= Instant::now())
    }

    /// Whether it shows a position as far as is known. One that has failed is not tried by readers until it was seen again.
    fn shows(&self, wanted: Position) -> bool {
        self.may_be_asked() && self.at.load(Ordering::Acquire) >= wanted.get()
    }

    /// Notes where it was seen.
    pub(super) fn saw(&self, at: Position) {
        self.at.fetch_max(at.get(), Ordering::AcqRel);
    }

    /// Runs a statement; `None` when it fails or takes too long, and then it rests.
    pub(super) async fn query(&self, sql: &str, arguments: Arguments<'_>) -> Option<Vec<Row>> {
        let failed = match timeout(REPLICA_ANSWER_MAX, self.connections.query(sql, arguments)).await
        {
            Ok(Ok(rows)) => return Some(rows),
            Ok(Err(error)) => error.to_string(),
            Err(_) => format!("no answer within {} s", REPLICA_ANSWER_MAX.as_secs()),
        };
        tracing::warn!(reason = failed, "views_replica_rests");
        let until = Instant::now() + REPLICA_REST;
        *self.rests_until.lock().unwrap_or_else(PoisonError::into_inner) = Some(until);
        // what readers know of it begins anew
        self.at.store(0, Ordering::Release);
        None
    }
}

impl Source {
    pub(super) const fn new(
        primary: Connections,
        replica: Option<Replica>,
        progress: Progress,
        generation: i64,
    ) -> Self {
        Self { primary, replica, progress, generation: AtomicI64::new(generation) }
    }

    /// The rows that answer a question, of a view that shows at least what this process has shown.
    pub(super) async fn read(
        &self,
        question: Question<'_>,
        arguments: Arguments<'_>,
    ) -> Result<Vec<Row>, ViewReadError> {
        let shown = self.progress.position();
        if let Some(replica) = self.replica.as_ref().filter(|replica| replica.shows(shown)) {
            let generation = self.generation();
            let sql = question.sql(Tables::of(generation));
            let rows = replica.query(&sql, arguments).await.unwrap_or_default();
            let place = place(&rows)?;
            if place.is_some_and(|at| at.generation == generation && at.position >= shown) {
                return found(rows);
            }
        }
        self.read_primary(question, arguments, shown).await
    }

    async fn read_primary(
        &self,
        question: Question<'_>,
        arguments: Arguments<'_>,
        shown: Position,
    ) -> Result<Vec<Row>, ViewReadError> {
        for _ in 0..REPLACED_MAX {
            let generation = self.generation();
            let sql = question.sql(Tables::of(generation));
            let rows = self.primary.query(&sql, arguments).await?;
            match place(&rows)? {
                Some(at) if at.generation != generation => self.replaced_by(at.generation),
                Some(at) if at.position >= shown => return found(rows),
                at => {
                    let at = at.unwrap_or_default().position;
                    let reason =
                        format!("the views stand at position {at}, and {shown} was shown before");
                    return Err(ViewReadError::Unavailable(reason));
                }
            }
        }
        Err(ViewReadError::Unavailable("the views are being replaced".to_owned()))
    }

    fn generation(&self) -> i64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Reads from the tables of another generation from now on.
    pub(super) fn replaced_by(&self, generation: i64) {
        self.generation.fetch_max(generation, Ordering::AcqRel);
    }

    /// Runs a statement on the replica, or else on the primary; with the rows comes the replica, if it was the one that
    /// answered.
    pub(super) async fn inspect<'a>(
        &self,
        replica: Option<&'a Replica>,
        sql: &str,
        arguments: Arguments<'_>,
    ) -> Result<(Vec<Row>, Option<&'a Replica>), QueryError> {
        if let Some(replica) = replica
            && let Some(rows) = replica.query(sql, arguments).await
        {
            return Ok((rows, Some(replica)));
        }
        Ok((self.primary.query(sql, arguments).await?, None))
    }
}

/// The place of the view in an answer.
fn place(rows: &[Row]) -> Result<Option<ViewPlace>, ViewReadError> {
    let of = |row: &Row| {
        let generation = get(row, "of_generation")?;
        Ok(ViewPlace { generation, position: position(row, "of_position")? })
    };
    rows.first().map(of).transpose()
}

/// The rows of an answer that are more than its place.
fn found(mut rows: Vec<Row>) -> Result<Vec<Row>, ViewReadError> {
    if let [only] = &rows[..]
        && get::<Option<bool>>(only, "is_found")?.is_none()
    {
        rows.clear();
    }
    Ok(rows)
}
