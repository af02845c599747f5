//! `gondola keys`: makes, lists and revokes API keys, while processes serve.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Subcommand;
use kit_auth::{Grants, KeyFile, KeyRecord, LastUsed, NewKey};
use kit_core::Timestamp;

use crate::{compose, console};

const DAY: Duration = Duration::from_hours(24);

/// What about the keys.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Make a key and print it, this once: only its hash is kept. A name may have two live keys, to change from one to the other.
    Create(CreateArgs),
    /// Print all keys, how they stand, and when they were last used, to ten minutes.
    List(FileArgs),
    /// Revoke a key: within seconds no process takes it any more.
    Revoke(RevokeArgs),
}

#[derive(Debug, clap::Args)]
struct FileArgs {
    /// File of API keys, the one that `serve` reads.
    #[arg(long, env = "GONDOLA_API_KEYS", value_name = "FILE")]
    api_keys: PathBuf,
}

#[derive(Debug, clap::Args)]
struct CreateArgs {
    #[command(flatten)]
    file: FileArgs,

    /// Whose it is, such as `till-7`; events name their actor `key:till-7`.
    #[arg(long, value_name = "NAME")]
    name: String,

    /// What it may do: admin, operator, service, viewer, or `store:ID` with the id of a store; may be repeated.
    #[arg(long, value_name = "ROLE", required = true, value_delimiter = ',')]
    role: Vec<String>,

    /// Days after which it is not valid any more [default: none, so it is valid until it is revoked]
    #[arg(long, value_name = "1..3650", value_parser = clap::value_parser!(u32).range(1..=3_650))]
    days: Option<u32>,
}

#[derive(Debug, clap::Args)]
struct RevokeArgs {
    #[command(flatten)]
    file: FileArgs,

    /// The key's id, the part of it between `gk_` and the next `_`.
    id: String,
}

/// Makes, lists or revokes.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let now = compose::now();
    match args.what {
        What::Create(create) => {
            let grants = Grants::parse(create.role.iter().map(String::as_str))?;
            let valid_for = create.days.map(|days| DAY * days);
            let new = NewKey { name: create.name, grants, valid_for };
            let key = KeyFile::at(create.file.api_keys).create(new, now)?;
            console::line(key.reveal());
        }
        What::List(file) => list(&KeyFile::at(file.api_keys), now)?,
        What::Revoke(revoke) => {
            let key = KeyFile::at(revoke.file.api_keys).revoke(&revoke.id, now)?;
            console::line(format_args!("{} of {} is revoked", key.id, key.name));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn list(file: &KeyFile, now: Timestamp) -> anyhow::Result<()> {
    let uses = LastUsed::beside(file.path());
    for key in file.read()? {
        console::line(line(&key, uses.of(&key.id), now));
    }
    Ok(())
}

/// A key as `list` shows it; one line has all that belongs to it, so that tools can take it apart.
fn line(key: &KeyRecord, last_used: Option<Timestamp>, now: Timestamp) -> String {
    let told =
        |time: Option<Timestamp>| time.map_or_else(|| "never".to_owned(), |at| at.to_string());
    let (id, name, status) = (&key.id, &key.name, key.status(now).as_str());
    let (expires, used) = (told(key.expires_at), told(last_used));
    format!(
        "{id}  {status:<7}  {name:?}  roles {}  made {}  expires {expires}  used {used}",
        key.roles, key.created_at
    )
}
