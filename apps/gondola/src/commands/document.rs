//! A document that is printed, or written to the file in which it is committed.

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

impl Args {
    /// Prints or writes a document.
    pub(crate) fn write(self, document: &str) -> anyhow::Result<ExitCode> {
        let document = document.trim_end();
        match self.out {
            None => console::line(document),
            Some(path) => std::fs::write(&path, format!("{document}\n"))
                .with_context(|| format!("cannot write {}", path.display()))?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Checks that a file of `docs/` is what a command writes now.
#[cfg(test)]
#[track_caller]
pub(crate) fn assert_current(file: &str, document: &str, command: &str) {
    let path = format!("{}/../../docs/{file}", env!("CARGO_MANIFEST_DIR"));
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        committed == format!("{}\n", document.trim_end()),
        "docs/{file} is out of date: run `cargo run -p gondola -- {command} --out docs/{file}`"
    );
}
