//! What the arguments come to together, or why they cannot be meant so.

use std::net::SocketAddr;

use anyhow::bail;
use gondola_gateway::Service;

use super::args::{Args, ServeArgs};
use crate::compose::event_store::EventStoreUrl;
use crate::roles::Roles;

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
        let roles = Roles::named(&self.role);
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
        if is_asked && self.cdn.keeps_answers() {
            bail!(
                "--cdn-s-maxage has caches give what one caller may see to all others: leave it out where callers must say who \
                 they are"
            );
        }
        self.auth.check()?;
        self.traces.check()?;
        if self.data.event_store == EventStoreUrl::Memory {
            tracing::warn!("nothing_is_kept_with_event_store_memory");
        }
        Ok(Plan { roles, listen, services: Vec::new() })
    }
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
    use crate::roles::Role;

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
