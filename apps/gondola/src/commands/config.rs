//! `gondola config`: what `serve` would start with, and what can be set.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Subcommand;

use crate::commands::serve::{Plan, ServeArgs};
use crate::config::{Values, reference};
use crate::console;

/// What about the configuration.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Say whether `serve` would start with it. Nothing is opened.
    Check(ServeArgs),
    /// Print every value and where it came from; passwords are hidden.
    Show(ServeArgs),
    /// Print the reference of all keys.
    Reference(ReferenceArgs),
}

#[derive(Debug, clap::Args)]
struct ReferenceArgs {
    /// Write to a file instead of standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Checks, shows or explains.
pub(crate) fn run(args: Args, values: &Values) -> anyhow::Result<ExitCode> {
    match args.what {
        What::Check(serve) => {
            let Plan { roles, listen, .. } = serve.plan()?;
            console::line(format_args!("serve would start: {roles} on {listen}"));
        }
        What::Show(_) => console::line(values.show().trim_end()),
        What::Reference(ReferenceArgs { out: None }) => console::line(reference().trim_end()),
        What::Reference(ReferenceArgs { out: Some(path) }) => std::fs::write(&path, reference())
            .with_context(|| format!("cannot write {}", path.display()))?,
    }
    Ok(ExitCode::SUCCESS)
}
