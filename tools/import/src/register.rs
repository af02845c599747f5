//! Registering the stores and products that files list: what is registered already stays as it is.

use kit_core::Caller;
use std::collections::HashSet;

use anyhow::Context;
use foldhash::fast::RandomState;
use gondola_store::use_cases::{CatalogueWrites, Entry, Named, Registration, WriteError};
use gondola_store_domain::{Name, Product, Refusal, Sku, Store, StoreCode};

use super::catalogue::{Defaults, GTIN, Given, Listed, product_id, store_id};
use super::checkpoint::Tally;
use super::csv_file::{CsvFile, Row};
use super::names::Names;
use super::prescan::Prescan;
use super::progress::Progress;
use super::reject::Reject;
use super::reject_file::RejectFile;
use super::stock_lines::Dropped;

/// Entries that are registered together.
const GROUP: usize = 500;

/// Where entries go to and what is said about them.
pub(super) struct Import<'a> {
    pub(super) writes: &'a CatalogueWrites,
    pub(super) caller: &'a Caller,
    pub(super) defaults: &'a Defaults,
    pub(super) progress: &'a Progress,
    pub(super) mode: Mode,
}

/// What is done with entries.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mode {
    /// Those that are registered already become what the file says of them.
    pub(super) update: bool,
    /// Nothing is done: it is said what would be.
    pub(super) dry_run: bool,
}

/// What became of an entry.
enum Fate {
    /// It is new.
    New,
    /// These fields of it have changed: the column, what it had, and what it has.
    Changed(Vec<(&'static str, String, String)>),
    /// It is as it was.
    Unchanged,
}

/// An entry, and the line that lists it.
struct Listing<A> {
    row: Row,
    entry: A,
    dropped: Dropped,
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
        let mut group: Vec<Listing<A>> = Vec::with_capacity(GROUP);
        while let Some(row) = csv_file.next()? {
            tally.lines += 1;
            match A::read_row(&columns, &row, given) {
                Err(reject) => {
                    Tally::count(&mut tally.rejected, reject.code);
                    rejects.add(&row, &reject)?;
                }
                Ok((entry, _)) if !seen.insert(entry.code().clone()) => tally.applied += 1,
                Ok((entry, dropped)) => {
                    group.push(Listing { row, entry, dropped });
                }
            }
            if group.len() == GROUP {
                self.register(&columns, &mut group, &mut tally, rejects).await?;
            }
        }
        self.register(&columns, &mut group, &mut tally, rejects).await?;
        rejects.sync()?;
        Ok(tally)
    }

    async fn register<A: Listed>(
        &self,
        columns: &A::Columns,
        group: &mut Vec<Listing<A>>,
        tally: &mut Tally,
        rejects: &mut RejectFile,
    ) -> anyhow::Result<()> {
        let written = self.write_all(columns, group).await;
        for (Listing { row, dropped, entry }, written) in group.drain(..).zip(written) {
            match written {
                Ok(fate) => {
                    tally.applied += 1;
                    tally.warn(row.line, &dropped);
                    if !matches!(fate, Fate::Unchanged) {
                        self.progress.applied();
                    }
                    if let Fate::Changed(fields) = fate {
                        tally.change(row.line, &entry.code().to_string(), fields);
                    }
                }
                Err(WriteError::Refused(refusal)) => {
                    Tally::count(&mut tally.rejected, "refused");
                    rejects.add(&row, &Reject::new("refused", refusal.to_string()))?;
                }
                Err(error) => return Err(error).context("cannot write the catalogue"),
            }
        }
        self.progress.tell(tally);
        Ok(())
    }

    /// Registers entries, and changes those that are there if that is wanted; in a dry run it only looks at them.
    async fn write_all<A: Listed>(
        &self,
        columns: &A::Columns,
        group: &mut [Listing<A>],
    ) -> Vec<Result<Fate, WriteError<A>>> {
        let mut fates = Vec::with_capacity(group.len());
        if self.mode.dry_run {
            for listing in &*group {
                let named = Named::Code(listing.entry.code().clone());
                fates.push(self.revise(columns, listing, &named, Fate::New).await);
            }
            return fates;
        }
        for (at, written) in self.register_all(group).await.into_iter().enumerate() {
            fates.push(match written {
                Ok(Registration::Registered(_)) => Ok(Fate::New),
                Ok(Registration::AlreadyRegistered(id)) if self.mode.update => {
                    self.revise(columns, &group[at], &Named::Id(id), Fate::Unchanged).await
                }
                Ok(Registration::AlreadyRegistered(_)) => Ok(Fate::Unchanged),
                Err(error) => Err(error),
            });
        }
        fates
    }

    /// Gives an entry that is there what the file says of it, if that is wanted; `missing` is the fate of one that is not.
    async fn revise<A: Listed>(
        &self,
        columns: &A::Columns,
        listing: &Listing<A>,
        named: &Named<A>,
        missing: Fate,
    ) -> Result<Fate, WriteError<A>> {
        let entries = A::entries(self.writes);
        let Some(Entry { state: before, .. }) = entries.find(named).await? else {
            return Ok(missing);
        };
        if !self.mode.update {
            return Ok(Fate::Unchanged);
        }
        let changes = listing.entry.changes(columns, &listing.row);
        let after = before.clone().apply(&changes);
        if after == before {
            return Ok(Fate::Unchanged);
        }
        if !self.mode.dry_run {
            entries.update(before.id(), changes, None, self.caller.clone()).await?;
        }
        let both = before.shown().into_iter().zip(after.shown());
        let differing = both.filter(|((_, before), (_, after))| before != after);
        Ok(Fate::Changed(
            differing.map(|((field, before), (_, after))| (field, before, after)).collect(),
        ))
    }

    /// Registers entries. Other lists than ours give one barcode to several products: the first of them keeps it, and the
    /// others are registered without one.
    async fn register_all<A: Listed>(
        &self,
        group: &mut [Listing<A>],
    ) -> Vec<Result<Registration<A>, WriteError<A>>> {
        let entries = group.iter().map(|one| one.entry.clone()).collect();
        let mut written = A::register_all(self.writes, entries, self.caller).await;
        let taken = |one: &_| matches!(one, Err(WriteError::Refused(Refusal::GtinTaken { .. })));
        let places: Vec<usize> = (0..written.len()).filter(|at| taken(&written[*at])).collect();
        let bare = |at: &usize| group[*at].entry.clone().without_barcode();
        let again: Vec<A> = places.iter().filter_map(bare).collect();
        let again = A::register_all(self.writes, again, self.caller).await;
        for (at, registration) in places.into_iter().zip(again) {
            group[at].dropped.push(GTIN.what);
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
