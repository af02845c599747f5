//! `gondola rebuild-views`: rebuilds the views of a stopped product; a running one does it by its API.

use std::process::ExitCode;

use anyhow::Context;
use gondola_inventory::use_cases::HoldLimits;
use gondola_notification::ChannelsConfig;
use kit_cdn::Edge;

use crate::compose::cache::CacheUrl;
use crate::compose::event_bus::EventBusUrl;
use crate::compose::event_store::DataArgs;
use crate::compose::flags::FlagArgs;
use crate::compose::{self, Settings};
use crate::console;
use crate::progress::Shown;

/// What to rebuild.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    data: DataArgs,

    /// Switch even when the rebuilt views differ from the present ones.
    #[arg(long)]
    force: bool,
}

/// Rebuilds the views of stock and says how they compare. Exit code 1 when they differ and were not switched.
pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    args.data.ensure_log("inventory")?;
    let settings = Settings {
        data: args.data,
        event_bus: EventBusUrl::Memory,
        executor: kit_executor::ExecutorConfig::default(),
        hold_limits: HoldLimits::default(),
        cache_entries_max: 1_000,
        shared_cache: CacheUrl::None,
        flags: FlagArgs::default(),
        edge: Edge::default(),
        webhooks: None,
        channels: ChannelsConfig::default(),
    };
    let gondola = compose::start(&settings).await.context(
        "a running product rebuilds its views with POST /api/v1/inventory/views/rebuild instead",
    )?;
    let shown = Shown::new();
    let rebuilt = gondola.inventory.rebuild.rebuild(args.force, &shown.rebuilding()).await;
    drop(shown);
    gondola.stop().await;
    let rebuilt = rebuilt?;
    console::line(format_args!(
        "rebuilt {} stock levels up to position {}; the present views were {}",
        rebuilt.stock_levels,
        rebuilt.position,
        if rebuilt.identical { "identical" } else { "DIFFERENT" }
    ));
    if rebuilt.identical || args.force {
        console::line("switched to the rebuilt views");
        return Ok(ExitCode::SUCCESS);
    }
    console::line("kept the present views; look into the difference, then use --force");
    Ok(ExitCode::FAILURE)
}
