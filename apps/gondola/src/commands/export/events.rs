//! `gondola export events`: whose events, and from where on.

use std::sync::Mutex;

use anyhow::Context;
use gondola_export::{Output, PersonalData, export_events};
use gondola_inventory::{CustomerKeysPlace, CustomerNames};
use gondola_inventory_domain::CustomerKey;
use kit_core::Position;
use serde_json::{Value, json};

use super::{OutArgs, through_server};
use crate::commands::running::ThroughServer;

/// Which events to export.
#[derive(Debug, clap::Args)]
pub(super) struct EventArgs {
    #[command(flatten)]
    out: OutArgs,

    #[command(flatten)]
    through: ThroughServer,

    /// Begin after this position; 0 is the beginning.
    #[arg(long, default_value_t = 0, value_name = "POSITION")]
    after: u64,

    /// Whose events: of stock, or of the catalogue.
    #[arg(long, value_enum, default_value_t, conflicts_with = "url")]
    context: LogContext,

    /// Add the personal data of the events, such as customer ids. Keep such a file as carefully as the log.
    #[arg(long, conflicts_with = "url")]
    personal: bool,
}

/// A context with a log of its own.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum LogContext {
    /// Stock levels and reservations.
    #[default]
    Inventory,
    /// Stores and products.
    Store,
}

/// Exports the log of a data folder that no server uses, or the events of stock of a running server as its feed has them.
pub(super) async fn run(args: &EventArgs) -> anyhow::Result<()> {
    if let Some(client) = args.through.client()? {
        return through_server::events(&client, args.after, &args.out.out).await;
    }
    let context = match args.context {
        LogContext::Inventory => "inventory",
        LogContext::Store => "store",
    };
    args.out.data.ensure_log(context)?;
    let log = args.out.data.open_event_store(context).await?;
    let personal = if args.personal { with_names(&args.out).await? } else { PersonalData::LeftOut };
    let output = Output::open(&args.out.out)?;
    export_events(&*log, Position::new(args.after), personal, output).await
}

/// Customers by their names, where there still are keys: `customerId`; of one who is forgotten only `customerKey` is left.
async fn with_names(out: &OutArgs) -> anyhow::Result<PersonalData> {
    let names = match out.data.customer_keys(out.data.log_root().join("privacy"))? {
        CustomerKeysPlace::InClear => Ok(None),
        CustomerKeysPlace::Folder(config) => CustomerNames::open(&config),
        CustomerKeysPlace::Shared(config) => CustomerNames::load(&config).await,
    };
    let names = names.context("the keys of customers cannot be used")?;
    let Some(names) = names else {
        return Ok(PersonalData::Read(Box::new(|it| Ok(it.to_owned()))));
    };
    let names = Mutex::new(names);
    Ok(PersonalData::Read(Box::new(move |stored| {
        let personal: Value = serde_json::from_str(stored)?;
        let key = personal["customerKey"].as_str().and_then(|key| key.parse().ok());
        let Some(key) = key else { return Ok(stored.to_owned()) };
        // a panic with the lock would have ended the command
        let names = names.lock().map_err(|_| anyhow::anyhow!("the keys of customers are gone"))?;
        let name = names.name(CustomerKey::from_uuid(key))?;
        Ok(name.map_or_else(|| stored.to_owned(), |name| json!({"customerId": name}).to_string()))
    })))
}
