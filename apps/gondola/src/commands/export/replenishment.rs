//! `gondola export replenishment`: what stores should order, as a table for those who order.

use anyhow::Context;
use gondola_export::{ExportedReplenishment, Output, export_table};
use gondola_import::Names;
use gondola_inventory::use_cases::{
    ReplenishmentLine, ReplenishmentPlanner, ReplenishmentQuestion,
};
use kit_service::ReadError;

use super::{ById, FormatName, OutArgs, start};

/// What to export of it, and how.
#[derive(Debug, clap::Args)]
pub(super) struct ReplenishmentArgs {
    #[command(flatten)]
    out: OutArgs,

    /// How it is written.
    #[arg(long, value_enum, default_value_t)]
    format: FormatName,
}

/// Lines per read.
const PAGE: usize = 200;

/// Exports what stores should order by a data folder that no server uses, in the order of store and product ids.
pub(super) async fn run(args: &ReplenishmentArgs) -> anyhow::Result<()> {
    args.out.data.ensure_log("inventory")?;
    // brings the views up to the end of the logs
    let gondola = start(&args.out).await?;
    let names = Names::load(&gondola.store.listings).await;
    let found = lines(&gondola.inventory.replenishment).await;
    gondola.stop().await;
    let (stores, products) = names?.by_id();
    let codes = ById { stores, products };
    let found = found.context("cannot tell what to order")?;
    let line = |line: &ReplenishmentLine| {
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
        .named(&codes)
    };
    let lines: Vec<_> = found.iter().map(line).collect();
    let (format, output) = (args.format.format(), Output::open(&args.out.out)?);
    tokio::task::spawn_blocking(move || export_table(&lines, format, output)).await?
}

async fn lines(planner: &ReplenishmentPlanner) -> Result<Vec<ReplenishmentLine>, ReadError> {
    let mut lines = Vec::new();
    let mut question = ReplenishmentQuestion { limit: PAGE, ..ReplenishmentQuestion::default() };
    loop {
        let page = planner.plan(&question).await?.lines;
        lines.extend(page.items);
        question.after = page.next;
        if question.after.is_none() {
            return Ok(lines);
        }
    }
}
