//! A first pass over all sales of a file: which stores and products they name, and how much stock they need.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use foldhash::fast::RandomState;
use gondola_export::guarded;
use gondola_inventory_domain::{AddStock, Reason};
use kit_core::Timestamp;

use super::baskets::Fates;
use super::csv_file::CsvFile;
use super::feed::Item;
use super::line_ledger::Fate;
use super::movement::{Change, Movement};
use super::names::Names;
use super::reading::Reading;
use super::sale_lines::SaleColumns;
use super::stock_lines;

/// What the sales of a file have in common; takes about 100 bytes a stock level.
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
    /// The most that this ever was: with so much stock no sale falls short, if the lines are in the order of their times.
    needed: i64,
    /// Units sold, whatever came back: enough in any order.
    gross: i64,
    /// Business time of its first sale or return, where the file has times.
    earliest: Option<Timestamp>,
    /// The latest one so far.
    latest: Option<Timestamp>,
    in_order: bool,
}

/// Stock that the sales of a file need of one level.
pub(super) struct Need<'a> {
    pub(super) store: &'a str,
    pub(super) sku: &'a str,
    pub(super) units: i64,
    /// When it must be there; `None` is now.
    pub(super) at: Option<Timestamp>,
}

impl Level {
    fn new(store: u32, product: u32, first_line: u64) -> Self {
        let (sold, needed, gross) = (0, 0, 0);
        let (earliest, latest, in_order) = (None, None, true);
        Self { store, product, first_line, sold, needed, gross, earliest, latest, in_order }
    }

    fn see(&mut self, units: i64, at: Option<Timestamp>) {
        self.sold = self.sold.saturating_add(units);
        self.needed = self.needed.max(self.sold);
        self.gross = self.gross.saturating_add(units.max(0));
        let Some(at) = at else { return };
        self.in_order &= self.latest.is_none_or(|latest| latest <= at);
        self.latest = self.latest.max(Some(at));
        self.earliest = Some(self.earliest.map_or(at, |earliest| earliest.min(at)));
    }

    fn units(&self) -> i64 {
        if self.in_order { self.needed } else { self.gross }
    }
}

impl Prescan {
    /// Reads a file from its beginning to its end. Lines that will not be booked are skipped.
    pub(super) fn read(
        mut csv_file: CsvFile,
        columns: &SaleColumns,
        reading: &Reading,
        fates: &Fates,
    ) -> anyhow::Result<Self> {
        let mut prescan = Self::default();
        while let Some(row) = csv_file.next()? {
            if matches!(fates.of(row.line), Fate::Before | Fate::BasketChanged) {
                continue;
            }
            let Ok(line) = columns.read(&row, reading) else { continue };
            let store = prescan.stores.number(&line.store, line.store_name);
            let product = prescan.products.number(line.sku, line.name);
            let place = *prescan.places.entry((store, product)).or_insert_with(|| {
                prescan.levels.push(Level::new(store, product, row.line));
                u32::try_from(prescan.levels.len() - 1).unwrap_or(u32::MAX)
            });
            let level = prescan
                .levels
                .get_mut(place as usize)
                .context("more than 4 billion stock levels")?;
            level.see(line.units, line.at);
        }
        Ok(prescan)
    }

    /// The stock that is needed.
    pub(super) fn needs(&self) -> impl Iterator<Item = Need<'_>> {
        let needed = self.levels.iter().filter(|level| level.units() > 0);
        needed.map(|level| Need {
            store: self.stores.code(level.store),
            sku: self.products.code(level.product),
            units: level.units(),
            at: level.earliest,
        })
    }

    /// Receipts of the stock that is needed. Unknown stores and products receive nothing: their lines are rejected.
    pub(super) fn receipts(
        self,
        names: Arc<Names>,
        reason: Reason,
    ) -> impl Iterator<Item = anyhow::Result<Item>> + Send + 'static {
        let Self { stores, products, levels, .. } = self;
        let needed = levels.into_iter().filter(|level| level.units() > 0);
        needed.filter_map(move |level| {
            let known = names.level(stores.code(level.store), products.code(level.product));
            let (store, product) = known.ok()?;
            let movement = stock_lines::positive(level.units()).map(|quantity| {
                let reason = Some(reason.clone());
                // before the first sale, or that one would be of goods that were not there yet
                let occurred_at = level.earliest;
                let add = AddStock { quantity, reason, reference: None, occurred_at };
                Movement { store, product, change: Change::Added(add) }
            });
            Some(Ok(stock_lines::receipt(level.first_line, movement)))
        })
    }

    /// Writes the stock that is needed as a file for `import stock`.
    pub(super) fn write(&self, path: &Path) -> anyhow::Result<()> {
        let write = || -> anyhow::Result<()> {
            let mut file = csv::Writer::from_writer(BufWriter::new(File::create(path)?));
            file.write_record(["store_code", "sku", "quantity", "occurred_at"])?;
            for Need { store, sku, units, at } in self.needs() {
                let at = at.map(|at| at.to_string()).unwrap_or_default();
                let (store, sku) = (guarded(store), guarded(sku));
                file.write_record([&*store, &*sku, &units.to_string(), &at])?;
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
