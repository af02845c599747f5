//! What holds, and who said so.

use std::fmt::Write as _;

use clap::parser::ValueSource;
use clap::{ArgMatches, Command};

use super::file::ConfigFile;
use super::keys::{Key, keys, shown};

/// Every key with its value and the value's source, as TOML. Secrets are hidden.
pub(super) fn show(gondola: &Command, matches: &ArgMatches, file: Option<&ConfigFile>) -> String {
    keys(gondola).iter().fold(String::new(), |mut shown, key| {
        let name = key.name();
        let source = source(key, matches, file);
        let line = match value(key, matches) {
            Some(value) => writeln!(shown, "{name} = {value}  # {source}"),
            None => writeln!(shown, "# {name} is not set"),
        };
        line.expect("a String takes everything");
        shown
    })
}

fn value(key: &Key, matches: &ArgMatches) -> Option<String> {
    let raw = matches.get_raw(key.arg().get_id().as_str())?;
    let texts: Vec<_> = raw.map(|text| shown(key.arg(), &text.to_string_lossy())).collect();
    Some(match &texts[..] {
        [text] if !key.is_list() => literal(text),
        texts => {
            format!("[{}]", texts.iter().map(|text| literal(text)).collect::<Vec<_>>().join(", "))
        }
    })
}

/// Numbers and switches as they are, all else as a text.
fn literal(text: &str) -> String {
    let plain = text.parse::<u64>().is_ok() || ["true", "false"].contains(&text);
    if plain { text.to_owned() } else { format!("{text:?}") }
}

fn source(key: &Key, matches: &ArgMatches, file: Option<&ConfigFile>) -> String {
    match (matches.value_source(key.arg().get_id().as_str()), file) {
        (Some(ValueSource::CommandLine), _) => format!("--{}", key.name()),
        (Some(ValueSource::EnvVariable), _) => key.variable(),
        (_, Some(file)) if file.sets(key) => file.path().display().to_string(),
        _ => "default".to_owned(),
    }
}
