//! The processes of a service, and in which order a request tries them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ::metrics::Counter;
use hyper_util::client::legacy::Client as HyperClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::Routing;
use super::budget::Budget;
use super::memory::Memory;
use super::metrics;
use super::rendezvous;
use super::upstream::{Client, Upstream};
use super::url::UpstreamUrl;

/// How long a connection may take to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// How long an unused connection is kept: less than a server of ours keeps it, so that none is used while it is being closed.
const IDLE_TIMEOUT: Duration = Duration::from_secs(5);

/// Unused connections that are kept to one process.
const IDLE_MAX: usize = 256;

/// A service's processes and what is shared by all requests to them.
pub(super) struct Pool {
    /// What people call the service.
    pub(super) service: &'static str,
    pub(super) memory: Memory,
    pub(super) budget: Budget,
    pub(super) repetitions: Counter,
    upstreams: Vec<Arc<Upstream>>,
    hashes: Vec<u64>,
    routing: Routing,
    next: AtomicUsize,
    client: Client,
}

impl Pool {
    pub(super) fn new(service: &'static str, urls: Vec<UpstreamUrl>, routing: Routing) -> Self {
        let upstreams: Vec<_> =
            urls.into_iter().map(|url| Arc::new(Upstream::new(service, url))).collect();
        Self {
            service,
            memory: Memory::default(),
            budget: Budget::default(),
            repetitions: metrics::repetitions(service),
            hashes: upstreams.iter().map(|upstream| upstream.hash).collect(),
            upstreams,
            routing,
            next: AtomicUsize::new(0),
            client: client(),
        }
    }

    pub(super) fn upstreams(&self) -> &[Arc<Upstream>] {
        &self.upstreams
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// The processes in the order of a key, or in turn.
    pub(super) fn in_order(&self, key: Option<u64>) -> impl Iterator<Item = &Upstream> {
        let order = match key.filter(|_| self.routing == Routing::Store) {
            Some(key) => rendezvous::order(key, &self.hashes),
            None => self.in_turn(),
        };
        order.into_iter().map(|index| &*self.upstreams[index])
    }

    fn in_turn(&self) -> Vec<usize> {
        let (first, count) = (self.next.fetch_add(1, Ordering::Relaxed), self.hashes.len());
        (0..count).map(|index| first.wrapping_add(index) % count).collect()
    }
}

fn client() -> Client {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    connector.set_connect_timeout(Some(CONNECT_TIMEOUT));
    HyperClient::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE_TIMEOUT)
        .pool_max_idle_per_host(IDLE_MAX)
        .build(connector)
}
