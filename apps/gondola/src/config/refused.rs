//! What is said of a command line that cannot be read: never a secret that was in it.

use std::error::Error as _;
use std::io::{IsTerminal as _, Write as _};

use clap::error::{ContextKind, ContextValue};
use clap::{Command, Error};
use kit_telemetry::without_passwords;

use super::keys::shown;
use super::plain::in_plain_words;

/// Prints help, the version or an error, and ends the process.
pub(super) fn exit(error: Error, gondola: &Command) -> ! {
    if !error.use_stderr() {
        error.exit();
    }
    let code = error.exit_code();
    let told = told(error, gondola, std::io::stderr().is_terminal());
    drop(write!(std::io::stderr(), "{told}"));
    std::process::exit(code);
}

/// The error as text, without the secrets of the value that it is about and of any address in it.
pub(super) fn told(mut error: Error, gondola: &Command, colour: bool) -> String {
    if let (Some(ContextValue::String(argument)), Some(ContextValue::String(value))) =
        (error.get(ContextKind::InvalidArg), error.get(ContextKind::InvalidValue))
    {
        let long = argument.split_whitespace().next().unwrap_or_default();
        let arguments = all_arguments(gondola);
        let known = arguments.iter().find(|known| {
            known.get_long().is_some_and(|known| long.strip_prefix("--") == Some(known))
        });
        let shown = known
            .map_or_else(|| without_passwords(value).into_owned(), |known| shown(known, value));
        error.insert(ContextKind::InvalidValue, ContextValue::String(shown));
    }
    let text = error.render();
    let mut text = if colour { text.ansi().to_string() } else { text.to_string() };
    if let Some(why) = error.source()
        && let Some(plain) = in_plain_words(why)
    {
        text = text.replace(&why.to_string(), plain);
    }
    without_passwords(&text).into_owned()
}

/// The arguments of a command and of all its subcommands.
pub(super) fn all_arguments(command: &Command) -> Vec<&clap::Arg> {
    let inner = command.get_subcommands().flat_map(all_arguments);
    command.get_arguments().chain(inner).collect()
}
