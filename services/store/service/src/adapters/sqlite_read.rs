//! The reading side of the catalogue's view in SQLite: filtered and searched pages, sorted by code.

use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use gondola_store_domain::{Product, Store};
use kit_core::Version;
use kit_event_store::projection::ViewReadError;
use kit_service::{ReadError, Slice, ViewFreshness};
use kit_sqlite::ReadPool;
use kit_sqlite::columns::{limit, version};
use rusqlite::{Connection, params};

use super::sqlite_view::Listed;
use crate::use_cases::{CatalogueReadModel, Entry, ListQuery, Listing, Search};

/// Answers lists from the view's file.
pub(crate) struct SqliteCatalogueReadModel {
    pool: Arc<ReadPool>,
    freshness: ViewFreshness,
}

impl SqliteCatalogueReadModel {
    pub(crate) fn new(path: PathBuf, freshness: ViewFreshness) -> Self {
        Self { pool: Arc::new(ReadPool::new(path)), freshness }
    }

    async fn page<A: Listed>(&self, query: ListQuery) -> Result<Listing<A>, ReadError> {
        let (pool, at_most) = (Arc::clone(&self.pool), query.limit);
        let rows = pool.read(move |view| rows::<A>(view, &query)).await?;
        let entry = |(version, body): (Version, String)| {
            let state = A::read(&body).map_err(|error| ViewReadError::Failed(error.to_string()))?;
            Ok(Entry { state, version })
        };
        let entries = rows.into_iter().map(entry).collect::<Result<_, ReadError>>()?;
        Ok(Slice::cut(entries, at_most, |last: &Entry<A>| last.state.code().to_string()))
    }
}

#[async_trait]
impl CatalogueReadModel for SqliteCatalogueReadModel {
    async fn stores(&self, query: ListQuery) -> Result<Listing<Store>, ReadError> {
        self.page(query).await
    }

    async fn products(&self, query: ListQuery) -> Result<Listing<Product>, ReadError> {
        self.page(query).await
    }

    fn freshness(&self) -> &ViewFreshness {
        &self.freshness
    }
}

/// Version and body of the wanted entries, and of one more: it says whether there is another page.
fn rows<A: Listed>(
    view: &Connection,
    query: &ListQuery,
) -> rusqlite::Result<Vec<(Version, String)>> {
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
            limit(query.limit + 1),
        ],
        |row| Ok((version(row, 0)?, row.get(1)?)),
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
