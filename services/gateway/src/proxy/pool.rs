//! The processes of a service, and in which order a request tries them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ::metrics::Counter;
use kit_http_client::{ServiceUrl, connections};
use kit_resilience::RetryBudget;

use super::Routing;
use super::memory::Memory;
use super::metrics;
use super::rendezvous;
use super::upgrade::Tunnels;
use super::upstream::{Client, Upstream};

/// Repetitions that may come at once, as when a process dies with requests in it.
const REPETITIONS_AT_ONCE: u32 = 256;

/// Unused connections that are kept to one process.
const IDLE_MAX: usize = 256;

/// A service's processes and what is shared by all requests to them.
pub(super) struct Pool {
    /// What people call the service.
    pub(super) service: &'static str,
    pub(super) memory: Memory,
    pub(super) budget: RetryBudget,
    pub(super) repetitions: Counter,
    pub(super) tunnels: Tunnels,
    upstreams: Vec<Arc<Upstream>>,
    hashes: Vec<u64>,
    routing: Routing,
    next: AtomicUsize,
    client: Client,
}

impl Pool {
    pub(super) fn new(
        service: &'static str,
        urls: Vec<ServiceUrl>,
        routing: Routing,
        tunnels: Tunnels,
    ) -> Self {
        let upstreams: Vec<_> =
            urls.into_iter().map(|url| Arc::new(Upstream::new(service, url))).collect();
        Self {
            service,
            memory: Memory::default(),
            budget: RetryBudget::new(REPETITIONS_AT_ONCE),
            repetitions: metrics::repetitions(service),
            hashes: upstreams.iter().map(|upstream| upstream.hash).collect(),
            upstreams,
            tunnels,
            routing,
            next: AtomicUsize::new(0),
            client: connections(IDLE_MAX),
        }
    }

    pub(super) fn upstreams(&self) -> &[Arc<Upstream>] {
        &self.upstreams
    }

    /// How long all of them are left alone for their failures.
    pub(super) fn rest(&self) -> Duration {
        self.upstreams.iter().map(|upstream| upstream.rest()).min().unwrap_or_default()
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
