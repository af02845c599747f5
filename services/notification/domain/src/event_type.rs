//! Which integration events a webhook is told of.

use std::collections::BTreeSet;
use std::fmt;

/// The type of an integration event that there is, such as `gondola.inventory.inventory-updated.v1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventType(&'static str);

impl EventType {
    /// The one of this name among those that there are.
    #[must_use]
    pub fn among(there_are: &[&'static str], name: &str) -> Option<Self> {
        there_are.iter().find(|one| **one == name).map(|one| Self(one))
    }

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// The types that a webhook wants: at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventTypes(BTreeSet<EventType>);

/// No type, or one that there is not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidEventTypes {
    /// None is wanted.
    #[error("a webhook must want at least one event type; there are {there_are}")]
    None {
        /// All there are.
        there_are: String,
    },
    /// One is not known.
    #[error("there is no event type {name:?}; there are {there_are}")]
    Unknown {
        /// Its name, at most 80 characters of it.
        name: String,
        /// All there are.
        there_are: String,
    },
}

impl EventTypes {
    /// Those of these names, among those that there are. A name that stands twice counts once.
    pub fn among<'n>(
        there_are: &[&'static str],
        names: impl IntoIterator<Item = &'n str>,
    ) -> Result<Self, InvalidEventTypes> {
        let all = || there_are.join(", ");
        let types: Result<BTreeSet<_>, _> = names
            .into_iter()
            .map(|name| {
                EventType::among(there_are, name).ok_or_else(|| InvalidEventTypes::Unknown {
                    name: name.chars().take(80).collect(),
                    there_are: all(),
                })
            })
            .collect();
        let types = types?;
        if types.is_empty() {
            return Err(InvalidEventTypes::None { there_are: all() });
        }
        Ok(Self(types))
    }

    /// Whether a type is among them.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|one| one.0 == name)
    }

    /// Each, by name.
    pub fn iter(&self) -> impl Iterator<Item = EventType> {
        self.0.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [&str; 2] = ["a.v1", "b.v1"];

    #[test]
    fn wanted_types_are_some_of_those_there_are() {
        let wanted = EventTypes::among(&ALL, ["b.v1", "b.v1"]).unwrap();
        assert_eq!(wanted.iter().map(EventType::as_str).collect::<Vec<_>>(), ["b.v1"]);
        assert!(wanted.contains("b.v1") && !wanted.contains("a.v1"));
        let told = EventTypes::among(&ALL, ["c.v1"]).unwrap_err().to_string();
        assert!(told.contains("\"c.v1\"") && told.contains("a.v1, b.v1"), "{told}");
        assert!(EventTypes::among(&ALL, []).unwrap_err().to_string().contains("at least one"));
    }
}
