//! What a chain has, as tables that imports and spreadsheets read: page by page, as far as who asks may see it.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::sync::Arc;

use anyhow::Context;
use gondola_export::{
    Codes, Exported, ExportedLevel, ExportedOffer, ExportedReplenishment, ExportedTransferLine,
    TableFormat, parents_first, write_table,
};
use gondola_import::Names;
use gondola_inventory::process_managers::transfers::{TransferFilter, Transfers};
use gondola_inventory::use_cases::{
    LevelFilter, LevelSort, Queries, ReplenishmentLine, ReplenishmentPlanner,
    ReplenishmentQuestion, StockLevel, StoreStock,
};
use gondola_inventory_domain::{ProductId, StoreId};
use gondola_store::use_cases::{CatalogueReadModel, Entry, ListQuery, Listing};
use gondola_store_domain::{Category, Product, Sku, Supplier, SupplierOffer};
use kit_core::Scope;
use kit_service::ReadError;

/// Entries of the catalogue per read.
const CATALOGUE_PAGE: usize = 5_000;

/// Stock levels, transfers and lines of replenishment per read.
const PAGE: usize = 1_000;

/// What is exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportKind {
    /// Stores.
    Stores,
    /// Products.
    Products,
    /// Categories, each behind its parent.
    Categories,
    /// Suppliers.
    Suppliers,
    /// What suppliers offer, in the order of SKUs and supplier codes.
    SupplierOffers,
    /// Stock levels of the registered stores, in the order of store codes and product ids.
    Stock,
    /// Transfers, oldest first, a line for each product of each.
    Transfers,
    /// What stores should order.
    Replenishment,
}

impl ExportKind {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Stores,
        Self::Products,
        Self::Categories,
        Self::Suppliers,
        Self::SupplierOffers,
        Self::Stock,
        Self::Transfers,
        Self::Replenishment,
    ];

    /// What it is called on the command line and in paths.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stores => "stores",
            Self::Products => "products",
            Self::Categories => "categories",
            Self::Suppliers => "suppliers",
            Self::SupplierOffers => "supplier-offers",
            Self::Stock => "stock",
            Self::Transfers => "transfers",
            Self::Replenishment => "replenishment",
        }
    }

    /// Whether it is of the catalogue.
    pub const fn is_catalogue(self) -> bool {
        !matches!(self, Self::Stock | Self::Transfers | Self::Replenishment)
    }
}

/// What is wanted of an export.
#[derive(Clone, Debug)]
pub struct ExportRequest {
    /// What is exported.
    pub kind: ExportKind,
    /// How it is written.
    pub format: TableFormat,
    /// Of transfers only those that are not at their end.
    pub unfinished: bool,
    /// The stores that exist for who asks.
    pub scope: Scope,
}

/// Where exports are read from. Cheap to clone.
#[derive(Clone)]
pub struct Source {
    /// The lists of the catalogue.
    pub listings: Arc<dyn CatalogueReadModel>,
    /// Stock levels.
    pub queries: Arc<Queries>,
    /// Transfers between stores.
    pub transfers: Arc<Transfers>,
    /// What stores should order.
    pub replenishment: Arc<ReplenishmentPlanner>,
}

/// Where the parts of an export go, in their order.
pub trait Sink {
    /// Takes a part; fails when no more is wanted.
    fn take(&mut self, part: Vec<u8>) -> impl Future<Output = anyhow::Result<()>>;
}

/// A table that is written part by part.
struct Table<'a, S> {
    format: TableFormat,
    is_first: bool,
    to: &'a mut S,
}

impl<S: Sink> Table<'_, S> {
    async fn add<A: Exported>(&mut self, entries: &[A]) -> anyhow::Result<()> {
        let mut part = Vec::new();
        write_table(&mut part, entries, self.format, self.is_first)?;
        self.is_first = false;
        self.to.take(part).await
    }
}

impl Source {
    /// Waits until what is read shows what was written before now, or tells how far behind it is.
    pub async fn see_all(&self) -> Result<(), ReadError> {
        let catalogue = self.listings.freshness();
        catalogue.reach(catalogue.end()).await?;
        let end = self.queries.head();
        self.queries.reach(end).await?;
        self.transfers.reach(end).await
    }

    /// Writes an export to its end.
    pub async fn export(&self, request: &ExportRequest, to: &mut impl Sink) -> anyhow::Result<()> {
        let ExportRequest { kind, format, unfinished, scope } = request;
        let mut table = Table { format: *format, is_first: true, to };
        let listings = &*self.listings;
        match kind {
            ExportKind::Stores => {
                let mut query = ListQuery { scope: scope.clone(), ..of_catalogue(None) };
                loop {
                    let page = listings.stores(query.clone()).await;
                    let page = page.context("cannot list the stores")?;
                    table.add(&states(page.items)).await?;
                    query.after = page.next;
                    if query.after.is_none() {
                        return Ok(());
                    }
                }
            }
            ExportKind::Products => {
                let mut query = of_catalogue(None);
                loop {
                    let page = listings.products(query.clone()).await;
                    let page = page.context("cannot list the products")?;
                    table.add(&states(page.items)).await?;
                    query.after = page.next;
                    if query.after.is_none() {
                        return Ok(());
                    }
                }
            }
            ExportKind::Categories => {
                let all = all(async |query| listings.categories(query).await).await;
                let all: Vec<Category> = all.context("cannot list the categories")?;
                table.add(&parents_first(all)).await
            }
            ExportKind::Suppliers => {
                let all = all(async |query| listings.suppliers(query).await).await;
                let all: Vec<Supplier> = all.context("cannot list the suppliers")?;
                table.add(&all).await
            }
            ExportKind::SupplierOffers => {
                let offers = self.offers().await.context("cannot list what suppliers offer")?;
                table.add(&offers).await
            }
            ExportKind::Stock => self.stock(scope, &mut table).await,
            ExportKind::Transfers => {
                let lines = self.transfer_lines(*unfinished, scope).await;
                table.add(&lines.context("cannot list the transfers")?).await
            }
            ExportKind::Replenishment => self.replenishment(scope, &mut table).await,
        }
    }

    /// What is offered of a product that is not registered cannot be named and is left out.
    async fn offers(&self) -> Result<Vec<ExportedOffer>, ReadError> {
        let listings = &*self.listings;
        let products: Vec<Product> = all(async |query| listings.products(query).await).await?;
        let skus: HashMap<_, Sku> =
            products.into_iter().map(|one| (one.product_id.as_uuid(), one.sku)).collect();
        let offers: Vec<SupplierOffer> =
            all(async |query| listings.supplier_offers(query).await).await?;
        let named = |offer: SupplierOffer| {
            let sku = skus.get(&offer.code.product_id.as_uuid())?.clone();
            Some(ExportedOffer { sku, offer })
        };
        let mut named: Vec<ExportedOffer> = offers.into_iter().filter_map(named).collect();
        // stable: those of one product stay in order
        named.sort_by(|one, other| one.sku.cmp(&other.sku));
        Ok(named)
    }

    async fn stock<S: Sink>(&self, scope: &Scope, table: &mut Table<'_, S>) -> anyhow::Result<()> {
        let listings = &*self.listings;
        let (_, products) = Names::load(&self.listings).await?.by_id();
        let mut query = ListQuery { scope: scope.clone(), ..of_catalogue(None) };
        loop {
            let page = listings.stores(query.clone()).await.context("cannot list the stores")?;
            for store in states(page.items) {
                let id = StoreId::from_uuid(store.store_id.as_uuid());
                let line = |level: StockLevel| {
                    let sku = products.get(&level.product).cloned().unwrap_or_default();
                    exported((store.code.as_str().into(), id), (sku, level.product), &level)
                };
                let mut after = None;
                loop {
                    let wanted = StoreStock {
                        store: id,
                        filter: LevelFilter::default(),
                        sort: LevelSort::Product,
                        after,
                        limit: PAGE,
                    };
                    let levels = self.queries.store_stock(wanted).await;
                    let levels = levels.context("cannot list the stock of a store")?;
                    let lines: Vec<ExportedLevel> = levels.items.into_iter().map(line).collect();
                    table.add(&lines).await?;
                    after = levels.next;
                    if after.is_none() {
                        break;
                    }
                }
            }
            query.after = page.next;
            if query.after.is_none() {
                // a table without lines has its columns
                return if table.is_first { table.add::<ExportedLevel>(&[]).await } else { Ok(()) };
            }
        }
    }

    /// Those that were asked for first take what there is first.
    async fn transfer_lines(
        &self,
        unfinished: bool,
        scope: &Scope,
    ) -> anyhow::Result<Vec<ExportedTransferLine>> {
        let (stores, products) = Names::load(&self.listings).await?.by_id();
        let codes = ById { stores, products };
        let scope = scope.clone();
        let mut filter =
            TransferFilter { unfinished, scope, limit: PAGE, ..TransferFilter::default() };
        let mut found = Vec::new();
        loop {
            let page = self.transfers.list(filter.clone()).await?;
            for listed in page.items {
                let Some(terms) = listed.transfer.terms() else { continue };
                let (id, transfer) = (listed.id, &listed.transfer);
                found.push(ExportedTransferLine::of(
                    id,
                    transfer,
                    terms,
                    listed.created_at,
                    &codes,
                ));
            }
            filter.after = page.next;
            if filter.after.is_none() {
                return Ok(found.into_iter().rev().flatten().collect());
            }
        }
    }

    async fn replenishment<S: Sink>(
        &self,
        scope: &Scope,
        table: &mut Table<'_, S>,
    ) -> anyhow::Result<()> {
        let (stores, products) = Names::load(&self.listings).await?.by_id();
        let codes = ById { stores, products };
        let scope = scope.clone();
        let mut question =
            ReplenishmentQuestion { limit: PAGE, scope, ..ReplenishmentQuestion::default() };
        loop {
            let page = self.replenishment.plan(&question).await;
            let page = page.context("cannot tell what to order")?.lines;
            let lines: Vec<_> =
                page.items.iter().map(|line| to_order(line).named(&codes)).collect();
            table.add(&lines).await?;
            question.after = page.next;
            if question.after.is_none() {
                return Ok(());
            }
        }
    }
}

fn to_order(line: &ReplenishmentLine) -> ExportedReplenishment {
    let order = line.order.as_ref();
    let first = line.transfers.first();
    ExportedReplenishment {
        level: (line.level.store, line.level.product),
        on_hand: line.level.on_hand,
        reserved: line.level.reserved,
        position: line.position,
        order: order.map(|order| (order.offer.terms.clone(), order.quantity)),
        transfer: first.map(|(donor, quantity)| (donor.store, *quantity)),
    }
}

fn exported(
    store: (Box<str>, StoreId),
    product: (Box<str>, ProductId),
    level: &StockLevel,
) -> ExportedLevel {
    let StockLevel { on_hand, reserved, safety_stock, reorder_point, version, .. } = level;
    let available = on_hand.saturating_sub(*reserved);
    let numbers = [*on_hand, *reserved, available, *safety_stock, *reorder_point].map(u64::from);
    let [on_hand, reserved, available, safety_stock, reorder_point] = numbers;
    let numbers = [on_hand, reserved, available, safety_stock, reorder_point, version.get()];
    ExportedLevel { store, product, numbers }
}

/// The codes of the catalogue, by id.
struct ById<S> {
    stores: HashMap<StoreId, Box<str>, S>,
    products: HashMap<ProductId, Box<str>, S>,
}

impl<S: BuildHasher> Codes for ById<S> {
    fn store(&self, id: StoreId) -> Box<str> {
        self.stores.get(&id).cloned().unwrap_or_default()
    }

    fn product(&self, id: ProductId) -> Box<str> {
        self.products.get(&id).cloned().unwrap_or_default()
    }
}

fn of_catalogue(after: Option<String>) -> ListQuery {
    ListQuery { limit: CATALOGUE_PAGE, after, ..ListQuery::default() }
}

fn states<A>(entries: Vec<Entry<A>>) -> Vec<A> {
    entries.into_iter().map(|entry| entry.state).collect()
}

/// All entries of a list, in its order.
async fn all<A>(
    page: impl AsyncFn(ListQuery) -> Result<Listing<A>, ReadError>,
) -> Result<Vec<A>, ReadError> {
    let (mut entries, mut after) = (Vec::new(), None);
    loop {
        let found = page(of_catalogue(after)).await?;
        entries.extend(states(found.items));
        after = found.next;
        if after.is_none() {
            return Ok(entries);
        }
    }
}
