//! Who asks.

use std::sync::Arc;

use kit_core::{Actor, Scope};

use crate::grants::{Grants, Role};
use crate::keys::KeyId;

/// A caller that has proven who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// Who it is, as events record it.
    pub subject: Actor,
    /// What it was given.
    pub grants: Grants,
    /// The API key that it has shown; `None` where that was a token.
    pub key: Option<KeyId>,
}

impl Principal {
    /// What it may see and change where these roles may come in; `None` where it may not.
    ///
    /// A role that counts everywhere gives everything, but only where that role itself may come in: a viewer who works in one
    /// store changes nothing in another.
    #[must_use]
    pub fn scope_for(&self, allowed: &[Role]) -> Option<Scope> {
        let stores = self.grants.stores();
        if self.grants.everywhere().iter().any(|role| allowed.contains(role)) {
            Some(Scope::All)
        } else if allowed.contains(&Role::Store) && !stores.is_empty() {
            Some(Scope::Only(Arc::clone(stores)))
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn each_role_counts_only_where_it_may_come_in_itself() {
        let store = Uuid::from_u128(1);
        let grants = Grants::parse(["viewer", &format!("store:{store}")]).unwrap();
        let both = Principal { subject: Actor::system("maria"), grants, key: None };
        assert_eq!(both.scope_for(&[Role::Viewer, Role::Store]), Some(Scope::All));
        assert_eq!(both.scope_for(&[Role::Operator, Role::Store]), Some(Scope::only([store])));
        assert_eq!(both.scope_for(&[Role::Admin]), None);
        let none = Principal { grants: Grants::default(), ..both };
        assert_eq!(none.scope_for(&Role::ALL), None);
    }
}
