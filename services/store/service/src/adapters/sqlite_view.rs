//! The writing side of the catalogue's view in SQLite: one file, its checkpoint in the same transaction as its rows.
//!
//! It is derived from the log: a file that does not belong to it is thrown away and built again.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gondola_store_domain::{
    Category, Gtin, GtinNumber, Label, Location, Product, Sku, Store, Supplier, SupplierOffer,
};
use kit_core::{RecordedEvent, Version};
use kit_event_store::LogMark;
use kit_event_store::parking::ParkingChange;
use kit_event_store::projection::ProjectionError;
use kit_sqlite::columns::number;
use kit_sqlite::{FollowedView, OpenViewError, ViewSchema, unwritable, view_path, yielding};
use rusqlite::{Transaction, params};

use crate::use_cases::{CatalogueEvent, SCHEMA_VERSION, Stored, decode_event};

/// Raised when a table changes; a change of the stored shapes counts by itself.
const TABLES_VERSION: i64 = 5;

/// How one kind of entry is listed.
pub(super) trait Listed: Stored {
    /// Name of its table.
    const TABLE: &'static str;
    /// The column with the code by which it is sorted into the tree of categories.
    const CATEGORY: &'static str = "category";
    /// What lists are filtered by: the region of a store, the category of a product, what a category stands directly below, the
    /// product of an offer.
    fn group(&self) -> Option<Cow<'_, str>>;
    /// Whether it is in use, as text.
    fn status(&self) -> &'static str;
    /// What sort of place it is, of a kind of entry that has sorts; of an offer the code of its supplier in small letters.
    fn kind(&self) -> Option<Cow<'_, str>> {
        None
    }
    /// Where it is on the map, of a kind of entry that can be anywhere.
    fn location(&self) -> Option<Location> {
        None
    }
    /// What searches look into.
    fn words(&self) -> Vec<Cow<'_, str>>;
}

impl Listed for Store {
    const TABLE: &'static str = "stores";

    fn group(&self) -> Option<Cow<'_, str>> {
        Some(self.region.as_str().into())
    }

    fn status(&self) -> &'static str {
        self.status.as_str()
    }

    fn kind(&self) -> Option<Cow<'_, str>> {
        Some(self.kind.as_str().into())
    }

    fn location(&self) -> Option<Location> {
        self.location
    }

    fn words(&self) -> Vec<Cow<'_, str>> {
        let mut words = vec![self.code.as_str(), self.name.as_str(), self.region.as_str()];
        words.extend(self.city.as_ref().map(Label::as_str));
        words.into_iter().map(Cow::Borrowed).collect()
    }
}

impl Listed for Product {
    const TABLE: &'static str = "products";

    fn group(&self) -> Option<Cow<'_, str>> {
        self.category.as_ref().map(|category| category.as_str().into())
    }

    fn status(&self) -> &'static str {
        self.status.as_str()
    }

    fn words(&self) -> Vec<Cow<'_, str>> {
        let mut words = vec![self.sku.as_str(), self.name.as_str()];
        words.extend(self.category.as_ref().map(Label::as_str));
        words.extend(self.brand.as_ref().map(Label::as_str));
        let mut words: Vec<_> = words.into_iter().map(Cow::Borrowed).collect();
        if let Some(gtin) = &self.gtin {
            // with as many leading zeros as a search may have
            let number = gtin.number();
            let significant = number.as_str().trim_start_matches('0');
            let zeros = number.as_str().len() - significant.len();
            words.extend((0..=zeros).map(|zero| number.as_str()[zero..].to_owned().into()));
        }
        words
    }
}

impl Listed for Category {
    const TABLE: &'static str = "categories";
    // it is below itself
    const CATEGORY: &'static str = "code";

    fn group(&self) -> Option<Cow<'_, str>> {
        self.parent.as_ref().map(|parent| parent.as_str().into())
    }

    fn status(&self) -> &'static str {
        self.status.as_str()
    }

    fn words(&self) -> Vec<Cow<'_, str>> {
        [self.code.as_str(), self.name.as_str()].map(Cow::Borrowed).into()
    }
}

impl Listed for Supplier {
    const TABLE: &'static str = "suppliers";

    fn group(&self) -> Option<Cow<'_, str>> {
        None
    }

    fn status(&self) -> &'static str {
        self.status.as_str()
    }

    fn words(&self) -> Vec<Cow<'_, str>> {
        [self.code.as_str(), self.name.as_str()].map(Cow::Borrowed).into()
    }
}

impl Listed for SupplierOffer {
    const TABLE: &'static str = "supplier_offers";

    fn group(&self) -> Option<Cow<'_, str>> {
        Some(self.code.product_id.to_string().into())
    }

    fn status(&self) -> &'static str {
        self.status.as_str()
    }

    fn kind(&self) -> Option<Cow<'_, str>> {
        Some(self.code.supplier.folded().into())
    }

    fn words(&self) -> Vec<Cow<'_, str>> {
        let mut words = vec![self.code.supplier.as_str()];
        words.extend(self.supplier_sku.as_ref().map(Sku::as_str));
        words.into_iter().map(Cow::Borrowed).collect()
    }
}

/// Name in logs.
const NAME: &str = "catalogue";

/// Opens the view of a folder for the log with this end, and says where its file is.
pub(crate) fn open_catalogue_view(
    folder: &Path,
    log: LogMark,
) -> Result<(FollowedView, PathBuf), OpenViewError> {
    let path = view_path(folder, "catalogue.db")?;
    let all =
        [Store::TABLE, Product::TABLE, Category::TABLE, Supplier::TABLE, SupplierOffer::TABLE];
    let tables = all.map(tables).concat();
    let schema = ViewSchema { version: schema_version(), tables: &tables };
    Ok((FollowedView::open(NAME, &path, schema, log, write_rows)?, path))
}

fn write_rows(
    change: &Transaction<'_>,
    parking: &mut ParkingChange,
    events: &[Arc<RecordedEvent>],
) -> Result<bool, ProjectionError> {
    for recorded in yielding(events) {
        let Some(event) = parking.admit(recorded, decode_event)? else { continue };
        let written = match event {
            CatalogueEvent::Store(event) => write(change, event.state(), recorded.version),
            CatalogueEvent::Product(event) => write(change, event.state(), recorded.version),
            CatalogueEvent::Category(event) => write(change, event.state(), recorded.version),
            CatalogueEvent::Supplier(event) => write(change, event.state(), recorded.version),
            CatalogueEvent::SupplierOffer(event) => write(change, event.state(), recorded.version),
        };
        written.map_err(|error| unwritable(&error))?;
    }
    Ok(true)
}

fn write<A: Listed>(change: &Transaction<'_>, state: &A, version: Version) -> rusqlite::Result<()> {
    let table = A::TABLE;
    let upsert = format!(
        "INSERT INTO {table} (id, code, status, category, version, body, gtin, kind, latitude, longitude) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (id) DO UPDATE \
         SET code = ?2, status = ?3, category = ?4, version = ?5, body = ?6, gtin = ?7, kind = ?8, \
         latitude = ?9, longitude = ?10 RETURNING entry"
    );
    let location = state.location();
    let number_of = state.gtin().map(Gtin::number);
    let upserted = params![
        state.id().to_string(),
        state.code().to_string(),
        state.status(),
        state.group(),
        number(version.get()),
        state.write(),
        number_of.as_ref().map(GtinNumber::as_str),
        state.kind(),
        location.map(Location::latitude_micro_degrees),
        location.map(Location::longitude_micro_degrees),
    ];
    let entry: i64 = change.prepare_cached(&upsert)?.query_row(upserted, |row| row.get(0))?;
    let index = format!("INSERT OR REPLACE INTO {table}_search (rowid, words) VALUES (?1, ?2)");
    change.prepare_cached(&index)?.execute(params![entry, state.words().join(" ")])?;
    Ok(())
}

/// The table of one kind, and the index of its words, which keeps no text of its own.
///
/// Accents are no difference to a search: `pao` finds `Pão`.
fn tables(table: &str) -> String {
    format!(
        "
CREATE TABLE IF NOT EXISTS {table} (
  entry    INTEGER PRIMARY KEY,
  id       TEXT    NOT NULL UNIQUE,
  code     TEXT    NOT NULL UNIQUE,
  status   TEXT    NOT NULL,
  category TEXT,             -- of a store its region, of a category its parent, of an offer its product
  version  INTEGER NOT NULL,
  body     TEXT    NOT NULL, -- JSON as in the log
  gtin     TEXT,             -- the number of its barcode, 14 digits
  kind     TEXT,             -- what sort of place a store is, of an offer its supplier
  latitude  INTEGER,         -- where a store is, in micro-degrees
  longitude INTEGER
);
CREATE INDEX IF NOT EXISTS {table}_by_code_in_any_case ON {table} (lower(code), entry);
CREATE INDEX IF NOT EXISTS {table}_by_gtin ON {table} (gtin, entry) WHERE gtin IS NOT NULL;
CREATE INDEX IF NOT EXISTS {table}_by_category ON {table} (category, code);
CREATE INDEX IF NOT EXISTS {table}_by_kind ON {table} (kind, code);
CREATE INDEX IF NOT EXISTS {table}_by_category_in_any_case ON {table} (lower(category));
CREATE VIRTUAL TABLE IF NOT EXISTS {table}_search USING fts5(
  words, content = '', contentless_delete = 1, prefix = '2 3 4',
  tokenize = 'unicode61 remove_diacritics 2'
);"
    )
}

fn schema_version() -> i64 {
    TABLES_VERSION * 1_000 + i64::from(SCHEMA_VERSION)
}
