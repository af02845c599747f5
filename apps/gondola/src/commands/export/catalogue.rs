//! `gondola export stores`, `products`, `categories`, `suppliers` and `supplier-offers`: the catalogue, as files that
//! `gondola import` reads.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::Context;
use gondola_export::{Exported, ExportedOffer, Output, export_table, parents_first};
use gondola_store::use_cases::{CatalogueReadModel, ListQuery, Listing};
use gondola_store_domain::{Aggregate, Category, Product, Sku, Store, Supplier, SupplierOffer};
use kit_service::ReadError;

use super::{FormatName, OutArgs, start};

/// Where the catalogue is exported to.
#[derive(Debug, clap::Args)]
pub(super) struct CatalogueArgs {
    #[command(flatten)]
    out: OutArgs,

    /// How it is written; imports read both.
    #[arg(long, value_enum, default_value_t)]
    format: FormatName,
}

/// Entries of the catalogue per read.
const PAGE: usize = 5_000;

/// Exports the stores of a data folder that no server uses.
pub(super) async fn stores(args: &CatalogueArgs) -> anyhow::Result<()> {
    export::<Store>(args, async |listings, query| listings.stores(query).await).await
}

/// Exports the products of a data folder that no server uses.
pub(super) async fn products(args: &CatalogueArgs) -> anyhow::Result<()> {
    export::<Product>(args, async |listings, query| listings.products(query).await).await
}

/// Exports the categories of a data folder that no server uses, each behind its parent.
pub(super) async fn categories(args: &CatalogueArgs) -> anyhow::Result<()> {
    export::<Category>(args, async |listings, query| listings.categories(query).await).await
}

/// Exports the suppliers of a data folder that no server uses.
pub(super) async fn suppliers(args: &CatalogueArgs) -> anyhow::Result<()> {
    export::<Supplier>(args, async |listings, query| listings.suppliers(query).await).await
}

/// Exports what the suppliers offer in a data folder that no server uses, in the order of SKUs and supplier codes. What is
/// offered of a product that is not registered cannot be named and is left out.
pub(super) async fn supplier_offers(args: &CatalogueArgs) -> anyhow::Result<()> {
    let read = async |listings: &dyn CatalogueReadModel| {
        let products =
            all(listings, async |listings, query| listings.products(query).await).await?;
        let skus: HashMap<_, Sku> =
            products.into_iter().map(|one| (one.product_id.as_uuid(), one.sku)).collect();
        let offers =
            async |listings: &dyn CatalogueReadModel, query| listings.supplier_offers(query).await;
        let offers = all::<SupplierOffer>(listings, offers).await?.into_iter();
        let named = |offer: SupplierOffer| {
            let sku = skus.get(&offer.code.product_id.as_uuid())?.clone();
            Some(ExportedOffer { sku, offer })
        };
        let mut named: Vec<ExportedOffer> = offers.filter_map(named).collect();
        // stable: those of one product stay in order
        named.sort_by(|one, other| one.sku.cmp(&other.sku));
        Ok(named)
    };
    export_read(args, read).await
}

async fn export<A: Exported + Aggregate>(
    args: &CatalogueArgs,
    page: impl AsyncFn(&dyn CatalogueReadModel, ListQuery) -> Result<Listing<A>, ReadError>,
) -> anyhow::Result<()> {
    let read =
        async |listings: &dyn CatalogueReadModel| Ok(parents_first(all(listings, page).await?));
    export_read(args, read).await
}

/// Exports what is read of a data folder that no server uses.
async fn export_read<E: Exported + Send + 'static>(
    args: &CatalogueArgs,
    read: impl AsyncFnOnce(&dyn CatalogueReadModel) -> Result<Vec<E>, ReadError>,
) -> anyhow::Result<()> {
    args.out.data.ensure_log("store")?;
    // brings the views up to the end of the log
    let gondola = start(&args.out).await?;
    let listings = Arc::clone(&gondola.store.listings);
    let entries = read(&*listings).await.context("cannot list the catalogue");
    drop(listings);
    gondola.stop().await;
    let (entries, output) = (entries?, Output::open(&args.out.out)?);
    let format = args.format.format();
    tokio::task::spawn_blocking(move || export_table(&entries, format, output)).await?
}

/// All entries of a list, in its order.
async fn all<A>(
    listings: &dyn CatalogueReadModel,
    page: impl AsyncFn(&dyn CatalogueReadModel, ListQuery) -> Result<Listing<A>, ReadError>,
) -> Result<Vec<A>, ReadError> {
    let mut entries = Vec::new();
    let mut after = None;
    loop {
        let query = ListQuery { limit: PAGE, after, ..ListQuery::default() };
        let found = page(listings, query).await?;
        entries.extend(found.items.into_iter().map(|entry| entry.state));
        after = found.next;
        if after.is_none() {
            return Ok(entries);
        }
    }
}
