//! Configuration: built-in defaults, a file, `GONDOLA_*` variables and flags, each stronger than the one before.
//!
//! The arguments of `gondola serve` are the one definition of every key. A file's values become clap's defaults, so that
//! one parser reads all of them, and the order of precedence is its own.

mod file;
mod keys;
mod nearest;
mod plain;
mod reference;
mod refused;
mod show;
mod variables;

use std::ffi::OsString;

use clap::{ArgMatches, CommandFactory, FromArgMatches};

use crate::cli::Cli;
use file::ConfigFile;

pub(crate) use reference::reference;
pub(crate) use variables::warn_of_unknown_variables;

/// The flag that names the file.
const CONFIG: &str = "config";

/// A command line that was read, with the environment and the file.
pub(crate) struct Configured {
    /// What was asked for.
    pub(crate) cli: Cli,
    /// Where each value came from.
    pub(crate) values: Values,
}

/// The values of all keys and where they came from.
pub(crate) struct Values {
    matches: ArgMatches,
    file: Option<ConfigFile>,
}

impl Configured {
    /// Reads the command line, the environment and the file. Prints help and ends the process where that is asked for, or
    /// where the command line cannot be read.
    pub(crate) fn read() -> anyhow::Result<Self> {
        let words: Vec<_> = std::env::args_os().collect();
        Self::of(&words)?.map_err(|error| refused::exit(error, &Cli::command()))
    }

    fn of(words: &[OsString]) -> anyhow::Result<Result<Self, clap::Error>> {
        let command = Cli::command();
        let file = match named_file(command.clone(), words) {
            Some(path) => Some(ConfigFile::read(&path, &command)?),
            None => None,
        };
        let command = match &file {
            Some(file) => file.as_defaults_of(command),
            None => command,
        };
        let read = command.try_get_matches_from(words).and_then(|matches| {
            let cli = Cli::from_arg_matches(&matches)?;
            Ok(Self { cli, values: Values { matches, file } })
        });
        Ok(read)
    }
}

impl Values {
    /// Every key with its value and where that came from, as a file that could be read again.
    pub(crate) fn show(&self) -> String {
        let mut innermost = &self.matches;
        while let Some((_, inner)) = innermost.subcommand() {
            innermost = inner;
        }
        show::show(&Cli::command(), innermost, self.file.as_ref())
    }
}

/// The file that the command line or the environment names. Other mistakes are left to the real parse.
fn named_file(command: clap::Command, words: &[OsString]) -> Option<std::path::PathBuf> {
    let matches = command.ignore_errors(true).try_get_matches_from(words).ok()?;
    matches.get_one(CONFIG).cloned()
}

#[cfg(test)]
mod tests;
