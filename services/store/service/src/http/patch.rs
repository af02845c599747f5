//! Fields of a partial update (JSON merge patch): absent keeps, null clears, a value sets.

use std::fmt;

use gondola_store_domain::Change;
use kit_http::Problem;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A field of a partial update. Give it `#[serde(default, skip_serializing_if = "Patch::is_absent")]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Patch<T> {
    /// It is not in the body.
    #[default]
    Absent,
    /// It is null.
    Null,
    /// It has a value.
    Value(T),
}

impl<T> Patch<T> {
    pub(super) const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// The change of a field that may be empty.
    pub(super) fn change<U, E: fmt::Display>(
        &self,
        name: &str,
        parse: impl FnOnce(&T) -> Result<U, E>,
    ) -> Result<Change<U>, Problem> {
        match self {
            Self::Absent => Ok(Change::Keep),
            Self::Null => Ok(Change::Clear),
            Self::Value(value) => field(name, parse(value)).map(Change::Set),
        }
    }

    /// The new value of a field that must not become empty.
    pub(super) fn replace<U, E: fmt::Display>(
        &self,
        name: &str,
        parse: impl FnOnce(&T) -> Result<U, E>,
    ) -> Result<Option<U>, Problem> {
        match self {
            Self::Absent => Ok(None),
            Self::Null => {
                let detail = format!("{name} cannot be removed; leave it out to keep it");
                Err(Problem::invalid(name, detail))
            }
            Self::Value(value) => field(name, parse(value)).map(Some),
        }
    }
}

/// A field's value, or the problem that names the field.
pub(super) fn field<T, E: fmt::Display>(name: &str, parsed: Result<T, E>) -> Result<T, Problem> {
    parsed.map_err(|error| Problem::invalid(name, error.to_string()))
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(from)?.map_or(Self::Null, Self::Value))
    }
}

impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Absent | Self::Null => to.serialize_none(),
            Self::Value(value) => to.serialize_some(value),
        }
    }
}
