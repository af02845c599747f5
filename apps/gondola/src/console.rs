//! What the commands print for people: answers on standard output, troubles on standard error.

use std::io::Write;

use kit_telemetry::without_passwords;

/// Prints one line of an answer. A reader that went away (`gondola ... | head`) is not an error.
pub(crate) fn line(text: impl std::fmt::Display) {
    drop(writeln!(std::io::stdout().lock(), "{text}"));
}

/// Prints an error with its causes, without the passwords of addresses in it.
pub(crate) fn error(error: &anyhow::Error) {
    let told = format!("error: {error:#}");
    drop(writeln!(std::io::stderr().lock(), "{}", without_passwords(&told)));
}
