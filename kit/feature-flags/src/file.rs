//! The file of flags: TOML with a percentage for each, checked as a whole before any of it holds.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Format as _, Toml};
use serde_json::Value;

use crate::flag::{EVERYTHING, Flag};

/// Longest file, in bytes; what is longer is no file of flags.
const BYTES_MAX: u64 = 64 * 1024;

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FlagFile {
    percents: BTreeMap<String, u8>,
}

/// A file of flags cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FlagFileError {
    /// It cannot be read.
    #[error("cannot read the feature flags {path}: {cause}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// It is longer than any file of flags.
    #[error("the feature flags {path} have more than {BYTES_MAX} bytes: is this the right file?")]
    TooLong {
        /// The file.
        path: PathBuf,
    },
    /// It is not TOML.
    #[error("the feature flags {path} are no TOML: {cause}")]
    NoToml {
        /// The file.
        path: PathBuf,
        /// Where and why.
        cause: String,
    },
    /// A value is no percentage.
    #[error(
        "{path}: {key} = {value} cannot be: a flag is a percentage, a whole number of 0 to 100"
    )]
    NoPercentage {
        /// The file.
        path: PathBuf,
        /// The flag.
        key: String,
        /// What it says.
        value: Value,
    },
}

impl FlagFile {
    /// Reads and checks a file.
    pub fn read(path: &Path) -> Result<Self, FlagFileError> {
        let unreadable = |cause| FlagFileError::Unreadable { path: path.to_owned(), cause };
        let mut text = String::new();
        let file = File::open(path).map_err(unreadable)?;
        let read = file.take(BYTES_MAX + 1).read_to_string(&mut text).map_err(unreadable)?;
        if read as u64 > BYTES_MAX {
            return Err(FlagFileError::TooLong { path: path.to_owned() });
        }
        Self::parse(&text, path)
    }

    fn parse(text: &str, path: &Path) -> Result<Self, FlagFileError> {
        let path = path.to_owned();
        let values: BTreeMap<String, Value> = match Figment::from(Toml::string(text)).extract() {
            Ok(values) => values,
            Err(error) => return Err(FlagFileError::NoToml { path, cause: error.to_string() }),
        };
        let mut percents = BTreeMap::new();
        for (key, value) in values {
            match value.as_u64().and_then(|percent| u8::try_from(percent).ok()) {
                Some(percent) if percent <= EVERYTHING => percents.insert(key, percent),
                _ => return Err(FlagFileError::NoPercentage { path, key, value }),
            };
        }
        Ok(Self { percents })
    }

    /// What it says of a flag, if anything.
    #[must_use]
    pub fn percent(&self, key: &str) -> Option<u8> {
        self.percents.get(key).copied()
    }

    /// What it says that none of these flags hears: they may be of another release, or misspelt.
    pub fn unknown<'a>(&'a self, known: &'a [Flag]) -> impl Iterator<Item = &'a str> {
        let is_known = |key: &str| known.iter().any(|flag| flag.key == key);
        self.percents.keys().map(String::as_str).filter(move |key| !is_known(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        FlagFile::parse(text, Path::new("flags.toml")).unwrap_err().to_string()
    }

    #[test]
    fn what_is_no_percentage_is_told_with_file_flag_and_value() {
        for value in ["101", "-1", "256", "50.5", "true", "\"10\"", "[10]"] {
            let told = told(&format!("good = 10\nbad = {value}"));
            assert!(told.starts_with("flags.toml: bad = "), "{told}");
            assert!(told.contains("0 to 100"), "{told}");
        }
        assert!(told("a = ").starts_with("the feature flags flags.toml are no TOML"));
    }

    #[test]
    fn flags_of_another_release_are_no_mistake_and_are_named() {
        let file = FlagFile::parse("new = 0\nknown = 100", Path::new("")).unwrap();
        let known = [Flag { key: "known", default_percent: 0, what: "" }];
        assert_eq!(file.unknown(&known).collect::<Vec<_>>(), ["new"]);
        assert_eq!((file.percent("known"), file.percent("absent")), (Some(100), None));
    }

    #[test]
    fn what_is_no_file_of_flags_is_not_read_to_its_end() {
        let told = FlagFile::read(Path::new("/dev/zero")).unwrap_err().to_string();
        assert!(told.contains("more than 65536 bytes"), "{told}");
        let told = FlagFile::read(Path::new("/nowhere")).unwrap_err().to_string();
        assert!(told.starts_with("cannot read the feature flags /nowhere: "), "{told}");
    }
}
