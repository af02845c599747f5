//! `gondola history`: why a stock level is what it is, from a running server.

use std::process::ExitCode;

use serde_json::Value;

use super::running::{ServerArgs, each_page, items, segment, text};

/// Movements of a page.
const PAGE: usize = 200;

/// Of what.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The store, by code or id.
    store: String,

    /// The product, by SKU, GTIN or id.
    product: String,

    /// Most movements.
    #[arg(long, default_value_t = 20, value_name = "COUNT")]
    limit: usize,

    #[command(flatten)]
    server: ServerArgs,
}

/// Prints movements, the newest first.
pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let (store, product) = (segment(&args.store), segment(&args.product));
    let mut left = args.limit;
    let page = PAGE.min(left.max(1));
    let path = format!("/api/v1/inventory/stores/{store}/products/{product}/history?limit={page}");
    let show = |page: &Value| {
        for movement in items(page).take(left) {
            args.server.show(movement, line);
        }
        left = left.saturating_sub(items(page).count());
        left > 0
    };
    each_page(&args.server.client()?, &path, show).await?;
    Ok(ExitCode::SUCCESS)
}

/// A movement in one line, so that tools can take it apart.
fn line(movement: &Value) -> String {
    let part = |name: &str| text(&movement[name]);
    let number = |name: &str| movement[name].as_i64().unwrap_or_default();
    let (on_hand, reserved) = (number("onHandDelta"), number("reservedDelta"));
    let line = format!(
        "{}  {:<16} {on_hand:>+6} on hand {reserved:>+6} reserved  {}",
        part("occurredAt"),
        part("cause"),
        part("actor")
    );
    let why = ["reason", "reference"].map(|name| movement[name].as_str());
    [Some(line.as_str())].into_iter().chain(why).flatten().collect::<Vec<_>>().join("  ")
}
