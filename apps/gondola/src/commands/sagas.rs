//! `gondola sagas`: shows what goes through several places, and helps where it is stuck, through a running server.

use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};
use serde_json::{Value, json};
use uuid::Uuid;

use super::running::{ServerArgs, done, each_page, items, text};
use crate::console;

/// Sagas of a page.
const PAGE: usize = 100;

/// What about the sagas.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Print the sagas that have not ended, newest first: what each is at, what it waits for, what its step fails of.
    List(ListArgs),
    /// Print a saga and all that happened to it.
    Show(OneArgs),
    /// Have the step of a saga tried at once. A step that fails is tried by itself too, at most five minutes later.
    Retry(OneArgs),
    /// Have what a saga has done compensated, where its kind allows that.
    Cancel(CancelArgs),
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Kind {
    /// Units on their way from one store to another.
    Transfer,
    /// Baskets held in several stores as one.
    SplitReservation,
    /// Baskets that store, inventory and notification service accept, and commit or roll back together.
    Checkout,
    /// What tills have sold while they were offline.
    PosBatch,
    /// Shelves that are counted and reviewed.
    Stocktake,
}

#[derive(Debug, clap::Args)]
struct ListArgs {
    #[command(flatten)]
    server: ServerArgs,

    /// Only those of which a step fails again and again.
    #[arg(long)]
    stuck: bool,

    /// Those that have ended as well.
    #[arg(long)]
    ended: bool,

    /// Only those of this kind.
    #[arg(long, value_name = "KIND")]
    kind: Option<Kind>,
}

#[derive(Debug, clap::Args)]
struct OneArgs {
    #[command(flatten)]
    server: ServerArgs,

    /// The saga's id: that of the transfer, split reservation, checkout, batch of a till or stocktake.
    id: Uuid,
}

#[derive(Debug, clap::Args)]
struct CancelArgs {
    #[command(flatten)]
    one: OneArgs,

    /// Why, in a few words.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

/// Lists, shows, retries or cancels.
pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    match args.what {
        What::List(args) => list(&args).await?,
        What::Show(OneArgs { server, id }) => {
            let answer = server.client()?.get(&format!("/api/v1/sagas/{id}")).await?;
            show(&server, &done(answer)?);
        }
        What::Retry(one) => act(&one, "retry", &json!({})).await?,
        What::Cancel(CancelArgs { one, reason }) => {
            let body = reason.map_or_else(|| json!({}), |reason| json!({ "reason": reason }));
            act(&one, "cancel", &body).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(args: &ListArgs) -> anyhow::Result<()> {
    let client = args.server.client()?;
    let (stuck, ended) = (args.stuck, args.ended);
    let kind = match args.kind {
        Some(Kind::Transfer) => "&kind=transfer",
        Some(Kind::SplitReservation) => "&kind=splitReservation",
        Some(Kind::Checkout) => "&kind=checkout",
        Some(Kind::PosBatch) => "&kind=posBatch",
        Some(Kind::Stocktake) => "&kind=stocktake",
        None => "",
    };
    let path = format!("/api/v1/sagas?limit={PAGE}&stuck={stuck}&ended={ended}{kind}");
    let show = |page: &Value| {
        items(page).for_each(|saga| args.server.show(saga, line));
        true
    };
    each_page(&client, &path, show).await
}

async fn act(one: &OneArgs, verb: &str, body: &Value) -> anyhow::Result<()> {
    let path = format!("/api/v1/sagas/{}/{verb}", one.id);
    let answer = one.server.client()?.post(&path, body).await?;
    show(&one.server, &done(answer)?);
    Ok(())
}

fn show(server: &ServerArgs, saga: &Value) {
    if server.json {
        return console::line(saga);
    }
    console::line(line(saga));
    for event in saga["history"].as_array().into_iter().flatten() {
        let part = |name: &str| text(&event[name]);
        let (version, at, what) = (&event["version"], part("recordedAt"), part("type"));
        console::line(format_args!(
            "{version:>4}  {at}  {what}  {}  {}",
            part("actor"),
            event["data"]
        ));
    }
}

/// A saga in one line, so that tools can take it apart.
fn line(saga: &Value) -> String {
    let part = |name: &str| text(&saga[name]);
    let whole = [part("sagaId"), part("kind"), part("state"), part("status")].join("  ");
    let mut told = vec![whole, format!("since {}", part("since"))];
    let step = &saga["step"];
    if step.is_object() {
        let store = step["storeCode"].as_str().or_else(|| step["storeId"].as_str());
        let store = store.unwrap_or_default();
        told.push(format!("step {} {} at {store}", step["number"], text(&step["name"])));
    }
    if let Some(error) = saga["lastError"].as_str() {
        told.push(format!("failed {} times of {error:?}", saga["attempts"]));
    }
    if let Some(waits_for) = saga["waitsFor"].as_str() {
        told.push(format!("waits for {waits_for}"));
    }
    if let Some(until) = saga["waitsUntil"].as_str() {
        told.push(format!("until {until}"));
    }
    told.join("  ")
}
