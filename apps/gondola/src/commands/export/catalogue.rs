//! `gondola export stores`, `products` and `categories`: the catalogue, as files that `gondola import` reads.

use std::sync::Arc;

use anyhow::Context;
use gondola_export::{Exported, Output, export_catalogue, parents_first};
use gondola_store::use_cases::{CatalogueReadModel, ListQuery, Listing};
use gondola_store_domain::{Aggregate, Category, Product, Store};
use kit_service::ReadError;

use super::{OutArgs, start};

/// Where the catalogue is exported to.
#[derive(Debug, clap::Args)]
pub(super) struct CatalogueArgs {
    #[command(flatten)]
    out: OutArgs,
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

async fn export<A: Exported + Aggregate>(
    args: &CatalogueArgs,
    page: impl AsyncFn(&dyn CatalogueReadModel, ListQuery) -> Result<Listing<A>, ReadError>,
) -> anyhow::Result<()> {
    args.out.ensure_log("store")?;
    // brings the views up to the end of the log
    let gondola = start(&args.out).await?;
    let listings = Arc::clone(&gondola.store.listings);
    let entries = all(&*listings, page).await.context("cannot list the catalogue");
    drop(listings);
    gondola.stop().await;
    let (entries, output) = (parents_first(entries?), Output::open(&args.out.out)?);
    tokio::task::spawn_blocking(move || export_catalogue(&entries, output)).await?
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
