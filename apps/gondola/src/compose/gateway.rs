//! Which processes a gateway passes requests on to.

use anyhow::{Result, bail};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use gondola_gateway::{Routing, Service};
use kit_http_client::ServiceUrl;
use utoipa::openapi::OpenApi;

use crate::roles::Roles;

/// Where the services are that a gateway does not serve itself.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct GatewayArgs {
    /// Processes of the inventory service that a gateway passes requests on to, as in `http://10.0.0.7:8080`; may be repeated.
    #[arg(
        long,
        env = "GONDOLA_INVENTORY_URL",
        hide_env_values = true,
        value_name = "URL",
        value_delimiter = ','
    )]
    inventory_url: Vec<ServiceUrl>,

    /// Processes of the store service, as in `http://10.0.0.8:8081`; may be repeated. A gateway passes requests on to them; an
    /// inventory asks them for stores and products that it has not been told of, a notification service for the names in
    /// messages.
    #[arg(
        long,
        env = "GONDOLA_STORE_URL",
        hide_env_values = true,
        value_name = "URL",
        value_delimiter = ','
    )]
    pub(crate) store_url: Vec<ServiceUrl>,

    /// Processes of the notification service, as in `http://10.0.0.9:8082`: the one that runs and those that wait for it to end. A
    /// gateway passes requests on to the one that runs; an inventory asks it to confirm orders. Without it a gateway has no
    /// webhooks, alerts and subscriptions, and orders are not confirmed.
    #[arg(
        long,
        env = "GONDOLA_NOTIFICATION_URL",
        hide_env_values = true,
        value_name = "URL",
        value_delimiter = ','
    )]
    pub(crate) notification_url: Vec<ServiceUrl>,

    /// How a gateway spreads requests over the processes of the inventory: those about one store to one process, or all in
    /// turn.
    #[arg(long, env = "GONDOLA_ROUTING", default_value = "store", value_parser = routing())]
    routing: Routing,
}

fn routing() -> impl TypedValueParser<Value = Routing> {
    let names = PossibleValuesParser::new(["store", "any"]);
    names.map(|name| if name == "store" { Routing::Store } else { Routing::Any })
}

impl GatewayArgs {
    /// The services that are passed on with these roles; none without a gateway. Refused when it is not said where one is.
    pub(crate) fn services(&self, roles: Roles) -> Result<Vec<Service>> {
        if !roles.gateway {
            return Ok(Vec::new());
        }
        let (inventory, store) = (gondola_inventory::openapi, gondola_store::openapi);
        let mut services = Vec::new();
        if !roles.inventory {
            services.push(service("inventory", inventory(), &self.inventory_url, self.routing)?);
        }
        if !roles.store {
            services.push(service("store", store(), &self.store_url, Routing::Any)?);
        }
        // a chain may have none
        if !roles.notification && !self.notification_url.is_empty() {
            let document = gondola_notification::openapi();
            services.push(service("notification", document, &self.notification_url, Routing::Any)?);
        }
        if services.is_empty() {
            bail!("role gateway has nothing to pass on where one process serves all: leave it out");
        }
        Ok(services)
    }
}

fn service(
    name: &'static str,
    document: OpenApi,
    urls: &[ServiceUrl],
    routing: Routing,
) -> Result<Service> {
    if urls.is_empty() {
        bail!("role gateway must know where the {name} service is: --{name}-url http://HOST:PORT");
    }
    Ok(Service { name, document, upstreams: urls.to_vec(), routing })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roles::Role;

    #[test]
    fn a_gateway_knows_where_everything_is_that_it_does_not_serve() {
        let url = || vec!["http://a:1".parse().unwrap()];
        let args = |inventory_url, store_url| GatewayArgs {
            inventory_url,
            store_url,
            notification_url: vec![],
            routing: Routing::Store,
        };
        let services = |args: &GatewayArgs, roles: &[Role]| {
            let services = args.services(Roles::named(roles));
            services.map(|found| found.iter().map(|one| one.name).collect::<Vec<_>>())
        };
        let both = args(url(), url());
        assert_eq!(services(&both, &[Role::Gateway]).unwrap(), ["inventory", "store"]);
        assert_eq!(services(&both, &[Role::Gateway, Role::Store]).unwrap(), ["inventory"]);
        let all = GatewayArgs { notification_url: url(), ..both.clone() };
        let three = ["inventory", "store", "notification"];
        assert_eq!(services(&all, &[Role::Gateway]).unwrap(), three);
        assert_eq!(services(&all, &[Role::Gateway, Role::Notification]).unwrap(), three[..2]);
        assert!(services(&both, &[]).unwrap().is_empty());
        let told = services(&args(url(), vec![]), &[Role::Gateway]).unwrap_err().to_string();
        assert!(told.contains("--store-url"), "{told}");
        assert!(services(&both, &[Role::Gateway, Role::All]).is_err());
    }
}
