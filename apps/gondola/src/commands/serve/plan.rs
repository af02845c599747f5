//! What the arguments come to together, or why they cannot be meant so.

use std::net::SocketAddr;

use anyhow::bail;
use gondola_gateway::Service;
use kit_http_client::ServiceUrl;

use super::args::{Args, ServeArgs};
use crate::compose::event_store::EventStoreUrl;
use crate::config::warn_of_unknown_variables;
use crate::roles::{Role, Roles};

/// Arguments that go together.
pub(crate) struct Plan {
    /// What is served.
    pub(crate) roles: Roles,
    /// Where.
    pub(crate) listen: SocketAddr,
    /// What is passed on to other processes.
    pub(crate) services: Vec<Service>,
}

impl ServeArgs {
    /// Refuses arguments that are incoherent or unsafe together, with what to do instead. Opens nothing.
    pub(crate) fn plan(&self) -> anyhow::Result<Plan> {
        let roles = notification_roles(&self.role, self.serve.data.event_store.is_shared())?;
        check_names(roles, &self.gateway.store_url)?;
        check_bus(roles, self.serve.bus.event_bus.is_shared())?;
        let Plan { listen, .. } = self.serve.plan(roles)?;
        Ok(Plan { services: self.gateway.services(roles)?, roles, listen })
    }
}

impl Args {
    /// The same for parts that are chosen already.
    pub(super) fn plan(&self, roles: Roles) -> anyhow::Result<Plan> {
        let listen = self.listen.unwrap_or_else(|| roles.usual_address());
        let addresses = [Some(listen), self.metrics_listen];
        let mut public = addresses.into_iter().flatten().filter(|one| !one.ip().is_loopback());
        let is_asked = self.auth.is_configured();
        if let Some(address) = public.next().filter(|_| !is_asked && !self.insecure_no_auth) {
            bail!(
                "{address} is not a loopback address, and without authentication anybody who reaches it could change \
                 stock: use 127.0.0.1, or --api-keys or --oidc-issuer, or say --insecure-no-auth where only what you trust \
                 reaches it, as behind a gateway"
            );
        }
        if is_asked && self.insecure_no_auth {
            bail!(
                "--insecure-no-auth asks nobody who they are, and --api-keys and --oidc-issuer ask everybody: say one"
            );
        }
        if listen.port() != 0 && self.metrics_listen == Some(listen) {
            bail!(
                "--metrics-listen and --listen are both {listen}: give each an address of its own"
            );
        }
        if roles.inventory {
            self.shared.cache.check(&self.data.event_store)?;
        }
        self.cdn.check()?;
        self.channels.channels()?;
        if is_asked && self.cdn.keeps_answers() {
            bail!(
                "--cdn-s-maxage has caches give what one caller may see to all others: leave it out where callers must say who \
                 they are"
            );
        }
        warn_of_unknown_variables();
        self.auth.check()?;
        self.backup.check(&self.data)?;
        if self.data.event_store == EventStoreUrl::Memory {
            tracing::warn!("nothing_is_kept_with_event_store_memory");
        }
        Ok(Plan { roles, listen, services: Vec::new() })
    }
}

/// The roles that are meant. The notification context keeps its state in files of one process: on a database it is served
/// where a role says so, elsewhere beside the logs that it follows.
fn notification_roles(named: &[Role], is_shared: bool) -> anyhow::Result<Roles> {
    let mut roles = Roles::named(named);
    if is_shared && named.is_empty() {
        tracing::info!("notification_is_served_where_a_role_says_so");
        roles.notification = false;
    }
    if roles.notification && !is_shared && !(roles.inventory && roles.store) {
        bail!(
            "role notification follows the logs of inventory and store, which only one process can open in files: add --role \
             inventory and --role store, or use --event-store postgres://... or mysql://..."
        );
    }
    Ok(roles)
}

/// Refuses a notification service whose messages would have ids where people expect names.
fn check_names(roles: Roles, store_url: &[ServiceUrl]) -> anyhow::Result<()> {
    if roles.notification && !roles.store && store_url.is_empty() {
        bail!(
            "role notification without role store must know where the store service is, for the names in messages: \
             --store-url http://HOST:PORT"
        );
    }
    Ok(())
}

/// Refuses a context that would miss what only the bus brings.
fn check_bus(roles: Roles, reaches_other_processes: bool) -> anyhow::Result<()> {
    if roles.inventory && !roles.store && !reaches_other_processes {
        bail!(
            "role inventory alone would know no product by SKU and no store by code: the event bus lives in the \
             memory of one process, so the catalogue cannot reach it from another; add --role store, or \
             --event-bus kafka://HOST:PORT"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_notification_context_is_beside_both_logs_or_where_a_role_says_so_on_a_database() {
        let roles = |named: &[Role], is_shared| notification_roles(named, is_shared);
        assert_eq!(roles(&[], false).unwrap(), Roles::ALL);
        assert_eq!(roles(&[], true).unwrap(), Roles { notification: false, ..Roles::ALL });
        assert_eq!(roles(&[Role::All], true).unwrap(), Roles::ALL);
        let alone = roles(&[Role::Notification], true).unwrap();
        assert!(alone.notification && !alone.inventory && !alone.store);
        let refused = roles(&[Role::Notification], false).unwrap_err().to_string();
        assert!(refused.contains("--role inventory and --role store"), "{refused}");
    }

    #[test]
    fn a_notification_service_alone_must_know_who_knows_names() {
        let check = |roles: &[Role], urls: &[ServiceUrl]| check_names(Roles::named(roles), urls);
        let refused = check(&[Role::Notification], &[]).unwrap_err().to_string();
        assert!(refused.contains("--store-url"), "{refused}");
        check(&[Role::Notification], &["http://a:1".parse().unwrap()]).unwrap();
        check(&[], &[]).unwrap();
        check(&[Role::Inventory], &[]).unwrap();
    }

    #[test]
    fn only_a_bus_between_processes_lets_the_inventory_be_alone() {
        let check = |roles: &[Role], reaches| check_bus(Roles::named(roles), reaches);
        let refused = check(&[Role::Inventory], false).unwrap_err().to_string();
        assert!(refused.contains("add --role store"), "{refused}");
        check(&[Role::Inventory], true).unwrap();
        check(&[Role::Inventory, Role::Store], false).unwrap();
        check(&[Role::Store], false).unwrap();
        check(&[], false).unwrap();
    }
}
