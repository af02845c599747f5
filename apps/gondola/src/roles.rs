//! Which contexts one process serves.

use anyhow::bail;

/// A part of the product that a process can serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Role {
    /// Everything.
    All,
    /// Stock levels and reservations.
    Inventory,
    /// The catalogue: stores and products.
    Store,
}

/// The contexts of a process; at least one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Roles {
    pub(crate) inventory: bool,
    pub(crate) store: bool,
}

impl Roles {
    /// Everything in one process.
    pub(crate) const ALL: Self = Self { inventory: true, store: true };

    /// The contexts for some roles, no role meaning all; refused when a context would miss what only the bus brings.
    pub(crate) fn new(roles: &[Role], bus_is_shared: bool) -> anyhow::Result<Self> {
        let named = Self::named(roles);
        if named.inventory && !named.store && !bus_is_shared {
            bail!(
                "role inventory alone would know no product by SKU and no store by code: the event bus lives in the \
                 memory of one process, so the catalogue cannot reach it from another; add --role store, or \
                 --event-bus kafka://HOST:PORT"
            );
        }
        Ok(named)
    }

    /// The contexts for some roles, no role meaning all.
    pub(crate) fn named(roles: &[Role]) -> Self {
        if roles.is_empty() || roles.contains(&Role::All) {
            return Self::ALL;
        }
        Self { inventory: roles.contains(&Role::Inventory), store: roles.contains(&Role::Store) }
    }

    /// The names of the contexts.
    pub(crate) fn contexts(self) -> impl Iterator<Item = &'static str> {
        let all = [("inventory", self.inventory), ("store", self.store)];
        all.into_iter().filter_map(|(context, wanted)| wanted.then_some(context))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_context_is_cut_off_from_what_it_needs() {
        let contexts =
            |roles: &[Role]| Roles::new(roles, false).map(|one| (one.inventory, one.store));
        assert_eq!(contexts(&[]).unwrap(), (true, true));
        assert_eq!(contexts(&[Role::All, Role::Store]).unwrap(), (true, true));
        assert_eq!(contexts(&[Role::Store]).unwrap(), (false, true));
        assert_eq!(contexts(&[Role::Store, Role::Inventory]).unwrap(), (true, true));
        let refused = contexts(&[Role::Inventory]).unwrap_err().to_string();
        assert!(refused.contains("add --role store"), "{refused}");
        assert!(!Roles::new(&[Role::Inventory], true).unwrap().store);
    }
}
