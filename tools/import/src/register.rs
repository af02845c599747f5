//! Registering the stores and products that files list: what is registered already stays as it is.

use kit_core::Caller;
use std::collections::HashSet;

use anyhow::Context;
use foldhash::fast::RandomState;
use gondola_store::use_cases::{CatalogueWrites, Registration, WriteError};
use gondola_store_domain::{Name, Product, Refusal, Sku, Store, StoreCode};

use super::catalogue::{Defaults, GTIN, Given, Listed, product_id, store_id};
use super::checkpoint::Tally;
use super::csv_file::{CsvFile, Row};
use super::names::Names;
use super::prescan::Prescan;
use super::progress::Progress;
use super::reject::Reject;
use super::reject_file::RejectFile;

/// Entries that are registered together.
const GROUP: usize = 500;

/// Where entries go to and what is said about them.
pub(super) struct Import<'a> {
    pub(super) writes: &'a CatalogueWrites,
    pub(super) caller: &'a Caller,
    pub(super) defaults: &'a Defaults,
    pub(super) progress: &'a Progress,
}

impl Import<'_> {
    /// Registers what a table lists. A code that is registered already counts as applied before.
    pub(super) async fn run<A: Listed>(
        &self,
        (mut csv_file, columns): (CsvFile, A::Columns),
        given: &Given<'_>,
        rejects: &mut RejectFile,
    ) -> anyhow::Result<Tally> {
        let mut tally = Tally::default();
        // a file of sales lists its products again and again
        let mut seen: HashSet<A::Code, RandomState> = HashSet::default();
        let mut group: Vec<(Row, A)> = Vec::with_capacity(GROUP);
        while let Some(row) = csv_file.next()? {
            tally.lines += 1;
            match A::read_row(&columns, &row, given) {
                Err(reject) => {
                    Tally::count(&mut tally.rejected, reject.code);
                    rejects.add(&row, &reject)?;
                }
                Ok((entry, _)) if !seen.insert(entry.code().clone()) => tally.applied += 1,
                Ok((entry, dropped)) => {
                    for field in dropped {
                        Tally::count(&mut tally.dropped, field);
                    }
                    group.push((row, entry));
                }
            }
            if group.len() == GROUP {
                self.register(&mut group, &mut tally, rejects).await?;
            }
        }
        self.register(&mut group, &mut tally, rejects).await?;
        rejects.sync()?;
        Ok(tally)
    }

    async fn register<A: Listed>(
        &self,
        group: &mut Vec<(Row, A)>,
        tally: &mut Tally,
        rejects: &mut RejectFile,
    ) -> anyhow::Result<()> {
        let (rows, entries): (Vec<Row>, Vec<A>) = group.drain(..).unzip();
        let written = self.register_all(entries, tally).await;
        for (row, written) in rows.iter().zip(written) {
            match written {
                Ok(registration) => {
                    tally.applied += 1;
                    if matches!(registration, Registration::Registered(_)) {
                        self.progress.applied();
                    }
                }
                Err(WriteError::Refused(refusal)) => {
                    Tally::count(&mut tally.rejected, "refused");
                    rejects.add(row, &Reject::new("refused", refusal.to_string()))?;
                }
                Err(error) => return Err(error).context("cannot write the catalogue"),
            }
        }
        self.progress.tell(tally);
        Ok(())
    }

    /// Registers entries. Other lists than ours give one barcode to several products: the first of them keeps it, and the
    /// others are registered without one.
    async fn register_all<A: Listed>(
        &self,
        entries: Vec<A>,
        tally: &mut Tally,
    ) -> Vec<Result<Registration<A>, WriteError<A>>> {
        let mut written = A::register_all(self.writes, entries.clone(), self.caller).await;
        let taken = |one: &_| matches!(one, Err(WriteError::Refused(Refusal::GtinTaken { .. })));
        let places: Vec<usize> = (0..written.len()).filter(|at| taken(&written[*at])).collect();
        let bare = |at: &usize| entries[*at].clone().without_barcode();
        let again: Vec<A> = places.iter().filter_map(bare).collect();
        let again = A::register_all(self.writes, again, self.caller).await;
        for (at, registration) in places.into_iter().zip(again) {
            Tally::count(&mut tally.dropped, GTIN.what);
            written[at] = registration;
        }
        written
    }

    /// Registers the unknown stores and products of sales, and adds them to the names. Codes that cannot be registered
    /// are skipped: the lines that name them are rejected with the reason.
    pub(super) async fn derive(&self, prescan: &Prescan, names: &mut Names) -> anyhow::Result<()> {
        let mut stores = Vec::new();
        for (code, name) in prescan.stores.entries() {
            if names.store(code).is_none()
                && let Ok(code) = StoreCode::new(code)
                && let Ok(name) = Name::new(if name.is_empty() { code.as_str() } else { name })
            {
                let region = self.defaults.region.clone();
                stores.push(Store::new(store_id(&code), code, name, region));
            }
        }
        let mut products = Vec::new();
        for (sku, name) in prescan.products.entries() {
            if names.product(sku).is_none()
                && let Ok(sku) = Sku::new(sku)
                && let Ok(name) = Name::new(name).or_else(|_| Name::new(sku.as_str()))
            {
                products.push(Product::new(product_id(&sku), sku, name));
            }
        }
        let codes: Vec<StoreCode> = stores.iter().map(|store| store.code.clone()).collect();
        for (code, written) in
            codes.iter().zip(Store::register_all(self.writes, stores, self.caller).await)
        {
            names.add_store(code.as_str(), written.context("cannot register a store")?.id());
        }
        let skus: Vec<Sku> = products.iter().map(|product| product.sku.clone()).collect();
        for (sku, written) in
            skus.iter().zip(Product::register_all(self.writes, products, self.caller).await)
        {
            names.add_product(sku.as_str(), written.context("cannot register a product")?.id());
        }
        Ok(())
    }
}
