//! Roles, and what a principal was given.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What `store:<id>` begins with.
const STORE: &str = "store:";

/// A kind of caller, as rules about routes name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Runs the system: everything.
    Admin,
    /// Runs the business, in all stores.
    Operator,
    /// Works in some stores and knows nothing of the others.
    Store,
    /// Another system, such as a shop on the web.
    Service,
    /// Reads, in all stores.
    Viewer,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 5] =
        [Self::Admin, Self::Operator, Self::Store, Self::Service, Self::Viewer];

    /// Its name; that of [`Role::Store`] is followed by a store's id where it is granted.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Operator => "operator",
            Self::Store => "store",
            Self::Service => "service",
            Self::Viewer => "viewer",
        }
    }
}

/// The roles of a principal: those that count everywhere, and the stores that it works in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct Grants {
    everywhere: BTreeSet<Role>,
    stores: Arc<BTreeSet<Uuid>>,
}

/// The text is no role.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no role: there are admin, operator, service, viewer and store:<id of the store>")]
pub struct InvalidGrant(String);

/// One role, and of which store.
enum Grant {
    Everywhere(Role),
    Store(Uuid),
}

impl FromStr for Grant {
    type Err = InvalidGrant;

    fn from_str(text: &str) -> Result<Self, InvalidGrant> {
        let invalid = || InvalidGrant(text.to_owned());
        if let Some(id) = text.strip_prefix(STORE) {
            return Uuid::try_parse(id).map(Self::Store).map_err(|_| invalid());
        }
        let mut everywhere = Role::ALL.into_iter().filter(|role| *role != Role::Store);
        everywhere.find(|role| role.as_str() == text).map(Self::Everywhere).ok_or_else(invalid)
    }
}

impl Grants {
    /// The roles with these names; one that is none is refused.
    pub fn parse<'t>(names: impl IntoIterator<Item = &'t str>) -> Result<Self, InvalidGrant> {
        let grants: Result<Vec<Grant>, _> = names.into_iter().map(str::parse).collect();
        Ok(Self::of(grants?))
    }

    /// Those of the names that are roles: an issuer has roles for others as well.
    pub fn known<'t>(names: impl IntoIterator<Item = &'t str>) -> Self {
        Self::of(names.into_iter().filter_map(|name| name.parse().ok()))
    }

    fn of(grants: impl IntoIterator<Item = Grant>) -> Self {
        let (mut everywhere, mut stores) = (BTreeSet::new(), BTreeSet::new());
        for grant in grants {
            match grant {
                Grant::Everywhere(role) => drop(everywhere.insert(role)),
                Grant::Store(store) => drop(stores.insert(store)),
            }
        }
        Self { everywhere, stores: Arc::new(stores) }
    }

    /// The roles that count everywhere.
    #[must_use]
    pub const fn everywhere(&self) -> &BTreeSet<Role> {
        &self.everywhere
    }

    /// The stores that it works in.
    #[must_use]
    pub const fn stores(&self) -> &Arc<BTreeSet<Uuid>> {
        &self.stores
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.everywhere.is_empty() && self.stores.is_empty()
    }
}

impl From<Grants> for Vec<String> {
    fn from(grants: Grants) -> Self {
        let everywhere = grants.everywhere.iter().map(|role| role.as_str().to_owned());
        everywhere.chain(grants.stores.iter().map(|store| format!("{STORE}{store}"))).collect()
    }
}

impl TryFrom<Vec<String>> for Grants {
    type Error = InvalidGrant;

    fn try_from(names: Vec<String>) -> Result<Self, InvalidGrant> {
        Self::parse(names.iter().map(String::as_str))
    }
}

impl fmt::Display for Grants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Vec::from(self.clone()).join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_read_as_they_are_written() {
        let texts = ["admin", "viewer", "store:11111111-1111-1111-1111-111111111111"];
        let grants = Grants::parse(texts).unwrap();
        assert_eq!(grants.to_string(), texts.join(" "));
        assert_eq!(grants.stores().len(), 1);
    }

    #[test]
    fn what_is_no_role_is_refused_or_passed_over() {
        for text in ["", "store", "store:", "store:SP-014", "Admin", "admin ", "root", "store:*"] {
            assert!(Grants::parse([text]).is_err(), "{text}");
            assert!(Grants::known([text]).is_empty(), "{text}");
        }
    }
}
