//! `gondola transfers`: sends units from one store to another and receives them by hand, through a running server.

use std::process::ExitCode;
use std::str::FromStr;

use anyhow::bail;
use clap::builder::PossibleValue;
use clap::{Subcommand, ValueEnum};
use serde_json::{Value, json};
use uuid::Uuid;

use super::running::{ServerArgs, done, each_page, items, name, post_named, segment, text};

/// Where transfers are.
const TRANSFERS: &str = "/api/v1/inventory/transfers";

/// Transfers of a page.
const PAGE: usize = 100;

/// What about transfers.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Ask for units of one store to go to another; the first holds them until they leave.
    Request(RequestArgs),
    /// Print transfers, newest first.
    List(ListArgs),
    /// Print a transfer.
    Show(OneArgs),
    /// All that is held has left the source: it is in transit.
    Dispatch(OneArgs),
    /// Goods have arrived: all that is in transit, or what is said of each product.
    Receive(ReceiveArgs),
    /// Give a transfer up before anything has left.
    Cancel(ReasonArgs),
    /// All that is still in transit is back on the shelf of the source.
    Return(ReasonArgs),
}

/// Units of a product, such as `PROD123456=24`.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Units {
    product: String,
    quantity: u32,
}

impl FromStr for Units {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // the last =, since SKUs may have some
        let parts = text.rsplit_once('=').filter(|(product, _)| !product.is_empty());
        let (product, quantity) =
            parts.ok_or("write the product by SKU, GTIN or id, then = and units: PROD123456=24")?;
        let quantity = quantity
            .parse()
            .map_err(|_| format!("'{quantity}' is no number of units: write PROD123456=24"))?;
        Ok(Self { product: product.to_owned(), quantity })
    }
}

#[derive(Debug, clap::Args)]
struct RequestArgs {
    /// The store that sends, by code or id.
    source: String,

    /// The store that receives, by code or id.
    destination: String,

    /// What goes: products by SKU, GTIN or id, with their units, such as PROD123456=24.
    #[arg(required = true, value_name = "PRODUCT=UNITS")]
    lines: Vec<Units>,

    /// What you call it; asked for again with it, nothing is sent twice.
    #[arg(long, value_name = "TEXT")]
    reference: Option<String>,

    /// Why, in a few words.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,

    #[command(flatten)]
    server: ServerArgs,
}

/// As the API calls them, and as they are printed.
#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "camelCase")]
enum Status {
    /// Asked for; the source has not answered yet.
    Requested,
    /// The source holds the units.
    Held,
    /// The units have left, and have not all been accounted for.
    InTransit,
    /// All units are accounted for.
    Closed,
    /// Given up before anything left.
    Cancelled,
    /// The source could not hold the units.
    Refused,
    /// What was in transit is back at the source.
    Returned,
}

#[derive(Debug, clap::Args)]
struct ListArgs {
    /// Only those from or to this store, by code or id.
    #[arg(long, value_name = "STORE")]
    store: Option<String>,

    /// Only those that stand like this.
    #[arg(long, value_name = "STATUS")]
    status: Option<Status>,

    /// Only the one with this reference, and those with it that were refused.
    #[arg(long, value_name = "TEXT")]
    reference: Option<String>,

    /// Only those of which a step fails again and again.
    #[arg(long)]
    delayed: bool,

    #[command(flatten)]
    server: ServerArgs,
}

#[derive(Debug, clap::Args)]
struct OneArgs {
    /// The transfer's id.
    transfer_id: Uuid,

    #[command(flatten)]
    server: ServerArgs,
}

#[derive(Debug, clap::Args)]
struct ReasonArgs {
    #[command(flatten)]
    one: OneArgs,

    /// Why, in a few words.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

#[derive(Debug, clap::Args)]
struct ReceiveArgs {
    #[command(flatten)]
    whole: ReasonArgs,

    /// Units that were sent and go on the shelf. Without any of these four, all that is in transit does.
    #[arg(long, value_name = "PRODUCT=UNITS")]
    received: Vec<Units>,

    /// Units that were sent and came to harm.
    #[arg(long, value_name = "PRODUCT=UNITS")]
    damaged: Vec<Units>,

    /// Units that were sent and will not come.
    #[arg(long, value_name = "PRODUCT=UNITS")]
    short: Vec<Units>,

    /// Units beyond those that were sent; they go on the shelf too.
    #[arg(long, value_name = "PRODUCT=UNITS")]
    over: Vec<Units>,
}

/// Asks for, lists, shows, dispatches, receives, cancels or returns.
pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let (server, answer) = match args.what {
        What::Request(args) => request(args).await?,
        What::List(args) => {
            list(&args).await?;
            return Ok(ExitCode::SUCCESS);
        }
        What::Show(OneArgs { transfer_id, server }) => {
            let answer = show(&server, transfer_id).await?;
            server.show(&answer, told);
            return Ok(ExitCode::SUCCESS);
        }
        What::Dispatch(one) => act("dispatch", ReasonArgs { one, reason: None }, json!({})).await?,
        What::Receive(args) => receive(args).await?,
        What::Cancel(args) => act("cancel", args, json!({})).await?,
        What::Return(args) => act("return", args, json!({})).await?,
    };
    server.show(&answer, told);
    // a transfer that its source has refused is on record, and nothing comes of it
    let is_refused = answer["status"] == "refused";
    Ok(if is_refused { ExitCode::from(2) } else { ExitCode::SUCCESS })
}

async fn request(args: RequestArgs) -> anyhow::Result<(ServerArgs, Value)> {
    let lines = args.lines.iter().map(|units| {
        let mut line = json!({"quantity": units.quantity});
        name(&mut line, "productId", "productSku", &units.product);
        line
    });
    let mut body = json!({"lines": lines.collect::<Vec<_>>()});
    name(&mut body, "sourceStoreId", "sourceStoreCode", &args.source);
    name(&mut body, "destinationStoreId", "destinationStoreCode", &args.destination);
    for (member, value) in [("reference", args.reference), ("reason", args.reason)] {
        if let Some(value) = value {
            body[member] = value.into();
        }
    }
    let answer = post_named(&args.server.client()?, TRANSFERS, body).await?;
    Ok((args.server, done(answer)?))
}

async fn list(args: &ListArgs) -> anyhow::Result<()> {
    let client = args.server.client()?;
    let status = args.status.and_then(|status| status.to_possible_value());
    let given = [
        ("store", args.store.as_deref()),
        ("status", status.as_ref().map(PossibleValue::get_name)),
        ("reference", args.reference.as_deref()),
        ("delayed", args.delayed.then_some("true")),
    ];
    let given = given.into_iter().filter_map(|(name, value)| value.map(|value| (name, value)));
    let given = given.map(|(name, value)| format!("&{name}={}", segment(value)));
    let path = format!("{TRANSFERS}?limit={PAGE}{}", given.collect::<String>());
    let show = |page: &Value| {
        items(page).for_each(|transfer| args.server.show(transfer, line));
        true
    };
    each_page(&client, &path, show).await
}

async fn show(server: &ServerArgs, transfer_id: Uuid) -> anyhow::Result<Value> {
    done(server.client()?.get(&format!("{TRANSFERS}/{transfer_id}")).await?)
}

async fn receive(args: ReceiveArgs) -> anyhow::Result<(ServerArgs, Value)> {
    let mut lines = Vec::new();
    let said = [
        ("received", args.received),
        ("damaged", args.damaged),
        ("short", args.short),
        ("over", args.over),
    ];
    for (member, units) in said {
        for Units { product, quantity } in units {
            found(&mut lines, &product)[member] = quantity.into();
        }
    }
    if lines.is_empty() {
        let OneArgs { server, transfer_id } = &args.whole.one;
        lines = in_transit(&show(server, *transfer_id).await?)?;
    }
    act("receive", args.whole, json!({ "lines": lines })).await
}

/// The line of a product, which is added if it is not there.
fn found<'a>(lines: &'a mut Vec<Value>, product: &str) -> &'a mut Value {
    let mut named = json!({});
    name(&mut named, "productId", "productSku", product);
    let is_its = |line: &Value| ["productId", "productSku"].iter().all(|by| line[by] == named[by]);
    let at = lines.iter().position(is_its).unwrap_or_else(|| {
        lines.push(named);
        lines.len() - 1
    });
    &mut lines[at]
}

/// All that is on its way, as received.
fn in_transit(transfer: &Value) -> anyhow::Result<Vec<Value>> {
    let lines = transfer["lines"].as_array().into_iter().flatten();
    let lines = lines.filter(|line| line["inTransit"].as_u64() > Some(0));
    let lines = lines
        .map(|line| json!({"productId": line["productId"], "received": line["inTransit"]}))
        .collect::<Vec<_>>();
    if lines.is_empty() {
        let (id, status) = (text(&transfer["transferId"]), text(&transfer["status"]));
        bail!("nothing of transfer {id} is in transit: it is {status}");
    }
    Ok(lines)
}

async fn act(
    verb: &str,
    ReasonArgs { one: OneArgs { server, transfer_id }, reason }: ReasonArgs,
    mut body: Value,
) -> anyhow::Result<(ServerArgs, Value)> {
    if let Some(reason) = reason {
        body["reason"] = reason.into();
    }
    let path = format!("{TRANSFERS}/{transfer_id}/{verb}");
    let answer = post_named(&server.client()?, &path, body).await?;
    Ok((server, done(answer)?))
}

/// A transfer in one line and its products below.
fn told(transfer: &Value) -> String {
    let lines = transfer["lines"].as_array().into_iter().flatten();
    let lines = lines.map(|line| {
        let product = line["productSku"].as_str().unwrap_or_else(|| text(&line["productId"]));
        let counted = [
            ("inTransit", "in transit"),
            ("received", "received"),
            ("over", "over"),
            ("damaged", "damaged"),
            ("short", "short"),
            ("returned", "returned"),
        ];
        let counted = counted.map(|(member, words)| match line[member].as_u64() {
            Some(units @ 1..) => format!("  {units} {words}"),
            _ => String::new(),
        });
        format!("\n  {} of {product}{}", line["quantity"], counted.concat())
    });
    line(transfer) + &lines.collect::<String>()
}

/// A transfer in one line, so that tools can take it apart.
fn line(transfer: &Value) -> String {
    let part = |name: &str| text(&transfer[name]);
    let store =
        |code: &str, id: &str| transfer[code].as_str().unwrap_or_else(|| part(id)).to_owned();
    let source = store("sourceStoreCode", "sourceStoreId");
    let destination = store("destinationStoreCode", "destinationStoreId");
    let whole = format!("{}  {}  {source} -> {destination}", part("transferId"), part("status"));
    let held = (part("status") == "held").then(|| format!("until {}", part("holdUntil")));
    let delayed = transfer["delayedBy"].as_str().map(|error| format!("fails of {error:?}"));
    let said = ["reference", "reason", "detail"].map(|member| transfer[member].as_str());
    let said = said.into_iter().flatten().map(str::to_owned);
    [whole].into_iter().chain(held).chain(said).chain(delayed).collect::<Vec<_>>().join("  ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_of_a_sku_with_an_equals_sign_are_those_after_the_last() {
        let units = "A=B=24".parse();
        assert_eq!(units, Ok(Units { product: "A=B".to_owned(), quantity: 24 }));
        for wrong in ["PROD123456", "=24", "PROD123456=-1", "PROD123456="] {
            let refused = wrong.parse::<Units>().unwrap_err();
            assert!(refused.contains("PROD123456=24"), "{wrong}: {refused}");
        }
    }

    #[test]
    fn what_is_said_of_one_product_is_one_line() {
        let mut lines = Vec::new();
        found(&mut lines, "P")["received"] = 22.into();
        found(&mut lines, "Q")["received"] = 1.into();
        found(&mut lines, "P")["damaged"] = 2.into();
        let expected = [
            json!({"productSku": "P", "received": 22, "damaged": 2}),
            json!({"productSku": "Q", "received": 1}),
        ];
        assert_eq!(lines, expected);
    }
}
