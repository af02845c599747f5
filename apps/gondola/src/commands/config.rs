//! `gondola config`: what `serve` would start with, and what can be set.

use std::process::ExitCode;

use clap::Subcommand;

use crate::commands::document;
use crate::commands::serve::{Plan, ServeArgs};
use crate::compose::flags::FlagArgs;
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
    /// Print every feature flag, its value and where it came from.
    Flags(FlagArgs),
    /// Print the reference of all keys and feature flags.
    Reference(document::Args),
}

/// Checks, shows or explains.
pub(crate) fn run(args: Args, values: &Values) -> anyhow::Result<ExitCode> {
    match args.what {
        What::Check(serve) => {
            let Plan { roles, listen, .. } = serve.plan()?;
            for flag in serve.flags().unknown()? {
                console::line(format_args!(
                    "{flag} is no feature flag of this release and does nothing"
                ));
            }
            console::line(format_args!("serve would start: {roles} on {listen}"));
        }
        What::Show(_) => console::line(values.show().trim_end()),
        What::Flags(flags) => console::line(flags.show()?.trim_end()),
        What::Reference(out) => return out.write(&reference()),
    }
    Ok(ExitCode::SUCCESS)
}
