//! `gondola stock`: how many units there are, from a running server.

use std::process::ExitCode;

use serde_json::Value;

use super::running::{ServerArgs, done, each_page, items, segment, text};
use crate::console;

/// Stock levels of a page.
const PAGE: usize = 200;

/// Of what.
#[derive(Debug, clap::Args)]
#[group(id = "of", required = true, multiple = true, args = ["store", "product"])]
pub(crate) struct Args {
    /// The store, by code or id; alone: all its products.
    #[arg(long, value_name = "STORE")]
    store: Option<String>,

    /// The product, by SKU, GTIN or id; alone: all stores that have it.
    #[arg(long, value_name = "PRODUCT")]
    product: Option<String>,

    /// As it was at a moment, such as 2026-11-28T12:00:00Z; needs store and product.
    #[arg(long, value_name = "MOMENT", requires = "store", requires = "product")]
    as_of: Option<String>,

    #[command(flatten)]
    server: ServerArgs,
}

/// Prints one stock level, those of a store, or those of a product.
pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let client = args.server.client()?;
    let (store, product) =
        (args.store.as_deref().map(segment), args.product.as_deref().map(segment));
    let path = match (store, product) {
        (Some(store), Some(product)) => {
            let moment = args.as_of.as_deref().map(|moment| format!("?asOf={}", segment(moment)));
            let moment = moment.unwrap_or_default();
            let path = format!("/api/v1/inventory/stores/{store}/products/{product}{moment}");
            let level = done(client.get(&path).await?)?;
            if !args.server.json {
                console::line(HEAD);
            }
            args.server.show(&level, line);
            return Ok(ExitCode::SUCCESS);
        }
        (Some(store), None) => format!("/api/v1/inventory/stores/{store}/products?limit={PAGE}"),
        (None, product) => {
            format!("/api/v1/inventory/products/{}?limit={PAGE}", product.unwrap_or_default())
        }
    };
    let mut head = (!args.server.json).then_some(HEAD);
    let show = |page: &Value| {
        head.take().into_iter().for_each(console::line);
        items(page).for_each(|level| args.server.show(level, line));
        true
    };
    each_page(&client, &path, show).await?;
    Ok(ExitCode::SUCCESS)
}

/// The names of the columns.
const HEAD: &str = "available  reserved   on hand  store             product";

/// A stock level in one line, so that tools can take it apart.
fn line(level: &Value) -> String {
    let number = |name: &str| level[name].as_i64().unwrap_or_default();
    let named =
        |code: &str, id: &str| level[code].as_str().unwrap_or_else(|| text(&level[id])).to_owned();
    let (store, product) = (named("storeCode", "storeId"), named("productSku", "productId"));
    let line = format!(
        "{:>9}  {:>8}  {:>8}  {store:<16}  {product}",
        number("available"),
        number("reserved"),
        number("onHand"),
    );
    let is_low = number("reorderPoint") > 0 && number("available") <= number("reorderPoint");
    let missing = (number("shortfall") > 0).then(|| format!("{} missing", number("shortfall")));
    let remarks = [level["productName"].as_str(), is_low.then_some("low"), missing.as_deref()];
    [Some(line.as_str())].into_iter().chain(remarks).flatten().collect::<Vec<_>>().join("  ")
}
