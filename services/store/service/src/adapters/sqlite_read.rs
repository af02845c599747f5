//! The reading side of the catalogue's view in SQLite: filtered and searched pages, sorted by code.

use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use gondola_store_domain::{Product, Store};
use kit_core::Version;
use kit_service::{ReadError, ViewFreshness};
use kit_sqlite::ReadPool;
use rusqlite::{Connection, params};

use super::sqlite_view::Listed;
use crate::use_cases::{CatalogueReadModel, Entry, ListQuery, Search};

/// Answers lists from the view's file.
pub(crate) struct SqliteCatalogueReadModel {
    pool: Arc<ReadPool>,
    freshness: ViewFreshness,
}

impl SqliteCatalogueReadModel {
    pub(crate) fn new(path: PathBuf, freshness: ViewFreshness) -> Self {
        Self { pool: Arc::new(ReadPool::new(path)), freshness }
    }

    async fn page<A: Listed>(&self, query: ListQuery) -> Result<Vec<Entry<A>>, ReadError> {
        let pool = Arc::clone(&self.pool);
        let rows = tokio::task::spawn_blocking(move || pool.with(|view| page::<A>(view, &query)))
            .await
            .map_err(|error| ReadError::View(error.to_string()))?
            .map_err(|error| failed(&error))?;
        let entry = |(version, body): (i64, String)| {
            let state = A::read(&body).map_err(|error| ReadError::View(error.to_string()))?;
            Ok(Entry { state, version: Version::new(u64::try_from(version).unwrap_or(0)) })
        };
        rows.into_iter().map(entry).collect()
    }
}

fn failed(error: &rusqlite::Error) -> ReadError {
    if kit_sqlite::is_shortage(error) {
        return ReadError::ViewUnavailable(error.to_string());
    }
    ReadError::View(error.to_string())
}

#[async_trait]
impl CatalogueReadModel for SqliteCatalogueReadModel {
    async fn stores(&self, query: ListQuery) -> Result<Vec<Entry<Store>>, ReadError> {
        self.page(query).await
    }

    async fn products(&self, query: ListQuery) -> Result<Vec<Entry<Product>>, ReadError> {
        self.page(query).await
    }

    fn freshness(&self) -> &ViewFreshness {
        &self.freshness
    }
}

/// Version and body of the wanted entries.
fn page<A: Listed>(view: &Connection, query: &ListQuery) -> rusqlite::Result<Vec<(i64, String)>> {
    let table = A::TABLE;
    let mut sql = format!("SELECT version, body FROM {table} WHERE code > ?1");
    if query.status.is_some() {
        sql.push_str(" AND status = ?2");
    }
    if query.group.is_some() {
        sql.push_str(" AND category = ?3");
    }
    if query.search.is_some() {
        let found = format!(
            " AND entry IN (SELECT rowid FROM {table}_search WHERE {table}_search MATCH ?4)"
        );
        sql.push_str(&found);
    }
    sql.push_str(" ORDER BY code LIMIT ?5");
    let mut statement = view.prepare_cached(&sql)?;
    let rows = statement.query_map(
        params![
            query.after.as_deref().unwrap_or_default(),
            query.status,
            query.group,
            query.search.as_ref().map(match_expression),
            i64::try_from(query.limit).unwrap_or(i64::MAX),
        ],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    rows.collect()
}

/// The search in the query language of FTS5: every word quoted, so that nothing in it is syntax, and open at its end.
fn match_expression(search: &Search) -> String {
    let mut expression = String::new();
    for word in search.words() {
        // writing to a string does not fail
        let _ = write!(expression, "\"{}\"* ", word.replace('"', "\"\""));
    }
    expression
}
