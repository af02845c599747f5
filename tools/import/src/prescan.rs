//! A first pass over all sales of a file: which stores and products they name, and how much stock they need.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use foldhash::fast::RandomState;
use gondola_inventory_domain::{AddStock, Reason};

use super::csv_file::CsvFile;
use super::engine::Item;
use super::movement::{Change, Movement};
use super::names::Names;
use super::stock_lines::{self, SaleColumns};

/// What the sales of a file have in common; takes about 60 bytes a stock level.
#[derive(Debug, Default)]
pub(super) struct Prescan {
    pub(super) stores: Codes,
    pub(super) products: Codes,
    levels: Vec<Level>,
    places: HashMap<(u32, u32), u32, RandomState>,
}

/// Codes in the order in which they were met, and what people call what they stand for.
#[derive(Debug, Default)]
pub(super) struct Codes {
    numbers: HashMap<Box<str>, u32, RandomState>,
    entries: Vec<(Box<str>, Box<str>)>,
}

#[derive(Clone, Copy, Debug)]
struct Level {
    store: u32,
    product: u32,
    first_line: u64,
    /// Units sold less units that came back, so far.
    sold: i64,
    /// The most that this ever was: with so much stock no sale falls short.
    needed: i64,
}

impl Prescan {
    /// Reads a file from its beginning to its end. Lines that will be rejected are skipped.
    pub(super) fn read(mut csv_file: CsvFile, columns: &SaleColumns) -> anyhow::Result<Self> {
        let mut prescan = Self::default();
        while let Some(row) = csv_file.next()? {
            let Ok(line) = columns.read(&row) else { continue };
            let store = prescan.stores.number(&line.store, line.store_name);
            let product = prescan.products.number(line.sku, line.name);
            let place = *prescan.places.entry((store, product)).or_insert_with(|| {
                let first_line = row.line;
                prescan.levels.push(Level { store, product, first_line, sold: 0, needed: 0 });
                u32::try_from(prescan.levels.len() - 1).unwrap_or(u32::MAX)
            });
            let level = prescan
                .levels
                .get_mut(place as usize)
                .context("more than 4 billion stock levels")?;
            level.sold = level.sold.saturating_add(line.units);
            level.needed = level.needed.max(level.sold);
        }
        Ok(prescan)
    }

    /// The stock that is needed: store code, SKU, units, and the line where it is needed first.
    pub(super) fn needs(&self) -> impl Iterator<Item = (&str, &str, i64, u64)> {
        let needed = self.levels.iter().filter(|level| level.needed > 0);
        needed.map(|level| {
            let (store, product) =
                (self.stores.code(level.store), self.products.code(level.product));
            (store, product, level.needed, level.first_line)
        })
    }

    /// Receipts of the stock that is needed. Unknown stores and products receive nothing: their lines are rejected.
    pub(super) fn receipts(
        self,
        names: Arc<Names>,
        reason: Reason,
    ) -> impl Iterator<Item = anyhow::Result<Item>> + Send + 'static {
        let Self { stores, products, levels, .. } = self;
        let needed = levels.into_iter().filter(|level| level.needed > 0);
        needed.filter_map(move |level| {
            let known = names.level(stores.code(level.store), products.code(level.product));
            let (store, product) = known.ok()?;
            let movement = stock_lines::positive(level.needed).map(|quantity| {
                let reason = Some(reason.clone());
                let add = AddStock { quantity, reason, reference: None, occurred_at: None };
                Movement { store, product, change: Change::Added(add) }
            });
            Some(Ok(stock_lines::receipt(level.first_line, movement)))
        })
    }

    /// Writes the stock that is needed as a file for `import stock`.
    pub(super) fn write(&self, path: &Path) -> anyhow::Result<()> {
        let write = || -> anyhow::Result<()> {
            let mut file = csv::Writer::from_writer(BufWriter::new(File::create(path)?));
            file.write_record(["store_code", "sku", "quantity"])?;
            for (store, sku, units, _) in self.needs() {
                file.write_record([store, sku, &units.to_string()])?;
            }
            file.flush()?;
            let mut file = file.into_inner().map_err(csv::IntoInnerError::into_error)?;
            file.flush()?;
            Ok(file.get_ref().sync_all()?)
        };
        write().with_context(|| format!("cannot write {}", path.display()))
    }
}

impl Codes {
    /// Each code with what people call it; blank where the file does not say.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries.iter().map(|(code, name)| (&**code, &**name))
    }

    fn code(&self, number: u32) -> &str {
        self.entries.get(number as usize).map_or("", |(code, _)| code)
    }

    fn number(&mut self, code: &str, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(code) {
            let entry = self.entries.get_mut(*number as usize);
            if let Some((_, known)) =
                entry.filter(|(_, known)| known.is_empty() && !name.is_empty())
            {
                *known = name.into();
            }
            return *number;
        }
        let number = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        self.numbers.insert(code.into(), number);
        self.entries.push((code.into(), name.into()));
        number
    }
}
