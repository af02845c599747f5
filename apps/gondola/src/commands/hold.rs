//! `gondola hold`: promises units by hand, and sees, keeps or gives back what was promised, through a running server.

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::{Value, json};
use uuid::Uuid;

use super::running::{ServerArgs, done, name, post_named, text};

/// Where units are held.
const RESERVE: &str = "/api/v1/inventory/reserve";

/// What about a hold.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Reserve units of a product in a store.
    Make(MakeArgs),
    /// Print a reservation.
    Show(OneArgs),
    /// Have the deadline begin anew.
    Extend(ExtendArgs),
    /// The units were sold.
    Commit(CommitArgs),
    /// Give the units back.
    Release(OneArgs),
}

#[derive(Debug, clap::Args)]
struct MakeArgs {
    /// The store, by code or id.
    store: String,

    /// The product, by SKU, GTIN or id.
    product: String,

    /// How many units; all or none.
    quantity: u32,

    /// The order that it is for.
    #[arg(long, value_name = "ORDER")]
    order: Option<String>,

    /// Seconds until they are free again; 300 unless said.
    #[arg(long, value_name = "SECONDS")]
    ttl_seconds: Option<u32>,

    /// The reservation's id: sent again with it, nothing is held twice.
    #[arg(long, value_name = "UUID")]
    reservation_id: Option<Uuid>,

    #[command(flatten)]
    server: ServerArgs,
}

#[derive(Debug, clap::Args)]
struct OneArgs {
    /// The reservation's id.
    reservation_id: Uuid,

    #[command(flatten)]
    server: ServerArgs,
}

#[derive(Debug, clap::Args)]
struct ExtendArgs {
    #[command(flatten)]
    one: OneArgs,

    /// Seconds from now until they are free again; 300 unless said.
    #[arg(long, value_name = "SECONDS")]
    ttl_seconds: Option<u32>,
}

#[derive(Debug, clap::Args)]
struct CommitArgs {
    #[command(flatten)]
    one: OneArgs,

    /// The sale, such as the number of a receipt.
    #[arg(long, value_name = "SALE")]
    transaction_id: String,
}

/// Makes, shows, extends, commits or releases.
pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let (server, answer) = match args.what {
        What::Make(args) => make(args).await?,
        What::Show(OneArgs { reservation_id, server }) => {
            let path = format!("/api/v1/inventory/reservations/{reservation_id}");
            let answer = server.client()?.get(&path).await?;
            (server, done(answer)?)
        }
        What::Extend(ExtendArgs { one, ttl_seconds }) => {
            let more = ttl_seconds.map(|seconds| ("ttlSeconds", seconds.into()));
            act("extend", one, more).await?
        }
        What::Commit(CommitArgs { one, transaction_id }) => {
            act("commit", one, Some(("transactionId", transaction_id.into()))).await?
        }
        What::Release(one) => act("release", one, None).await?,
    };
    server.show(&answer, line);
    Ok(ExitCode::SUCCESS)
}

async fn make(args: MakeArgs) -> anyhow::Result<(ServerArgs, Value)> {
    let mut body = json!({"quantity": args.quantity});
    name(&mut body, "storeId", "storeCode", &args.store);
    name(&mut body, "productId", "productSku", &args.product);
    let given = [
        ("orderId", args.order.map(Value::from)),
        ("ttlSeconds", args.ttl_seconds.map(Value::from)),
        ("reservationId", args.reservation_id.map(|id| id.to_string().into())),
    ];
    for (member, value) in given {
        if let Some(value) = value {
            body[member] = value;
        }
    }
    let answer = post_named(&args.server.client()?, RESERVE, body).await?;
    Ok((args.server, done(answer)?))
}

async fn act(
    verb: &str,
    OneArgs { reservation_id, server }: OneArgs,
    more: Option<(&str, Value)>,
) -> anyhow::Result<(ServerArgs, Value)> {
    let mut body = json!({"reservationId": reservation_id});
    if let Some((member, value)) = more {
        body[member] = value;
    }
    let answer = server.client()?.post(&format!("/api/v1/inventory/{verb}"), &body).await?;
    Ok((server, done(answer)?))
}

/// A reservation in one line and its lines below, so that tools can take it apart.
fn line(reservation: &Value) -> String {
    let part = |name: &str| text(&reservation[name]);
    let store = reservation["storeCode"].as_str().unwrap_or_else(|| part("storeId"));
    let mut told = vec![format!("{}  {}  {store}", part("reservationId"), part("status"))];
    if let Some(until) = reservation["expiresAt"].as_str() {
        told.push(format!("until {until}"));
    }
    let one = |line: &Value| {
        let product = line["productSku"].as_str().unwrap_or_else(|| text(&line["productId"]));
        format!("{} of {product}", line["quantity"])
    };
    if reservation["quantity"].is_number() {
        told.push(one(reservation));
    }
    let lines = reservation["lines"].as_array().into_iter().flatten();
    let lines = lines.map(|line| format!("\n  {}  {}", one(line), text(&line["status"])));
    told.join("  ") + &lines.collect::<String>()
}
