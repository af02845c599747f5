//! Redis gone, hung, slow, emptied, or with something else under our keys (E15).

use std::process::Command;
use std::time::{Duration, Instant};

use kit_cache::{Guarded, Invalidation, SharedCache, Tell};
use kit_core::Epoch;
use kit_lease::Leases as _;
use kit_redis::{RedisCache, RedisLeases};
use kit_testkit::caches::entry;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use crate::servers::{PATIENCE, Server, connected, connected_leases};
use crate::slow::SlowProxy;

/// Longest time that a caller may lose; the machine may be busy. Who waits for a slow Redis loses two seconds.
const LOST_MAX: Duration = Duration::from_millis(1_500);

async fn open(server: &Server) -> Guarded<RedisCache> {
    Guarded::new(connected(RedisCache::open(&server.address(), "test").unwrap()).await)
}

/// Reads until it succeeds, and checks that no read takes long.
async fn wait_for_answer(cache: &impl SharedCache, key: &str) -> Option<Vec<u8>> {
    let began = Instant::now();
    loop {
        let asked = Instant::now();
        let answer = cache.get(key).await;
        assert!(asked.elapsed() < LOST_MAX, "{:?}", asked.elapsed());
        match answer {
            Ok(answer) => return answer,
            Err(error) => assert!(began.elapsed() < PATIENCE, "{error}"),
        }
        sleep(Duration::from_millis(20)).await;
    }
}

/// Reads for a while in which Redis does not answer; the answer is how long one took at most.
async fn longest_failing_read(cache: &impl SharedCache) -> Duration {
    let (began, mut longest) = (Instant::now(), Duration::ZERO);
    while began.elapsed() < Duration::from_secs(2) {
        let asked = Instant::now();
        cache.get("a").await.unwrap_err();
        longest = longest.max(asked.elapsed());
        sleep(Duration::from_millis(1)).await;
    }
    longest
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Redis: make test-services"]
async fn a_killed_redis_costs_a_moment_and_is_used_again_when_it_is_back() {
    let mut server = Server::start();
    let cache = open(&server).await;
    assert!(cache.put_if_newer(entry("a", 1), Tell::Nobody).await.unwrap());
    let mut told = cache.invalidations();
    server.kill();
    let longest = longest_failing_read(&cache).await;
    eprintln!("longest read without Redis: {longest:?}");
    assert!(longest < LOST_MAX, "{longest:?}");
    assert!(cache.health().is_err());
    server.start_again();
    assert_eq!(wait_for_answer(&cache, "a").await, None, "it was emptied");
    assert_eq!(timeout(PATIENCE, told.recv()).await.unwrap().unwrap(), Invalidation::All);
    assert!(cache.health().is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Redis: make test-services"]
async fn a_hung_redis_costs_a_moment_and_is_used_again_when_it_goes_on() {
    let server = Server::start();
    let cache = open(&server).await;
    assert!(cache.put_if_newer(entry("a", 1), Tell::Nobody).await.unwrap());
    server.signal("-STOP");
    let longest = longest_failing_read(&cache).await;
    eprintln!("longest read while Redis hangs: {longest:?}");
    assert!(longest < LOST_MAX, "{longest:?}");
    server.signal("-CONT");
    assert_eq!(wait_for_answer(&cache, "a").await, Some(entry("a", 1).value));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Redis: make test-services"]
async fn a_slow_redis_costs_a_moment_and_is_used_again_when_it_is_fast() {
    let server = Server::start();
    let proxy = SlowProxy::before(server.port()).await;
    let address = format!("redis://127.0.0.1:{}", proxy.port).parse().unwrap();
    let cache = Guarded::new(connected(RedisCache::open(&address, "test").unwrap()).await);
    assert!(cache.put_if_newer(entry("a", 1), Tell::Nobody).await.unwrap());
    proxy.answer_after(Duration::from_secs(2));
    let longest = longest_failing_read(&cache).await;
    eprintln!("longest read while answers take 2 s: {longest:?}");
    assert!(longest < LOST_MAX, "{longest:?}");
    proxy.answer_after(Duration::ZERO);
    assert_eq!(wait_for_answer(&cache, "a").await, Some(entry("a", 1).value));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Redis: make test-services"]
async fn an_emptied_redis_has_nothing_and_takes_entries() {
    let server = Server::start();
    let cache = open(&server).await;
    assert!(cache.put_if_newer(entry("a", 2), Tell::Nobody).await.unwrap());
    server.command(&["FLUSHALL"]);
    assert_eq!(cache.get("a").await.unwrap(), None);
    assert!(cache.put_if_newer(entry("a", 2), Tell::Nobody).await.unwrap());
    // scripts go, too
    server.command(&["SCRIPT", "FLUSH"]);
    assert!(cache.put_if_newer(entry("a", 3), Tell::Nobody).await.unwrap());
    assert_eq!(cache.get("a").await.unwrap(), Some(entry("a", 3).value));
    assert!(cache.health().is_ok());
}

/// E11 with a keeper that has forgotten: what the stores know tells the epochs apart.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Redis: make test-services"]
async fn a_paused_holder_is_refused_after_redis_was_emptied() {
    let server = Server::start();
    let leases = connected_leases(RedisLeases::open(&server.address(), "test").unwrap()).await;
    let long = Duration::from_mins(1);
    let acquire = async |holder, above| {
        let acquired = leases.acquire("relay", Uuid::from_u128(holder), long, above).await;
        acquired.unwrap().unwrap()
    };
    let paused = acquire(1, Epoch::new(7)).await;
    server.command(&["FLUSHALL"]);
    // as a store tells it that has taken writes of the paused one
    let present = acquire(2, paused.epoch).await;
    assert!(present.epoch > paused.epoch);
    assert!(!leases.renew(&paused, long).await.unwrap());
    leases.release(&paused).await.unwrap();
    assert!(leases.renew(&present, long).await.unwrap(), "it is still the present one's");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Redis: make test-services"]
async fn a_redis_that_is_not_there_at_the_start_is_found_when_it_comes() {
    let mut server = Server::start();
    server.kill();
    let cache = Guarded::new(RedisCache::open(&server.address(), "test").unwrap());
    assert!(longest_failing_read(&cache).await < LOST_MAX);
    server.start_again();
    assert_eq!(wait_for_answer(&cache, "a").await, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Redis: make test-services"]
async fn something_else_under_a_key_is_nothing_and_is_replaced() {
    let server = Server::start();
    let cache = open(&server).await;
    for planted in [["SET", "test:a", "text"], ["RPUSH", "test:a", "of a list"]] {
        server.command(&["DEL", "test:a"]);
        server.command(&planted);
        assert_eq!(cache.get("a").await.unwrap(), None, "{planted:?}");
        assert!(cache.put_if_newer(entry("a", 1), Tell::Nobody).await.unwrap());
        assert_eq!(cache.get("a").await.unwrap(), Some(entry("a", 1).value));
    }
    server.command(&["HSET", "test:b", "version", "none"]);
    assert!(cache.put_if_newer(entry("b", 1), Tell::Nobody).await.unwrap());
    assert!(cache.health().is_ok(), "an answer is no failure");
}

/// What a process is not told of while it is cut off, it must not believe to know.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Redis: make test-services"]
async fn a_listener_that_was_cut_off_is_told_that_anything_may_have_changed() {
    let server = Server::start();
    let cache = open(&server).await;
    let mut told = cache.invalidations();
    server.command(&["CLIENT", "KILL", "TYPE", "pubsub"]);
    assert_eq!(timeout(PATIENCE, told.recv()).await.unwrap().unwrap(), Invalidation::All);
    assert!(cache.put_if_newer(entry("a", 1), Tell::Others).await.unwrap());
    let changed = Invalidation::Changed { key: "a".to_owned(), version: 1 };
    assert_eq!(timeout(PATIENCE, told.recv()).await.unwrap().unwrap(), changed);
}

impl Server {
    /// Runs a command that no adapter runs.
    fn command(&self, arguments: &[&str]) {
        let port = self.port().to_string();
        let mut command = Command::new("redis-cli");
        let done = command.args(["-p", &port]).args(arguments).output().unwrap();
        assert!(done.status.success(), "{done:?}");
    }
}
