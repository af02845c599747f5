//! `gondola migrate`: makes or updates the tables of event stores and views in a database.

use std::process::ExitCode;

use crate::compose::event_store::DataArgs;
use crate::console;
use crate::progress::Shown;
use crate::roles::{Role, Roles};

/// Which tables.
///
/// Give `--event-store`, and `--views` if they are in a database, the address of a role that owns the schemas or may make them. The role that serves needs no more than
/// to see them: it can append, and change nothing that was written. Run it before the processes of a new release; those of the
/// release before go on meanwhile.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    data: DataArgs,

    /// Whose tables; may be repeated [default: all]
    #[arg(long, value_enum, env = "GONDOLA_ROLE", value_delimiter = ',')]
    role: Vec<Role>,
}

/// Migrates one context after the other.
pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    args.data.ensure_tables()?;
    for context in Roles::named(&args.role).logs() {
        let shown = Shown::of(&format!("making the tables of {context}"));
        let migrated = args.data.migrate(context).await?;
        drop(shown);
        for done in migrated {
            console::line(done);
        }
    }
    Ok(ExitCode::SUCCESS)
}
