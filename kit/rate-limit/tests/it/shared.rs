//! A limit that processes share, when what they share answers, refuses, fails, or hangs.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use kit_rate_limit::{
    Key, Limiter, LocalLimit, Quota, SharedLimits, SharedLimitsError, Sharing, Standing,
};
use tokio::sync::Mutex;
use tokio::time::{Instant, advance};

const ONE: NonZeroU32 = NonZeroU32::MIN;

/// What processes share, in memory; it can fail or hang.
struct Common {
    limit: LocalLimit,
    does: Mutex<Does>,
    asked: std::sync::atomic::AtomicUsize,
}

#[derive(Clone, Copy)]
enum Does {
    Answer,
    Fail,
    Hang,
}

#[async_trait]
impl SharedLimits for Common {
    async fn take(
        &self,
        _: &str,
        key: &Key,
        _: Quota,
        cost: NonZeroU32,
    ) -> Result<Standing, SharedLimitsError> {
        self.asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let does = *self.does.lock().await;
        match does {
            Does::Answer => Ok(self.limit.take(key, cost)),
            Does::Fail => Err(SharedLimitsError("gone".to_owned())),
            Does::Hang => std::future::pending().await,
        }
    }
}

impl Common {
    fn asked(&self) -> usize {
        self.asked.load(std::sync::atomic::Ordering::SeqCst)
    }
}

fn two_processes(quota: &str) -> ([Limiter; 2], Arc<Common>) {
    let quota = quota.parse().unwrap();
    let common = Arc::new(Common {
        limit: LocalLimit::new(quota),
        does: Mutex::new(Does::Answer),
        asked: std::sync::atomic::AtomicUsize::default(),
    });
    let process = || {
        let sharing = Sharing::new(Arc::clone(&common) as Arc<dyn SharedLimits>);
        Limiter::new("commands", quota, Some(Arc::new(sharing)))
    };
    ([process(), process()], Arc::clone(&common))
}

async fn allowed(processes: &[Limiter; 2], each: usize) -> usize {
    let (key, mut count) = (Key::new("a"), 0);
    for _ in 0..each {
        for process in processes {
            count += usize::from(process.take(&key, ONE).await.is_allowed);
        }
    }
    count
}

#[tokio::test]
async fn two_processes_let_through_one_quota_together() {
    let (processes, common) = two_processes("1:10");
    assert_eq!(allowed(&processes, 10).await, 10);
    let asked = common.asked();
    assert_eq!(allowed(&processes, 10).await, 0);
    assert_eq!(
        common.asked(),
        asked,
        "what a process refuses by itself costs nobody else anything"
    );
}

#[tokio::test]
async fn without_what_they_share_each_goes_by_its_own_limit() {
    let (processes, common) = two_processes("1:10");
    *common.does.lock().await = Does::Fail;
    assert_eq!(allowed(&processes, 20).await, 20, "each its own quota, and no more");
}

#[tokio::test(start_paused = true)]
async fn a_hung_one_costs_milliseconds_and_is_left_alone_then_asked_again() {
    let (processes, common) = two_processes("1000:1000");
    *common.does.lock().await = Does::Hang;
    let began = Instant::now();
    assert_eq!(allowed(&processes, 100).await, 200);
    assert!(began.elapsed() <= 2 * 5 * Duration::from_millis(11), "{:?}", began.elapsed());
    assert_eq!(common.asked(), 10, "five times by each");
    *common.does.lock().await = Does::Answer;
    advance(Duration::from_secs(1)).await;
    let asked = common.asked();
    assert_eq!(allowed(&processes, 5).await, 10);
    assert_eq!(common.asked(), asked + 10);
}

#[tokio::test]
async fn who_waits_is_served_at_the_rate() {
    let ([process, _], _common) = two_processes("100:10");
    let (key, began) = (Key::new("a"), std::time::Instant::now());
    process.wait_for(&key, 0).await;
    assert!(process.take(&key, ONE).await.is_allowed, "nothing was taken for nothing");
    process.wait_for(&key, 29).await;
    // 30 units, 10 of them at once
    assert!(began.elapsed() >= Duration::from_millis(195), "{:?}", began.elapsed());
}
