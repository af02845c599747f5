//! The reading side of the catalogue's view in SQLite: filtered and searched pages, sorted by code.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use gondola_store_domain::{
    Category, CategoryCode, GtinNumber, Location, Product, Store, Supplier, SupplierCode,
    SupplierOffer,
};
use kit_core::Version;
use kit_event_store::projection::ViewReadError;
use kit_service::{ReadError, Slice, ViewFreshness};
use kit_sqlite::ReadPool;
use kit_sqlite::columns::{limit, unsigned, version};
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use super::sqlite_view::Listed;
use crate::use_cases::{
    CatalogueReadModel, Entry, ListQuery, Listing, LookUp, Nearby, Search, Users,
};

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
        let entries = rows.into_iter().map(entry).collect::<Result<_, ReadError>>()?;
        Ok(Slice::cut(entries, at_most, |last: &Entry<A>| last.state.code().to_string()))
    }
}

#[async_trait]
impl CatalogueReadModel for SqliteCatalogueReadModel {
    async fn stores(&self, query: ListQuery) -> Result<Listing<Store>, ReadError> {
        self.page(query).await
    }

    async fn nearest_stores(
        &self,
        near: Location,
        query: ListQuery,
    ) -> Result<Slice<Nearby, String>, ReadError> {
        let (pool, at_most) = (Arc::clone(&self.pool), query.limit);
        let rows = pool.read(move |view| nearest(view, near, &query)).await?;
        let nearby = |(stored, metres)| Ok(Nearby { entry: entry(stored)?, metres });
        let stores = rows.into_iter().map(nearby).collect::<Result<_, ReadError>>()?;
        let key = |last: &Nearby| Nearby::key(last.metres, last.entry.state.code.as_str());
        Ok(Slice::cut(stores, at_most, key))
    }

    async fn products(&self, query: ListQuery) -> Result<Listing<Product>, ReadError> {
        self.page(query).await
    }

    async fn categories(&self, query: ListQuery) -> Result<Listing<Category>, ReadError> {
        self.page(query).await
    }

    async fn suppliers(&self, query: ListQuery) -> Result<Listing<Supplier>, ReadError> {
        self.page(query).await
    }

    async fn supplier_offers(&self, query: ListQuery) -> Result<Listing<SupplierOffer>, ReadError> {
        self.page(query).await
    }

    async fn users(&self, of: LookUp) -> Result<Users, ReadError> {
        Ok(Arc::clone(&self.pool).read(move |view| users(view, &of)).await?)
    }

    async fn look_up(&self, wanted: Vec<LookUp>) -> Result<Vec<Option<String>>, ReadError> {
        let look_up = move |view: &Connection| wanted.iter().map(|one| first(view, one)).collect();
        Ok(Arc::clone(&self.pool).read(look_up).await?)
    }

    fn freshness(&self) -> &ViewFreshness {
        &self.freshness
    }
}

/// Version and body of an entry.
type Stored = (Version, String);

fn entry<A: Listed>((version, body): Stored) -> Result<Entry<A>, ReadError> {
    let state = A::read(&body).map_err(|error| ViewReadError::Failed(error.to_string()))?;
    Ok(Entry { state, version })
}

/// The id of the entry that a look-up names, of several the first that was registered.
fn first(view: &Connection, wanted: &LookUp) -> rusqlite::Result<Option<String>> {
    let (table, condition, value) = match wanted {
        LookUp::StoreCode(code) => (Store::TABLE, "lower(code) = ?1", code.as_str()),
        LookUp::CategoryCode(code) => (Category::TABLE, "lower(code) = ?1", code.as_str()),
        LookUp::SupplierCode(code) => (Supplier::TABLE, "lower(code) = ?1", code.as_str()),
        LookUp::Offer(code) => (SupplierOffer::TABLE, "lower(code) = ?1", code.as_str()),
        LookUp::Sku(sku) => (Product::TABLE, "lower(code) = ?1", sku.as_str()),
        LookUp::Gtin(number) => (Product::TABLE, "gtin = ?1", number.as_str()),
    };
    let sql = format!("SELECT id FROM {table} WHERE {condition} ORDER BY entry LIMIT 1");
    view.prepare_cached(&sql)?.query_row([value], |row| row.get(0)).optional()
}

/// Version and body of the wanted entries, and of one more: it says whether there is another page.
fn rows<A: Listed>(view: &Connection, query: &ListQuery) -> rusqlite::Result<Vec<Stored>> {
    let after = query.after.as_deref().unwrap_or_default();
    filtered::<A, _>(view, "version, body", query, (after, query.limit + 1), stored)
}

fn stored(row: &Row<'_>) -> rusqlite::Result<Stored> {
    Ok((version(row, 0)?, row.get(1)?))
}

/// What a query wants of a table in the order of codes: from after a code on, at most so many.
fn filtered<A: Listed, T>(
    view: &Connection,
    columns: &str,
    query: &ListQuery,
    (after, at_most): (&str, usize),
    row: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    let table = A::TABLE;
    let mut sql = format!("SELECT {columns} FROM {table} WHERE code > ?1");
    if query.status.is_some() {
        sql.push_str(" AND status = ?2");
    }
    if query.group.is_some() {
        sql.push_str(" AND category = ?3");
    }
    if query.gtin.is_some() {
        sql.push_str(" AND gtin = ?5");
    }
    if query.kind.is_some() {
        sql.push_str(" AND kind = ?6");
    }
    if query.search.is_some() {
        let found = format!(
            " AND entry IN (SELECT rowid FROM {table}_search WHERE {table}_search MATCH ?4)"
        );
        sql.push_str(&found);
    }
    if query.below.is_some() {
        let _ = write!(sql, " AND lower({}) IN ({BELOW})", A::CATEGORY);
    }
    if query.scope.owners().is_some() {
        sql.push_str(" AND id IN (SELECT value FROM json_each(?8))");
    }
    if query.offers.is_some() {
        let _ = write!(sql, " AND lower(code) IN ({OFFERING})");
    }
    if query.supplier.is_some() {
        sql.push_str(" AND kind = ?10");
    }
    sql.push_str(" ORDER BY code LIMIT ?11");
    let mut statement = view.prepare_cached(&sql)?;
    let found = statement.query_map(
        params![
            after,
            query.status,
            query.group,
            query.search.as_ref().map(match_expression),
            query.gtin.as_ref().map(GtinNumber::as_str),
            query.kind,
            query.below.as_ref().map(CategoryCode::folded),
            query.scope.owners().map(json_list),
            query.offers,
            query.supplier.as_ref().map(SupplierCode::folded),
            limit(at_most),
        ],
        row,
    )?;
    found.collect()
}

/// The codes, in small letters, of the category with one and of all below it; no tree has a circle, and `UNION` ends one.
const BELOW: &str = "WITH RECURSIVE below (code) AS (VALUES (?7) UNION \
    SELECT lower(categories.code) FROM categories JOIN below ON lower(categories.category) = below.code) \
    SELECT code FROM below";

/// The codes, in small letters, of the suppliers with an offer of a product.
const OFFERING: &str = "SELECT kind FROM supplier_offers WHERE category = ?9 AND status = 'active'";

/// What needs a category, which are those in use directly below it and the products that name it, or a supplier.
fn users(view: &Connection, of: &LookUp) -> rusqlite::Result<Users> {
    let count = |sql: &str, code: &str| -> rusqlite::Result<u64> {
        view.prepare_cached(sql)?.query_row([code], |row| unsigned(row, 0))
    };
    match of {
        LookUp::CategoryCode(code) => Ok(Users {
            children: count(
                "SELECT count(*) FROM categories WHERE lower(category) = ?1 AND status <> 'removed'",
                code,
            )?,
            products: count("SELECT count(*) FROM products WHERE lower(category) = ?1", code)?,
            offers: 0,
        }),
        LookUp::SupplierCode(code) => {
            let offers =
                "SELECT count(*) FROM supplier_offers WHERE kind = ?1 AND status = 'active'";
            Ok(Users { offers: count(offers, code)?, ..Users::default() })
        }
        LookUp::StoreCode(_) | LookUp::Sku(_) | LookUp::Offer(_) | LookUp::Gtin(_) => {
            Ok(Users::default())
        }
    }
}

/// A store on the map, with its place in the order of distances.
struct Distant {
    key: String,
    metres: u32,
    entry: i64,
}

/// The wanted stores in the order of their distances, and one more: it says whether there is another page.
///
/// The distance to each is calculated: a chain has some thousands of stores, which takes a few milliseconds.
fn nearest(
    view: &Connection,
    near: Location,
    query: &ListQuery,
) -> rusqlite::Result<Vec<(Stored, u32)>> {
    let distance = |row: &Row<'_>| {
        let (latitude, longitude): (Option<i32>, Option<i32>) = (row.get(2)?, row.get(3)?);
        let place = latitude.zip(longitude);
        let place = place.and_then(|(north, east)| Location::from_micro_degrees(north, east).ok());
        let Some(place) = place else { return Ok(None) };
        let (entry, code, metres) = (row.get(0)?, row.get::<_, String>(1)?, near.metres_to(place));
        Ok(Some(Distant { key: Nearby::key(metres, &code), metres, entry }))
    };
    let columns = "entry, code, latitude, longitude";
    let all = filtered::<Store, _>(view, columns, query, ("", usize::MAX), distance)?;
    let farthest = query.within_km.map_or(u32::MAX, |km| km * 1000);
    let after = query.after.as_deref().unwrap_or_default();
    let wanted = |one: &Distant| one.metres <= farthest && *one.key > *after;
    let mut found: Vec<Distant> = all.into_iter().flatten().filter(wanted).collect();
    found.sort_unstable_by(|one, other| one.key.cmp(&other.key));
    found.truncate(query.limit + 1);
    let sql = format!("SELECT version, body FROM {} WHERE entry = ?1", Store::TABLE);
    let mut statement = view.prepare_cached(&sql)?;
    let mut with_body = |one: &Distant| Ok((statement.query_row([one.entry], stored)?, one.metres));
    found.iter().map(&mut with_body).collect()
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
