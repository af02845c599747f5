//! `gondola asyncapi`: the `AsyncAPI` document of the integration events, without starting anything.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;

use crate::console;

/// Where to.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Write to a file instead of standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

fn document() -> anyhow::Result<String> {
    let document = gondola_contracts::asyncapi(env!("CARGO_PKG_VERSION"));
    Ok(serde_json::to_string_pretty(&document)?)
}

/// Prints or writes the document.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let text = document()?;
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
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/asyncapi.json");
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        let current = super::document().unwrap() + "\n";
        assert!(
            committed == current,
            "docs/asyncapi.json is out of date: run `cargo run -p gondola -- asyncapi --out docs/asyncapi.json`"
        );
    }
}
