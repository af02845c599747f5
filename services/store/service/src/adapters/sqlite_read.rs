//! The reading side of the catalogue's view in SQLite: filtered and searched pages, sorted by code.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use gondola_store_domain::{GtinNumber, Product, Store};
use kit_core::Version;
use kit_event_store::projection::ViewReadError;
use kit_service::{ReadError, Slice, ViewFreshness};
use kit_sqlite::ReadPool;
use kit_sqlite::columns::{limit, version};
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use super::sqlite_view::Listed;
use crate::use_cases::{CatalogueReadModel, Entry, ListQuery, Listing, LookUp, Search};

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

    async fn look_up(&self, wanted: Vec<LookUp>) -> Result<Vec<Option<String>>, ReadError> {
        let look_up = move |view: &Connection| wanted.iter().map(|one| first(view, one)).collect();
        Ok(Arc::clone(&self.pool).read(look_up).await?)
    }

    fn freshness(&self) -> &ViewFreshness {
        &self.freshness
    }
}

/// The id of the entry that a look-up names, of several the first that was registered.
fn first(view: &Connection, wanted: &LookUp) -> rusqlite::Result<Option<String>> {
    let (table, condition, value) = match wanted {
        LookUp::StoreCode(code) => (Store::TABLE, "lower(code) = ?1", code.as_str()),
        LookUp::Sku(sku) => (Product::TABLE, "lower(code) = ?1", sku.as_str()),
        LookUp::Gtin(number) => (Product::TABLE, "gtin = ?1", number.as_str()),
    };
    let sql = format!("SELECT id FROM {table} WHERE {condition} ORDER BY entry LIMIT 1");
    view.prepare_cached(&sql)?.query_row([value], |row| row.get(0)).optional()
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
    if query.gtin.is_some() {
        sql.push_str(" AND gtin = ?5");
    }
    if query.search.is_some() {
        let found = format!(
            " AND entry IN (SELECT rowid FROM {table}_search WHERE {table}_search MATCH ?4)"
        );
        sql.push_str(&found);
    }
    if query.scope.owners().is_some() {
        sql.push_str(" AND id IN (SELECT value FROM json_each(?6))");
    }
    sql.push_str(" ORDER BY code LIMIT ?7");
    let mut statement = view.prepare_cached(&sql)?;
    let rows = statement.query_map(
        params![
            query.after.as_deref().unwrap_or_default(),
            query.status,
            query.group,
            query.search.as_ref().map(match_expression),
            query.gtin.as_ref().map(GtinNumber::as_str),
            query.scope.owners().map(json_list),
            limit(query.limit + 1),
        ],
        |row| Ok((version(row, 0)?, row.get(1)?)),
    )?;
    rows.collect()
}

/// Ids as the view has them, in a list that the query takes apart.
fn json_list(ids: &BTreeSet<Uuid>) -> String {
    let ids: Vec<_> = ids.iter().map(|id| format!("\"{id}\"")).collect();
    format!("[{}]", ids.join(","))
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
