//! The lines of files that list the entries of the catalogue.

mod amount;
mod categories;
mod contacts;
mod offers;
mod products;
mod stores;
mod suppliers;

use std::hash::Hash;

use gondola_export::{Exported, unguarded};
use gondola_store::use_cases::{
    CatalogueService, CatalogueWrites, Registration, Stored, WriteError,
};
use gondola_store_domain::{
    Aggregate, Change, Currency, Label, Name, ProductId, Sku, StoreCode, StoreId,
};
use kit_core::Caller;
use uuid::Uuid;

pub(super) use self::products::GTIN;
use super::csv_file::{Column, CsvFile, Place, Row};
use super::format::numbers::NumberFormat;
use super::names::Names;
use super::reject::Reject;
use super::stock_lines::{Dropped, optional};

/// Ids of imported stores and products are made from their codes in this namespace, so that the same file gives the
/// same ids in every data folder; a file that was exported has them.
const NAMESPACE: Uuid = Uuid::from_u128(0x6f3a_1c52_9f0e_4d7b_8a55_2c1b_77e0_41d9);

/// What is taken where a file of the catalogue says nothing.
#[derive(Clone, Debug)]
pub struct Defaults {
    /// Region of stores.
    pub region: Label,
    /// Currency of prices; without one they are left out.
    pub currency: Option<Currency>,
}

impl Default for Defaults {
    fn default() -> Self {
        Self { region: Label::new("unknown").expect("a word is a label"), currency: None }
    }
}

/// What the lines of a file are read with.
pub(super) struct Given<'a> {
    /// What is taken where they say nothing.
    pub(super) defaults: &'a Defaults,
    /// How they write numbers.
    pub(super) numbers: NumberFormat,
    /// The products that are registered, for a kind of entry that names them.
    pub(super) names: &'a Names,
}

/// A kind of entry that files list.
pub(super) trait Listed: Stored + Aggregate<Code: Hash + Eq> + Sized {
    /// Where its fields are.
    type Columns: Send;

    /// Whether its lines name products by their SKUs.
    const NAMES_PRODUCTS: bool = false;

    /// Finds the columns.
    fn find(csv_file: &CsvFile) -> anyhow::Result<Self::Columns>;

    /// Where the numbers are by which a file's way to write them is found out.
    fn numbers(_: &Self::Columns) -> Vec<usize> {
        Vec::new()
    }

    /// Reads a line.
    fn read_row(
        columns: &Self::Columns,
        row: &Row,
        given: &Given<'_>,
    ) -> Result<(Self, Dropped), Reject>;

    /// The entry without its barcode, if it has one.
    fn without_barcode(self) -> Option<Self> {
        None
    }

    /// All entries of its kind.
    fn entries(writes: &CatalogueWrites) -> &CatalogueService<Self>;

    /// What makes an entry that is there this one, as far as its line says something: what it leaves blank stays.
    fn changes(&self, columns: &Self::Columns, row: &Row) -> Self::Changes;

    /// Its fields as exports have them, by their columns.
    fn shown(&self) -> Vec<(&'static str, String)>;

    /// Registers entries; each has a result of its own.
    fn register_all(
        writes: &CatalogueWrites,
        entries: Vec<Self>,
        caller: &Caller,
    ) -> impl Future<Output = Vec<Result<Registration<Self>, WriteError<Self>>>> + Send;
}

/// The fields of an entry as exports have them.
fn shown<E: Exported>(entry: &E) -> Vec<(&'static str, String)> {
    let fields = entry.fields().into_iter().map(|field| unguarded(&field).to_owned());
    E::HEADER.iter().copied().zip(fields).collect()
}

/// Whether a line says something in a column.
fn is_said(row: &Row, place: Place) -> bool {
    row.text(place).is_ok_and(|text| !text.is_empty())
}

/// What a line says of a field that is never empty: nothing where it is blank.
fn said<T: Clone>(row: &Row, place: Place, value: &T) -> Option<T> {
    is_said(row, place).then(|| value.clone())
}

/// What a line says of a field that may be empty.
fn set<T: Clone>(value: Option<&T>) -> Change<T> {
    value.map_or(Change::Keep, |value| Change::Set(value.clone()))
}

/// A line whose fields an entry can do without: one that cannot be read is dropped, and said to be.
struct Fields<'a> {
    row: &'a Row,
    dropped: Dropped,
}

impl<'a> Fields<'a> {
    fn of(row: &'a Row) -> Self {
        Self { row, dropped: Dropped::new() }
    }

    /// A field that is read in full or not at all; `None` where it is blank or dropped.
    fn read<T>(
        &mut self,
        place: Place,
        column: &Column,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, Reject> {
        Ok(optional(self.row.text(place)?, column.what, &mut self.dropped, read))
    }

    /// A name for people; the code serves where it is blank or dropped.
    fn name_or(&mut self, place: Place, column: &Column, code: &str) -> Result<Name, Reject> {
        let name = self.read(place, column, |text| Name::new(text).ok())?;
        name.map_or_else(|| Name::new(code), Ok).map_err(|error| Reject::invalid(&error))
    }
}

/// The id that a line has for its entry, as exports write it; another text is none, since lists of others mean theirs by it.
fn own_id(row: &Row, place: Place) -> Result<Option<Uuid>, Reject> {
    Ok(Uuid::try_parse(row.text(place)?).ok())
}

/// The id of an imported store.
pub(super) fn store_id(code: &StoreCode) -> StoreId {
    StoreId::from_uuid(Uuid::new_v5(&NAMESPACE, format!("store:{code}").as_bytes()))
}

/// The id of an imported product.
pub(super) fn product_id(sku: &Sku) -> ProductId {
    ProductId::from_uuid(Uuid::new_v5(&NAMESPACE, format!("product:{sku}").as_bytes()))
}
