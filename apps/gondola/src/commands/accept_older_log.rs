//! `gondola accept-older-log`: says that an older log was put back on purpose.

use std::process::ExitCode;

use anyhow::ensure;
use gondola_import::ToRepeat;

use crate::compose::event_store::DataArgs;
use crate::console;
use crate::roles::Roles;

/// The context whose log imports stand on.
const INVENTORY: &str = "inventory";

/// The log of which data folder.
///
/// A log that ends before what was made from it has lost events, and no server starts on it. If an older copy was put back
/// on purpose, this command says so: the log gets a new identity, views and index are built anew at the next start, and
/// readers of the event feed can tell that positions they have seen mean nothing any more. Files that were imported beyond
/// the new end are named: imported again, they book what the log does not have. Run it once, while no server uses the folder.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    #[command(flatten)]
    data: DataArgs,
}

/// Accepts the logs of a data folder as they are.
pub(crate) async fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let data = &args.data;
    data.ensure_kept()?;
    let kept: Vec<_> = Roles::ALL.logs().filter(|context| data.has_log(context)).collect();
    let root = data.log_root();
    ensure!(
        !kept.is_empty(),
        "there is no log in {}: give the server's --data-dir",
        root.display()
    );
    // they stand on the log as it was named before
    let imports = data.imports().await?;
    let mut to_repeat = Vec::new();
    for context in kept {
        let end = data.accept_older_log(context).await?;
        console::line(format_args!(
            "the {context} log ends at position {} and is log {} from now on",
            end.position, end.incarnation
        ));
        if context == INVENTORY {
            to_repeat = gondola_import::accept_older_log(&imports, end)?;
        }
    }
    tell_imports(to_repeat);
    Ok(ExitCode::SUCCESS)
}

/// Says which files to import again.
pub(super) fn tell_imports(to_repeat: Vec<ToRepeat>) {
    if to_repeat.is_empty() {
        return;
    }
    console::line(
        "these files were imported beyond that, or not to their end; import them again in this order, each with the options \
         of then: what the log has of them is not booked twice",
    );
    for ToRepeat { kind, file } in to_repeat {
        console::line(format_args!("  gondola import {kind} {file}"));
    }
}
