//! Rate limits that processes share in Redis: one quota for all, by Redis's clock, and nothing of it left behind.

use std::num::NonZeroU32;
use std::time::Duration;

use kit_rate_limit::{Key, Quota, SharedLimits as _, Standing};
use kit_redis::RedisLimits;
use tokio::time::{Instant, sleep};

use crate::servers::{PATIENCE, address, space};

const NODE: &str = "GONDOLA_TEST_REDIS";
const CLUSTER: &str = "GONDOLA_TEST_REDIS_CLUSTER";

/// Two processes that share limits of a test's own.
async fn two(name: &str) -> [RedisLimits; 2] {
    let space = space();
    let process = || RedisLimits::open(&address(name), &space).unwrap();
    let both = [process(), process()];
    for process in &both {
        let (began, quota) = (Instant::now(), Quota::new(1, 1).unwrap());
        while let Err(error) =
            process.take("first", &Key::new("nobody"), quota, NonZeroU32::MIN).await
        {
            assert!(began.elapsed() < PATIENCE, "Redis is not connected: {error}");
            sleep(Duration::from_millis(10)).await;
        }
    }
    both
}

async fn take(process: &RedisLimits, key: &str, quota: &str, cost: u32) -> Standing {
    let (quota, cost) = (quota.parse().unwrap(), NonZeroU32::new(cost).unwrap());
    process.take("commands", &Key::new(key), quota, cost).await.unwrap()
}

async fn one_quota_for_both(name: &str) {
    let both = two(name).await;
    for remaining in (0..10).rev() {
        // so slow that nothing comes back while the test runs, unless it is stopped for a second
        let standing = take(&both[remaining % 2], "a", "1:10", 1).await;
        assert!(standing.is_allowed, "{remaining}");
    }
    let refused = take(&both[0], "a", "1:10", 2).await;
    assert!(!refused.is_allowed, "{refused:?}");
    assert!(
        (Duration::from_millis(1)..=Duration::from_secs(2)).contains(&refused.retry_after),
        "{refused:?}"
    );
    assert_eq!(take(&both[1], "b", "1:10", 10).await.remaining, 0, "each key has its own");
    let elsewhere =
        both[1].take("reads", &Key::new("a"), "1:10".parse().unwrap(), NonZeroU32::MIN).await;
    assert_eq!(elsewhere.unwrap().remaining, 9, "and each limit");
}

#[tokio::test]
#[ignore = "needs Redis: make test-services"]
async fn processes_share_one_quota_on_a_node() {
    one_quota_for_both(NODE).await;
}

#[tokio::test]
#[ignore = "needs Redis: make test-services"]
async fn processes_share_one_quota_on_a_cluster() {
    one_quota_for_both(CLUSTER).await;
}

#[tokio::test]
#[ignore = "needs Redis: make test-services"]
async fn what_was_used_comes_back_at_the_rate_and_a_cost_is_taken_whole() {
    let [one, other] = two(NODE).await;
    // so slow that not all is back before the next looks
    assert_eq!(take(&one, "a", "5:20", 15).await.remaining, 5);
    let refused = take(&other, "a", "5:20", 20).await;
    assert!(!refused.is_allowed, "{refused:?}");
    assert!(refused.remaining >= 5, "what is refused uses nothing: {refused:?}");
    sleep(refused.retry_after).await;
    assert!(take(&other, "a", "5:20", 20).await.is_allowed);
    assert!(!take(&one, "a", "5:20", 20).await.is_allowed);
}

/// However many ask at once, on however many connections: no more than the quota passes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Redis: make test-services"]
async fn a_crowd_gets_the_quota_and_what_came_back_meanwhile() {
    let both = two(NODE).await.map(std::sync::Arc::new);
    let began = Instant::now();
    let crowd = (0..400).map(|number: usize| {
        let process = std::sync::Arc::clone(&both[number % 2]);
        tokio::spawn(async move { take(&process, "a", "10:100", 1).await.is_allowed })
    });
    let (crowd, mut passed) = (crowd.collect::<Vec<_>>(), 0);
    for one in crowd {
        passed += usize::from(one.await.unwrap());
    }
    let back = usize::try_from(began.elapsed().as_millis() / 100).unwrap() + 1;
    assert!((100..=100 + back).contains(&passed), "{passed} passed, {back} could come back");
}
