//! The file: flat TOML with the names of the flags, each value checked by the parser of its flag.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Command;
use clap::error::{ContextKind, ContextValue};
use figment::Figment;
use figment::providers::{Format as _, Toml};
use kit_telemetry::without_passwords;
use serde_json::Value;

use super::keys::{Key, keys, shown};
use super::nearest::nearest;
use super::plain::in_plain_words;

/// What a file sets.
#[derive(Debug)]
pub(super) struct ConfigFile {
    path: PathBuf,
    values: Vec<(Key, Vec<String>)>,
}

impl ConfigFile {
    /// Reads a file and checks each of its values.
    pub(super) fn read(path: &Path, gondola: &Command) -> anyhow::Result<Self> {
        let place = path.display();
        std::fs::metadata(path)
            .with_context(|| format!("cannot read the configuration {place}"))?;
        let read: BTreeMap<String, Value> = Figment::from(Toml::file_exact(path))
            .extract()
            .with_context(|| format!("the configuration {place} is no TOML"))?;
        let known = keys(gondola);
        let mut values = Vec::new();
        for (name, value) in &read {
            let Some(key) = known.iter().find(|key| key.name() == name) else {
                bail!("{place}: there is no key {name:?}{}", perhaps(name, &known));
            };
            let texts = texts(key, value).and_then(|texts| {
                texts.iter().try_for_each(|text| check(key, text)).map(|()| texts)
            });
            match texts {
                Ok(texts) => values.push((key.clone(), texts)),
                Err(why) => {
                    let value = quoted(key, value);
                    bail!("{place}: {name} = {value} cannot be: {why}")
                }
            }
        }
        Ok(Self { path: path.to_owned(), values })
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it sets a key.
    pub(super) fn sets(&self, key: &Key) -> bool {
        self.values.iter().any(|(set, _)| set.name() == key.name())
    }

    /// The command with the file's values as the defaults of its arguments and of those of all its subcommands.
    pub(super) fn as_defaults_of(&self, command: Command) -> Command {
        let command =
            command.mut_args(|arg| match self.values.iter().find(|(key, _)| key.is(&arg)) {
                Some((_, texts)) => arg.default_values(texts.clone()),
                None => arg,
            });
        command.mut_subcommands(|inner| self.as_defaults_of(inner))
    }
}

/// A value that is refused, as it may be shown.
fn quoted(key: &Key, value: &Value) -> String {
    match value {
        Value::String(text) => format!("{:?}", shown(key.arg(), text)),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| quoted(key, item)).collect();
            format!("[{}]", items.join(","))
        }
        other => other.to_string(),
    }
}

/// A value as it would be typed.
fn texts(key: &Key, value: &Value) -> Result<Vec<String>, String> {
    match value {
        Value::Array(items) if key.is_list() => items.iter().map(text).collect(),
        Value::Bool(_) if key.is_switch() => Ok(vec![value.to_string()]),
        _ if key.is_switch() => Err("it is a switch: true or false".to_owned()),
        _ => Ok(vec![text(value)?]),
    }
}

fn text(value: &Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Array(_) => Err("it takes one value".to_owned()),
        _ => Err("it is a text or a number".to_owned()),
    }
}

/// Asks the flag's own parser.
fn check(key: &Key, text: &str) -> Result<(), String> {
    if key.is_switch() {
        return Ok(());
    }
    let alone = Command::new("gondola").no_binary_name(true).arg(key.arg().clone().required(false));
    let Err(error) = alone.try_get_matches_from([format!("--{}={text}", key.name())]) else {
        return Ok(());
    };
    Err(match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(valid)) if !valid.is_empty() => {
            format!("there are {}", valid.join(", "))
        }
        _ => {
            let why = error.source().map_or_else(
                || error.kind().to_string(),
                |why| in_plain_words(why).map_or_else(|| why.to_string(), str::to_owned),
            );
            without_passwords(&why).into_owned()
        }
    })
}

/// What is said after a name that does not exist.
fn perhaps(name: &str, known: &[Key]) -> String {
    match nearest(name, known.iter().map(Key::name)) {
        Some(near) => format!("; is {near:?} meant?"),
        None => "; `gondola config reference` lists all".to_owned(),
    }
}
