//! Which parts of the product one process serves.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};

/// A part of the product that a process can serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Role {
    /// Inventory, store and notification in one process.
    All,
    /// Stock levels and reservations.
    Inventory,
    /// The catalogue: stores and products.
    Store,
    /// Webhooks, alerts, subscriptions and order confirmations: beside inventory and store, or where they have their logs in a
    /// database, in a process of its own that reads them. One process at a time runs it.
    Notification,
    /// What callers meet: it passes requests on to the processes that serve the rest.
    Gateway,
}

/// The parts of a process; at least one.
#[expect(clippy::struct_excessive_bools, reason = "each part is served or not")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Roles {
    pub(crate) inventory: bool,
    pub(crate) store: bool,
    pub(crate) notification: bool,
    pub(crate) gateway: bool,
}

impl Roles {
    /// Everything in one process, which has nothing to pass on.
    pub(crate) const ALL: Self =
        Self { inventory: true, store: true, notification: true, gateway: false };

    /// The parts for some roles, no role meaning all.
    pub(crate) fn named(roles: &[Role]) -> Self {
        let all = roles.is_empty() || roles.contains(&Role::All);
        Self {
            inventory: all || roles.contains(&Role::Inventory),
            store: all || roles.contains(&Role::Store),
            notification: all || roles.contains(&Role::Notification),
            gateway: roles.contains(&Role::Gateway),
        }
    }

    /// Whether callers ask this process itself: a gateway, or one that serves everything. Others are behind a gateway.
    pub(crate) const fn meet_callers(self) -> bool {
        self.gateway || (self.inventory && self.store)
    }

    /// The names of the contexts.
    pub(crate) fn contexts(self) -> impl Iterator<Item = &'static str> {
        self.logs().chain(self.notification.then_some("notification"))
    }

    /// The names of those contexts that have a log.
    pub(crate) fn logs(self) -> impl Iterator<Item = &'static str> {
        let all = [("inventory", self.inventory), ("store", self.store)];
        all.into_iter().filter_map(|(context, wanted)| wanted.then_some(context))
    }

    /// Where the parts listen unless told: each alone on a port of its own, so that all fit on one machine.
    pub(crate) fn usual_address(self) -> SocketAddr {
        let port = match self {
            Self { inventory: true, store: false, gateway: false, .. } => 8080,
            Self { inventory: false, store: true, gateway: false, .. } => 8081,
            Self { inventory: false, store: false, notification: true, gateway: false } => 8082,
            _ => 8000,
        };
        (Ipv4Addr::LOCALHOST, port).into()
    }
}

impl fmt::Display for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.contexts().chain(self.gateway.then_some("gateway")).collect();
        f.write_str(&names.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_role_means_all_and_several_add_up() {
        assert_eq!(Roles::named(&[]), Roles::ALL);
        assert_eq!(Roles::named(&[Role::All, Role::Store]), Roles::ALL);
        let all = [Role::Store, Role::Notification, Role::Inventory];
        assert_eq!(Roles::named(&all), Roles::ALL);
        assert_eq!(Roles::named(&[Role::Gateway, Role::Store]).to_string(), "store, gateway");
    }

    #[test]
    fn a_part_alone_is_behind_a_gateway() {
        let meets = |roles: &[Role]| Roles::named(roles).meet_callers();
        assert!(meets(&[]) && meets(&[Role::Gateway]) && meets(&[Role::Inventory, Role::Store]));
        assert!(!meets(&[Role::Inventory]) && !meets(&[Role::Store]));
        assert!(!meets(&[Role::Notification]));
    }

    #[test]
    fn each_role_alone_has_a_port_of_its_own() {
        let port = |roles: &[Role]| Roles::named(roles).usual_address().port();
        assert_eq!(port(&[]), 8000);
        assert_eq!(port(&[Role::Gateway]), 8000);
        assert_eq!(port(&[Role::Inventory]), 8080);
        assert_eq!(port(&[Role::Store]), 8081);
        assert_eq!(port(&[Role::Notification]), 8082);
        assert_eq!(port(&[Role::Inventory, Role::Store]), 8000);
    }
}
