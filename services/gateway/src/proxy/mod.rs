//! Passing requests on to the processes that serve them, and living with it when one of them does not.

mod attempt;
mod begun;
mod forward;
mod headers;
mod health;
mod memory;
mod metrics;
mod named;
mod pool;
mod rendezvous;
mod upgrade;
mod upstream;

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::routing::any;
use kit_http::Check;
use kit_http_client::ServiceUrl;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use utoipa::openapi::OpenApi;

use self::pool::Pool;
use self::upgrade::Tunnels;

/// A service whose requests are passed on.
pub struct Service {
    /// What people call it, as in answers for it while it is away.
    pub name: &'static str,
    /// What it answers to: every path of the document is passed on, and nothing else.
    pub document: OpenApi,
    /// Its processes, at least one.
    pub upstreams: Vec<ServiceUrl>,
    /// Which process gets what.
    pub routing: Routing,
}

/// How a request finds its process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Routing {
    /// Requests about one store go to one process while it is up, others to any.
    #[default]
    Store,
    /// In turn.
    Any,
}

/// A service as the gateway shows it.
pub struct Proxied {
    /// Its routes.
    pub routes: Router,
    /// A health check for each of its processes. None says down: without them the gateway still answers.
    pub checks: Vec<Check>,
}

/// Begins to watch the processes of a service, until told to stop, and gives its routes.
pub fn proxied(service: Service, tasks: &TaskTracker, stop: &CancellationToken) -> Proxied {
    let Service { name, document, upstreams, routing } = service;
    let tunnels = Tunnels { tasks: tasks.clone(), stop: stop.clone() };
    let pool = Arc::new(Pool::new(name, upstreams, routing, tunnels));
    for upstream in pool.upstreams() {
        health::watch(Arc::clone(upstream), pool.client().clone(), tasks, stop.clone());
    }
    let routes = document.paths.paths.keys().fold(Router::new(), |routes, path| {
        let pool = Arc::clone(&pool);
        let pass_on = move |request: Request| {
            let pool = Arc::clone(&pool);
            async move { forward::forward(&pool, request).await }
        };
        routes.route(path, any(pass_on))
    });
    let checks = pool.upstreams().iter().map(health::check).collect();
    Proxied { routes, checks }
}
