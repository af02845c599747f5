//! Keys of data subjects in the database of a log, in tables of their own.

use async_trait::async_trait;
use kit_event_store::EventStoreError;
use kit_event_store::shared_log::Failed;
use kit_event_store::subject_keys::{
    KEYS_PAGE, KeptKeys, KeysState, Rewrap, SubjectKey, SubjectKeys, SubjectKeysError,
};
use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, Error, Row};
use uuid::Uuid;

use crate::database::{ANSWER_WAIT_MAX, Database};
use crate::errors::{failure, had_ended, unavailable};
use crate::pool::Pool;
use crate::rows::{self, take};
use crate::session::within;
use crate::sql::{bytes, id};

/// One that asks whether a key was destroyed, one that makes keys, one that wraps all of them anew.
const CONNECTIONS_MAX: usize = 3;

/// Keys in one statement, at most: some 150 kB, which every server takes.
const INSERT_MAX: usize = 250;

/// How often a transaction is tried that others were in the way of.
const ATTEMPTS_MAX: usize = 4;

/// The columns of a key, for [`key`].
const COLUMNS: &str = "k.subject, k.key_id, k.wrapped_key, k.sealed_reference, k.created_at";

/// The keys of the subjects of a log, in the database of the log.
pub struct MysqlSubjectKeys {
    /// Of their own: who makes a key must not wait for those who read the log.
    pool: Pool,
}

impl MysqlSubjectKeys {
    /// The keys in a database whose tables are there. Connects when they are asked for.
    #[must_use]
    pub fn new(database: &Database) -> Self {
        Self { pool: Pool::new(database, CONNECTIONS_MAX) }
    }

    /// Runs a transaction whose statements are sent at once: the rows of all of them in one list, of which the first is the
    /// state. It is tried again where others were in the way; it must be one that may be done twice.
    async fn transaction(&self, statements: &str) -> Result<Vec<Row>, EventStoreError> {
        let sql = format!("START TRANSACTION; {statements}; COMMIT");
        for attempt in 1.. {
            let mut lease = self.pool.lease().await?;
            match within(ANSWER_WAIT_MAX, all_rows(&mut lease.conn, &sql)).await {
                Ok(rows) => {
                    lease.give_back();
                    return Ok(rows);
                }
                // the connection is closed, and what was begun on it ends with it
                Err(error) if attempt < ATTEMPTS_MAX && may_work_again(&error) => {}
                Err(error) => return Err(unavailable(&error)),
            }
        }
        // not reached: the last attempt returns
        Err(EventStoreError::Unavailable("the keys of subjects gave no answer".into()))
    }
}

/// Whether others were in the way, or the connection had ended.
fn may_work_again(error: &Error) -> bool {
    matches!(failure(error).became, Failed::ByOthers) || had_ended(error)
}

async fn all_rows(conn: &mut Conn, sql: &str) -> Result<Vec<Row>, Error> {
    let mut answers = conn.query_iter(sql).await?;
    let mut rows = Vec::new();
    while !answers.is_empty() {
        rows.extend(answers.collect::<Row>().await?);
    }
    Ok(rows)
}

/// Reads a row with the state, and rows with keys behind it.
fn kept(mark: &[u8], rows: Vec<Row>) -> Result<KeptKeys, SubjectKeysError> {
    let mut rows = rows.into_iter();
    let state = rows.next().map(state).transpose()?;
    match state {
        Some(state) if state.mark == mark => {
            let keys = rows.map(key).collect::<Result<_, _>>()?;
            Ok(KeptKeys { generation: state.generation, keys })
        }
        _ => Err(SubjectKeysError::OtherMasterKey),
    }
}

fn state(mut row: Row) -> Result<KeysState, EventStoreError> {
    Ok(KeysState { mark: take(&mut row, 0)?, generation: take(&mut row, 1)? })
}

fn key(mut row: Row) -> Result<SubjectKey, EventStoreError> {
    Ok(SubjectKey {
        subject: take(&mut row, 0)?,
        key_id: rows::id(&mut row, 1)?,
        wrapped_key: take(&mut row, 2)?,
        sealed_reference: take(&mut row, 3)?,
        created_at: rows::timestamp(&mut row, 4)?,
    })
}

/// Keeps the keys of those who have none. The row of the state is locked before, and named so that nobody with another
/// master key keeps any.
fn insert(mark: &[u8], offered: &[&SubjectKey]) -> String {
    let columns = |key: &&SubjectKey| {
        format!(
            "SELECT {} AS subject, {} AS key_id, {} AS wrapped_key, {} AS sealed_reference, {} AS created_at",
            bytes(&key.subject),
            id(key.key_id),
            bytes(&key.wrapped_key),
            bytes(&key.sealed_reference),
            key.created_at.as_millis()
        )
    };
    let rows = offered.iter().map(columns).collect::<Vec<_>>().join(" UNION ALL ");
    format!(
        "INSERT INTO subject_keys (subject, key_id, wrapped_key, sealed_reference, created_at) \
         SELECT n.subject, n.key_id, n.wrapped_key, n.sealed_reference, n.created_at \
         FROM ({rows}) n JOIN subject_key_state s ON s.mark = {} \
         ON DUPLICATE KEY UPDATE key_id = subject_keys.key_id",
        bytes(mark)
    )
}

/// The keys after one, for who has the master key, in the order of their ids.
fn page(mark: &[u8], after: Option<Uuid>) -> String {
    let after = after.map_or_else(|| "x''".to_owned(), id);
    format!(
        "SELECT {COLUMNS} FROM subject_key_state s JOIN subject_keys k ON k.key_id > {after} \
         WHERE s.mark = {} ORDER BY k.key_id LIMIT {KEYS_PAGE}",
        bytes(mark)
    )
}

#[async_trait]
impl SubjectKeys for MysqlSubjectKeys {
    async fn state(&self) -> Result<Option<KeysState>, EventStoreError> {
        let answer = self.pool.run("SELECT mark, generation FROM subject_key_state").await?;
        answer.rows.into_iter().next().map(state).transpose()
    }

    async fn begin(&self, mark: &[u8]) -> Result<KeysState, EventStoreError> {
        let sql = format!("INSERT IGNORE INTO subject_key_state (mark) VALUES ({})", bytes(mark));
        self.pool.run(&sql).await?;
        let none = || EventStoreError::Unavailable("the mark of the master key has gone".into());
        self.state().await?.ok_or_else(none)
    }

    async fn obtain(
        &self,
        mark: &[u8],
        offered: &[SubjectKey],
    ) -> Result<KeptKeys, SubjectKeysError> {
        if offered.is_empty() {
            let state = self.transaction("SELECT mark, generation FROM subject_key_state").await?;
            return kept(mark, state);
        }
        let mut sorted: Vec<_> = offered.iter().collect();
        // in one order for all, so that no two wait for each other
        sorted.sort_unstable_by(|one, other| one.subject.cmp(&other.subject));
        let subjects = sorted.iter().map(|key| bytes(&key.subject)).collect::<Vec<_>>().join(",");
        let inserts = sorted.chunks(INSERT_MAX).map(|keys| insert(mark, keys));
        let statements = format!(
            "SELECT mark, generation FROM subject_key_state LOCK IN SHARE MODE; {}; \
             SELECT {COLUMNS} FROM subject_keys k JOIN subject_key_state s ON s.mark = {} WHERE k.subject IN ({subjects})",
            inserts.collect::<Vec<_>>().join("; "),
            bytes(mark)
        );
        kept(mark, self.transaction(&statements).await?)
    }

    async fn find(&self, mark: &[u8], subject: &[u8]) -> Result<KeptKeys, SubjectKeysError> {
        // the state first: a key that is there after it was not destroyed before it
        let statements = format!(
            "SELECT mark, generation FROM subject_key_state LOCK IN SHARE MODE; \
             SELECT {COLUMNS} FROM subject_keys k JOIN subject_key_state s ON s.mark = {} WHERE k.subject = {}",
            bytes(mark),
            bytes(subject)
        );
        kept(mark, self.transaction(&statements).await?)
    }

    async fn destroy(&self, mark: &[u8], subject: &[u8]) -> Result<KeptKeys, SubjectKeysError> {
        let (mark_bytes, subject) = (bytes(mark), bytes(subject));
        let of = format!("s.mark = {mark_bytes} AND k.subject = {subject}");
        // the lock, then the generation that the destruction is to leave
        let statements = format!(
            "UPDATE subject_key_state SET generation = generation; \
             UPDATE subject_key_state s JOIN subject_keys k ON {of} SET s.generation = s.generation + 1; \
             SELECT mark, generation FROM subject_key_state; \
             SELECT {COLUMNS} FROM subject_keys k JOIN subject_key_state s ON {of}; \
             DELETE k FROM subject_keys k JOIN subject_key_state s ON {of}"
        );
        kept(mark, self.transaction(&statements).await?)
    }

    async fn page(&self, mark: &[u8], after: Option<Uuid>) -> Result<KeptKeys, SubjectKeysError> {
        let statements = format!(
            "SELECT mark, generation FROM subject_key_state LOCK IN SHARE MODE; {}",
            page(mark, after)
        );
        kept(mark, self.transaction(&statements).await?)
    }

    async fn hand_over(
        &self,
        former: &[u8],
        present: &[u8],
        rewrap: Rewrap<'_>,
    ) -> Result<(), SubjectKeysError> {
        let mut lease = self.pool.lease().await?;
        let handing = hand_over(&mut lease.conn, former, present, rewrap);
        handing.await?;
        lease.give_back();
        Ok(())
    }
}

/// Hands the keys over on a connection, which must be closed where this fails.
async fn hand_over(
    conn: &mut Conn,
    former: &[u8],
    present: &[u8],
    rewrap: Rewrap<'_>,
) -> Result<(), SubjectKeysError> {
    let begin = "START TRANSACTION; SELECT mark, generation FROM subject_key_state FOR UPDATE";
    let found = run(conn, begin).await?.into_iter().next().map(state).transpose()?;
    let mark = found.map(|state| state.mark);
    if mark.as_deref() == Some(present) {
        run(conn, "ROLLBACK").await?;
        return Ok(());
    }
    if mark.as_deref() != Some(former) {
        return Err(SubjectKeysError::OtherMasterKey);
    }
    let mut after = None;
    loop {
        let keys = run(conn, &page(former, after)).await?.into_iter().map(key);
        let sealed = keys.map(|key| rewrap(&key?)).collect::<Result<Vec<_>, _>>()?;
        let Some(last) = sealed.last() else { break };
        after = Some(last.key_id);
        for part in sealed.chunks(INSERT_MAX) {
            let update = |key: &SubjectKey| {
                format!(
                    "UPDATE subject_keys SET subject = {}, wrapped_key = {}, sealed_reference = {} WHERE key_id = {}",
                    bytes(&key.subject),
                    bytes(&key.wrapped_key),
                    bytes(&key.sealed_reference),
                    id(key.key_id)
                )
            };
            run(conn, &part.iter().map(update).collect::<Vec<_>>().join("; ")).await?;
        }
    }
    let end = format!("UPDATE subject_key_state SET mark = {}; COMMIT", bytes(present));
    run(conn, &end).await?;
    Ok(())
}

async fn run(conn: &mut Conn, sql: &str) -> Result<Vec<Row>, EventStoreError> {
    within(ANSWER_WAIT_MAX, all_rows(conn, sql)).await.map_err(|error| unavailable(&error))
}
