//! All stock levels as CSV, from the views of stock.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::BuildHasher;
use std::path::Path;

use gondola_inventory_domain::{ProductId, StoreId};
use rusqlite::{Connection, OpenFlags, Row};
use uuid::Uuid;

use crate::formula_guard::guarded;
use crate::output::Output;
use crate::table::Exported;

/// A stock level.
#[derive(Clone, Debug)]
pub struct ExportedLevel {
    /// The store: its code, and its id.
    pub store: (Box<str>, StoreId),
    /// The product: its SKU, and its id.
    pub product: (Box<str>, ProductId),
    /// Units on hand, reserved and available, the safety stock, the reorder point, and the version.
    pub numbers: [u64; 6],
}

impl Exported for ExportedLevel {
    const HEADER: &'static [&'static str] = &[
        "store_code",
        "store_id",
        "sku",
        "product_id",
        "on_hand",
        "reserved",
        "available",
        "safety_stock",
        "reorder_point",
        "version",
    ];

    fn fields(&self) -> Vec<Cow<'_, str>> {
        let Self { store: (code, store), product: (sku, product), numbers } = self;
        let names =
            [guarded(code), store.to_string().into(), guarded(sku), product.to_string().into()];
        let numbers = numbers.iter().map(|number| Cow::from(number.to_string()));
        names.into_iter().chain(numbers).collect()
    }
}

const LEVELS: &str = "SELECT store_id, product_id, on_hand, reserved, max(on_hand - reserved, 0), \
    safety_stock, reorder_point, version FROM stock_levels ORDER BY store_id, product_id";

/// Columns of [`LEVELS`] that are numbers.
const NUMBERS: std::ops::Range<usize> = 2..8;

/// Writes the stock levels of a file of views in the order of store and product ids, with the codes of stores and the SKUs
/// of products where there are any.
pub fn export_stock<S: BuildHasher>(
    views: &Path,
    stores: &HashMap<StoreId, Box<str>, S>,
    products: &HashMap<ProductId, Box<str>, S>,
    mut output: Output,
) -> anyhow::Result<()> {
    let written = write(&mut output, views, stores, products);
    output.finish(written)
}

fn write<S: BuildHasher>(
    to: &mut Output,
    views: &Path,
    stores: &HashMap<StoreId, Box<str>, S>,
    products: &HashMap<ProductId, Box<str>, S>,
) -> anyhow::Result<()> {
    let mut csv = csv::Writer::from_writer(to);
    csv.write_record(ExportedLevel::HEADER)?;
    let connection = Connection::open_with_flags(views, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut levels = connection.prepare(LEVELS)?;
    let mut rows = levels.query([])?;
    while let Some(row) = rows.next()? {
        let (store, product) = (id(row, 0)?, id(row, 1)?);
        let code = stores.get(&StoreId::from_uuid(store)).map_or("", AsRef::as_ref);
        let sku = products.get(&ProductId::from_uuid(product)).map_or("", AsRef::as_ref);
        csv.write_field(guarded(code).as_bytes())?;
        csv.write_field(store.to_string())?;
        csv.write_field(guarded(sku).as_bytes())?;
        csv.write_field(product.to_string())?;
        for column in NUMBERS {
            csv.write_field(row.get::<_, i64>(column)?.to_string())?;
        }
        csv.write_record(None::<&[u8]>)?;
    }
    Ok(csv.flush()?)
}

fn id(row: &Row<'_>, column: usize) -> rusqlite::Result<Uuid> {
    row.get::<_, [u8; 16]>(column).map(Uuid::from_bytes)
}
