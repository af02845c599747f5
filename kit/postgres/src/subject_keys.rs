//! Keys of data subjects in the database of a log, in tables of their own.

use async_trait::async_trait;
use kit_event_store::EventStoreError;
use kit_event_store::subject_keys::{
    KEYS_PAGE, KeptKeys, KeysState, Rewrap, SubjectKey, SubjectKeys, SubjectKeysError,
};
use tokio_postgres::{GenericClient, Row};
use uuid::Uuid;

use crate::connections::{Arguments, Connections, QueryError};
use crate::database::{Database, DatabaseError};
use crate::rows;

/// One that asks whether a key was destroyed, one that makes keys, one that wraps all of them anew.
const CONNECTIONS_MAX: usize = 3;

/// The columns of a key, for [`key`].
const COLUMNS: &str = "k.subject, k.key_id, k.wrapped_key, k.sealed_reference, k.created_at";

/// The keys of the subjects of a log, in the schema of the log.
pub struct PostgresSubjectKeys {
    /// Of their own: who makes a key must not wait for those who read the log.
    connections: Connections,
}

impl PostgresSubjectKeys {
    /// The keys in a schema whose tables are there. Connects when they are asked for.
    pub fn new(database: &Database) -> Result<Self, DatabaseError> {
        Ok(Self { connections: Connections::new(database, CONNECTIONS_MAX)? })
    }
}

/// Reads rows of mark, generation and the columns of a key, which are null where there is none.
fn kept(mark: &[u8], rows: &[Row]) -> Result<KeptKeys, SubjectKeysError> {
    let first = rows.first().ok_or(SubjectKeysError::OtherMasterKey)?;
    if rows::get::<Option<&[u8]>>(first, 0)? != Some(mark) {
        return Err(SubjectKeysError::OtherMasterKey);
    }
    let keys = rows.iter().filter_map(|row| key(row, 2).transpose());
    Ok(KeptKeys { generation: generation(first, 1)?, keys: keys.collect::<Result<_, _>>()? })
}

fn generation(row: &Row, column: usize) -> Result<u64, EventStoreError> {
    let generation: i64 = rows::get(row, column)?;
    u64::try_from(generation).map_err(|error| rows::corrupt(&error))
}

/// Reads a key whose first column is this one.
fn key(row: &Row, first: usize) -> Result<Option<SubjectKey>, EventStoreError> {
    let Some(subject) = rows::get(row, first)? else { return Ok(None) };
    Ok(Some(SubjectKey {
        subject,
        key_id: rows::get(row, first + 1)?,
        wrapped_key: rows::get(row, first + 2)?,
        sealed_reference: rows::get(row, first + 3)?,
        created_at: rows::timestamp(row, first + 4)?,
    }))
}

/// Rows of keys, a list for each column.
#[derive(Default)]
struct Lists<'a> {
    subjects: Vec<&'a [u8]>,
    ids: Vec<Uuid>,
    wrapped: Vec<&'a [u8]>,
    sealed: Vec<&'a [u8]>,
    created: Vec<i64>,
}

impl<'a> Lists<'a> {
    fn of(keys: impl Iterator<Item = &'a SubjectKey>) -> Self {
        let mut lists = Self::default();
        for key in keys {
            lists.subjects.push(&key.subject);
            lists.ids.push(key.key_id);
            lists.wrapped.push(&key.wrapped_key);
            lists.sealed.push(&key.sealed_reference);
            lists.created.push(key.created_at.as_millis());
        }
        lists
    }
}

/// The next keys after one, in the order of their ids.
async fn page(client: &impl GenericClient, after: Option<Uuid>) -> Result<Vec<Row>, QueryError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM subject_keys k WHERE $1::uuid IS NULL OR k.key_id > $1 ORDER BY k.key_id LIMIT $2"
    );
    Ok(client.query(&sql, &[&after, &rows::limit(KEYS_PAGE)]).await?)
}

fn failed(error: impl Into<QueryError>) -> EventStoreError {
    error.into().into()
}

#[async_trait]
impl SubjectKeys for PostgresSubjectKeys {
    async fn state(&self) -> Result<Option<KeysState>, EventStoreError> {
        let sql = "SELECT mark, generation FROM subject_key_state";
        let rows = self.connections.query(sql, &[]).await?;
        let state =
            |row| Ok(KeysState { mark: rows::get(row, 0)?, generation: generation(row, 1)? });
        rows.first().map(state).transpose()
    }

    async fn begin(&self, mark: &[u8]) -> Result<KeysState, EventStoreError> {
        let sql = "INSERT INTO subject_key_state (mark) VALUES ($1) ON CONFLICT DO NOTHING";
        self.connections.query(sql, &[&mark]).await?;
        let none = || EventStoreError::Unavailable("the mark of the master key has gone".into());
        self.state().await?.ok_or_else(none)
    }

    async fn obtain(
        &self,
        mark: &[u8],
        offered: &[SubjectKey],
    ) -> Result<KeptKeys, SubjectKeysError> {
        let mut sorted: Vec<_> = offered.iter().collect();
        // in one order for all, so that no two wait for each other
        sorted.sort_unstable_by(|one, other| one.subject.cmp(&other.subject));
        let Lists { subjects, ids, wrapped, sealed, created } = Lists::of(sorted.into_iter());
        let sql = "SELECT * FROM obtain_subject_keys($1, $2, $3, $4, $5, $6)";
        let arguments: Arguments<'_> = &[&mark, &subjects, &ids, &wrapped, &sealed, &created];
        let rows = self.connections.query(sql, arguments).await;
        kept(mark, &rows.map_err(EventStoreError::from)?)
    }

    async fn find(&self, mark: &[u8], subject: &[u8]) -> Result<KeptKeys, SubjectKeysError> {
        let sql = format!(
            "SELECT s.mark, s.generation, {COLUMNS} FROM subject_key_state s \
             LEFT JOIN subject_keys k ON s.mark = $1 AND k.subject = $2"
        );
        let rows = self.connections.query(&sql, &[&mark, &subject]).await;
        kept(mark, &rows.map_err(EventStoreError::from)?)
    }

    async fn destroy(&self, mark: &[u8], subject: &[u8]) -> Result<KeptKeys, SubjectKeysError> {
        let sql = "SELECT * FROM destroy_subject_key($1, $2)";
        let rows = self.connections.query(sql, &[&mark, &subject]).await;
        kept(mark, &rows.map_err(EventStoreError::from)?)
    }

    async fn page(&self, mark: &[u8], after: Option<Uuid>) -> Result<KeptKeys, SubjectKeysError> {
        let sql = format!(
            "SELECT s.mark, s.generation, {COLUMNS} FROM subject_key_state s LEFT JOIN LATERAL \
             (SELECT * FROM subject_keys k WHERE s.mark = $1 AND ($2::uuid IS NULL OR k.key_id > $2) \
               ORDER BY k.key_id LIMIT $3) k ON true"
        );
        let rows = self.connections.query(&sql, &[&mark, &after, &rows::limit(KEYS_PAGE)]).await;
        kept(mark, &rows.map_err(EventStoreError::from)?)
    }

    async fn hand_over(
        &self,
        former: &[u8],
        present: &[u8],
        rewrap: Rewrap<'_>,
    ) -> Result<(), SubjectKeysError> {
        let mut client = self.connections.client().await.map_err(EventStoreError::from)?;
        let change = client.transaction().await.map_err(failed)?;
        let sql = "SELECT mark FROM subject_key_state FOR UPDATE";
        let state = change.query_opt(sql, &[]).await.map_err(failed)?;
        let mark = state.as_ref().map(|row| rows::get::<&[u8]>(row, 0)).transpose()?;
        if mark == Some(present) {
            return Ok(());
        }
        if mark != Some(former) {
            return Err(SubjectKeysError::OtherMasterKey);
        }
        let mut after = None;
        loop {
            let found = page(&*change, after).await.map_err(failed)?;
            let keys = found.iter().filter_map(|row| key(row, 0).transpose());
            let sealed = keys.map(|key| rewrap(&key?)).collect::<Result<Vec<_>, _>>()?;
            let Some(last) = sealed.last() else { break };
            after = Some(last.key_id);
            let lists = Lists::of(sealed.iter());
            let sql = "UPDATE subject_keys k SET subject = n.subject, wrapped_key = n.wrapped, sealed_reference = n.sealed \
                FROM unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::bytea[]) AS n (id, subject, wrapped, sealed) \
                WHERE k.key_id = n.id";
            let Lists { subjects, ids, wrapped, sealed, .. } = lists;
            let changed = change.execute(sql, &[&ids, &subjects, &wrapped, &sealed]).await;
            changed.map_err(failed)?;
        }
        let sql = "UPDATE subject_key_state SET mark = $1";
        change.execute(sql, &[&present]).await.map_err(failed)?;
        Ok(change.commit().await.map_err(failed)?)
    }
}
