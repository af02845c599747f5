//! `gondola status`: how a running server is.

use std::process::ExitCode;

use serde_json::Value;

use super::running::{ServerArgs, text};

/// Which server.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    server: ServerArgs,
}

/// Prints how it is, part by part. Exit code 1: it runs, and something is not up.
pub(crate) async fn run(Args { server }: Args) -> anyhow::Result<ExitCode> {
    // one that is down says so with 503
    let answer = server.client()?.get("/health").await?;
    server.show(&answer.body, told);
    Ok(if answer.body["status"] == "UP" { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn told(health: &Value) -> String {
    let mut lines = vec![text(&health["status"]).to_owned()];
    for (name, part) in health["components"].as_object().into_iter().flatten() {
        let why = part["detail"].as_str().map(|why| format!("  {why}")).unwrap_or_default();
        lines.push(format!("  {name:<24} {}{why}", text(&part["status"])));
    }
    lines.join("\n")
}
