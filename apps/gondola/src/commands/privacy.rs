//! `gondola privacy`: what is kept of a customer, and forgetting them, through a running server.

use std::io::Read as _;
use std::process::ExitCode;

use anyhow::{Context, ensure};
use clap::Subcommand;
use serde_json::{Value, json};

use super::running::{ServerArgs, done, items, text};
use crate::console;

/// Reservations of a page.
const PAGE: usize = 200;

/// Longest customer on standard input, in bytes: more is none.
const CUSTOMER_BYTES_MAX: u64 = 1 << 10;

/// What about a customer.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Print what is kept of a customer: since when they are known, and their reservations and sales.
    Export(CustomerArgs),
    /// Destroy the key of a customer for ever. Reservations and sales stay, and nobody can tell any more whose they were.
    Forget(ForgetArgs),
}

#[derive(Debug, clap::Args)]
struct CustomerArgs {
    /// The customer, as reservations and sales name them; `-` reads it from standard input, which no list of processes and
    /// no history of a shell has.
    customer: String,

    #[command(flatten)]
    server: ServerArgs,
}

#[derive(Debug, clap::Args)]
struct ForgetArgs {
    #[command(flatten)]
    whom: CustomerArgs,

    /// Nothing brings the key back: say that this is meant.
    #[arg(long)]
    yes: bool,
}

/// Exports or forgets.
pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    match args.what {
        What::Export(args) => export(&args).await?,
        What::Forget(args) => forget(&args).await?,
    }
    Ok(ExitCode::SUCCESS)
}

impl CustomerArgs {
    fn customer(&self) -> anyhow::Result<String> {
        if self.customer != "-" {
            return Ok(self.customer.clone());
        }
        let mut text = String::new();
        let read = std::io::stdin().take(CUSTOMER_BYTES_MAX).read_to_string(&mut text);
        read.context("cannot read the customer from standard input")?;
        // the line's end is no part of it, and all else may be
        let line = text.strip_suffix('\n').unwrap_or(&text);
        Ok(line.strip_suffix('\r').unwrap_or(line).to_owned())
    }
}

async fn export(args: &CustomerArgs) -> anyhow::Result<()> {
    let (client, customer) = (args.server.client()?, args.customer()?);
    let mut body = json!({"customerId": customer, "limit": PAGE});
    let mut is_first = true;
    loop {
        let page = done(client.post("/api/v1/privacy/export", &body).await?)?;
        if args.server.json {
            console::line(&page);
        } else {
            if is_first {
                console::line(whom(&page));
            }
            for reservation in items(&page) {
                console::line(line(reservation));
            }
        }
        is_first = false;
        match page.get("nextCursor").filter(|next| next.is_string()) {
            Some(next) => body["cursor"] = next.clone(),
            None => return Ok(()),
        }
    }
}

async fn forget(ForgetArgs { whom, yes }: &ForgetArgs) -> anyhow::Result<()> {
    ensure!(*yes, "a destroyed key never comes back: export first if you must, then add --yes");
    let body = json!({"customerId": whom.customer()?});
    let forgotten = done(whom.server.client()?.post("/api/v1/privacy/forget", &body).await?)?;
    if whom.server.json {
        console::line(&forgotten);
        return Ok(());
    }
    match forgotten["customerKey"].as_str() {
        Some(key) => console::line(format_args!("forgotten: key {key} is destroyed")),
        None => console::line("there was no key of this customer: never seen, or forgotten before"),
    }
    if forgotten["leftInClear"] == true {
        console::line(
            "events of an earlier release name this customer in clear, and stay as they are: see them with export",
        );
    }
    Ok(())
}

fn whom(page: &Value) -> String {
    match page["customerKey"].as_str() {
        Some(key) => format!("known by key {key} since {}", text(&page["firstSeenAt"])),
        None => "there is no key of this customer: never seen, or forgotten".to_owned(),
    }
}

/// A reservation in one line, so that tools can take it apart.
fn line(reservation: &Value) -> String {
    let part = |name: &str| text(&reservation[name]);
    let store = reservation["storeCode"].as_str().unwrap_or_else(|| part("storeId"));
    let mut told = vec![format!("{}  {}  {store}", part("reservationId"), part("status"))];
    told.push(format!("until {}", part("expiresAt")));
    for (name, title) in [("orderId", "order"), ("transactionId", "sale")] {
        if let Some(value) = reservation[name].as_str() {
            told.push(format!("{title} {value}"));
        }
    }
    if reservation["inClear"] == true {
        told.push("in clear".to_owned());
    }
    told.join("  ")
}
