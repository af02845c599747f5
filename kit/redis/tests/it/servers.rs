//! The servers that `scripts/services-up` has started, and those of one test.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use kit_cache::SharedCache;
use kit_core::{Clock as _, Epoch, IdSource as _, RandomIds, SystemClock};
use kit_lease::Leases as _;
use kit_redis::{RedisAddress, RedisCache, RedisLeases};
use kit_testkit::servers::free_port;
use tokio::time::sleep;
use uuid::Uuid;

/// Longest wait for something that is to happen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// How long nothing is told once a connection has begun.
const QUIET: Duration = Duration::from_millis(300);

/// An address that `scripts/services-up` tells.
#[expect(
    clippy::disallowed_methods,
    reason = "a test is told by its environment where the server is"
)]
pub(crate) fn address(name: &str) -> RedisAddress {
    let url = std::env::var(name);
    url.unwrap_or_else(|_| panic!("{name} is not set: run make test-services")).parse().unwrap()
}

/// Keys that no other test has.
pub(crate) fn space() -> String {
    format!("test:{}", RandomIds.next_id(SystemClock.now()))
}

/// A cache of a test's own, connected.
pub(crate) async fn cache(name: &str) -> RedisCache {
    connected(RedisCache::open(&address(name), &space()).unwrap()).await
}

/// Leases of a test's own.
pub(crate) async fn leases(name: &str) -> RedisLeases {
    connected_leases(RedisLeases::open(&address(name), &space()).unwrap()).await
}

/// Waits until leases can be asked for.
pub(crate) async fn connected_leases(leases: RedisLeases) -> RedisLeases {
    let (began, nobody) = (Instant::now(), Uuid::nil());
    while let Err(error) = leases.acquire("first", nobody, QUIET, Epoch::ZERO).await {
        assert!(began.elapsed() < PATIENCE, "Redis is not connected: {error}");
        sleep(Duration::from_millis(10)).await;
    }
    leases
}

/// Waits until a cache can be used, and its subscription has begun.
pub(crate) async fn connected(cache: RedisCache) -> RedisCache {
    let mut told = cache.invalidations();
    let began = Instant::now();
    while cache.health().is_err() {
        assert!(began.elapsed() < PATIENCE, "Redis is not connected");
        sleep(Duration::from_millis(10)).await;
    }
    tokio::time::timeout(PATIENCE, told.recv()).await.unwrap().unwrap();
    // word of the first connection may come more than once
    while tokio::time::timeout(QUIET, told.recv()).await.is_ok() {}
    cache
}

/// A Redis of one test, which may be stopped and killed.
pub(crate) struct Server {
    child: Child,
    port: u16,
}

impl Server {
    pub(crate) fn start() -> Self {
        let port = free_port();
        Self { child: spawn(port), port }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn address(&self) -> RedisAddress {
        format!("redis://127.0.0.1:{}", self.port).parse().unwrap()
    }

    /// Kills it, with all that it holds.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts an empty one in its place.
    pub(crate) fn start_again(&mut self) {
        self.child = spawn(self.port);
    }

    pub(crate) fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
    }
}

fn spawn(port: u16) -> Child {
    let arguments = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--port"];
    let mut command = Command::new("redis-server");
    command.args(arguments).arg(port.to_string()).stdout(Stdio::null()).spawn().unwrap()
}

impl Drop for Server {
    fn drop(&mut self) {
        // fails only when it has ended already
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
