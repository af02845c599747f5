//! The lines of files that list categories.

use gondola_store::use_cases::{CatalogueService, CatalogueWrites, Registration, WriteError};
use gondola_store_domain::{Category, CategoryChanges, CategoryCode, CategoryStatus};
use kit_core::Caller;

use super::{Fields, Given, Listed, said, set};
use crate::csv_file::{Column, CsvFile, Place, Row};
use crate::reject::Reject;
use crate::stock_lines::Dropped;

const CODE: Column =
    Column { what: "category code", names: &["code", "category_code", "category"] };
const NAME: Column = Column { what: "category name", names: &["name", "category_name"] };
const PARENT: Column =
    Column { what: "parent", names: &["parent", "parent_code", "parent_category"] };
const STATUS: Column = Column { what: "status", names: &["status"] };

/// Where the fields of a category are.
pub(crate) struct CategoryColumns {
    width: usize,
    code: Place,
    name: Place,
    parent: Place,
    status: Place,
}

impl Listed for Category {
    type Columns = CategoryColumns;

    fn find(csv_file: &CsvFile) -> anyhow::Result<CategoryColumns> {
        Ok(CategoryColumns {
            width: csv_file.width(),
            code: csv_file.require(&CODE)?,
            name: csv_file.find(&NAME),
            parent: csv_file.find(&PARENT),
            status: csv_file.find(&STATUS),
        })
    }

    /// A parent that is no code rejects the line: without it the category would stand elsewhere.
    fn read_row(
        columns: &CategoryColumns,
        row: &Row,
        _: &Given<'_>,
    ) -> Result<(Self, Dropped), Reject> {
        CsvFile::check_width(columns.width, row)?;
        let code = CategoryCode::new(row.required(columns.code, CODE.what)?);
        let code = code.map_err(|error| Reject::invalid(&error))?;
        let parent = Some(row.text(columns.parent)?).filter(|parent| !parent.is_empty());
        let parent = parent.map(CategoryCode::new).transpose();
        let parent = parent.map_err(|error| Reject::invalid(&error))?;
        let mut fields = Fields::of(row);
        let name = fields.name_or(columns.name, &NAME, code.as_str())?;
        let status = |text: &str| text.parse::<CategoryStatus>().ok();
        let status = fields.read(columns.status, &STATUS, status)?.unwrap_or_default();
        Ok((Self { code, name, parent, status }, fields.dropped))
    }

    fn entries(writes: &CatalogueWrites) -> &CatalogueService<Self> {
        writes.categories()
    }

    fn changes(&self, columns: &CategoryColumns, row: &Row) -> CategoryChanges {
        CategoryChanges {
            name: said(row, columns.name, &self.name),
            parent: set(self.parent.as_ref()),
            status: said(row, columns.status, &self.status),
        }
    }

    fn shown(&self) -> Vec<(&'static str, String)> {
        super::shown(self)
    }

    async fn register_all(
        writes: &CatalogueWrites,
        entries: Vec<Self>,
        caller: &Caller,
    ) -> Vec<Result<Registration<Self>, WriteError<Self>>> {
        writes.register_categories(entries, caller).await
    }
}
