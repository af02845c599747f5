//! `gondola openapi`: the OpenAPI document, without starting anything.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use utoipa::openapi::OpenApi;

use crate::console;

/// Where to.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Write to a file instead of standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// The document of the whole product.
pub(crate) fn document() -> OpenApi {
    gondola_gateway::document([gondola_inventory::openapi(), gondola_store::openapi()])
}

/// Prints or writes the document.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let text = document().to_pretty_json()?;
    match args.out {
        None => console::line(text),
        Some(path) => std::fs::write(&path, text + "\n")
            .with_context(|| format!("cannot write {}", path.display()))?,
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_committed_document_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        let current = super::document().to_pretty_json().unwrap() + "\n";
        assert!(
            committed == current,
            "docs/openapi.json is out of date: run `cargo run -p gondola -- openapi --out docs/openapi.json`"
        );
    }
}
