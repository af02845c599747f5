//! When a singleton runs: in one process at a time, and not after its lease can have run out.
//!
//! Time is that of the runtime, which stands still while anything can be done.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use kit_core::Epoch;
use kit_lease::{Ended, LeaseTimes, Leases, Singleton, Singletons};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::moody::{Mood, MoodyLeases};

const TIME_TO_LIVE: Duration = Duration::from_secs(10);

/// Longest time until another has the lease of a holder that was killed.
const TAKEN_OVER_WITHIN: Duration = Duration::from_secs(18);

/// A time in which a holder ran.
#[derive(Clone, Debug)]
struct Run {
    holder: u128,
    epoch: Epoch,
    began: Instant,
    ended: Option<Instant>,
}

type Runs = Arc<Mutex<Vec<Run>>>;

/// A singleton that notes when it runs.
struct Noting {
    holder: u128,
    runs: Runs,
    /// How it ends by itself, and when.
    ends: Option<(Ended, Duration)>,
}

/// Notes the end of a run, however it comes.
struct End<'a>(&'a Runs, usize);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.lock().unwrap()[self.1].ended = Some(Instant::now());
    }
}

#[async_trait]
impl Singleton for Noting {
    fn name(&self) -> &'static str {
        "noting"
    }

    async fn run(&mut self, epoch: Epoch) -> Ended {
        let number = {
            let mut runs = self.runs.lock().unwrap();
            runs.push(Run { holder: self.holder, epoch, began: Instant::now(), ended: None });
            runs.len() - 1
        };
        let _end = End(&self.runs, number);
        match self.ends.take() {
            None => std::future::pending().await,
            Some((ended, after)) => {
                sleep(after).await;
                ended
            }
        }
    }
}

/// A process with the singleton.
struct Process {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

fn start(leases: &Arc<MoodyLeases>, noting: Noting) -> Process {
    let leases = Arc::clone(leases) as Arc<dyn Leases>;
    let times = LeaseTimes::new(TIME_TO_LIVE);
    let singletons = Singletons::by_lease(leases, Uuid::from_u128(noting.holder), times);
    let stop = CancellationToken::new();
    let stopped = stop.clone();
    let task = tokio::spawn(async move { singletons.run(noting, stopped).await });
    Process { stop, task }
}

fn noting(runs: &Runs, holder: u128) -> Noting {
    Noting { holder, runs: Arc::clone(runs), ends: None }
}

async fn wait_for_runs(runs: &Runs, count: usize) -> Vec<Run> {
    for _ in 0..1_000 {
        let now = runs.lock().unwrap().clone();
        if now.len() >= count {
            return now;
        }
        sleep(Duration::from_millis(100)).await;
    }
    panic!("there are not {count} runs: {runs:?}");
}

/// No two have run at the same time, and epochs have grown.
fn assert_one_at_a_time(runs: &[Run]) {
    for pair in runs.windows(2) {
        let ended = pair[0].ended.expect("the one before has ended");
        assert!(ended <= pair[1].began && pair[0].epoch < pair[1].epoch, "{pair:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_of_two_runs_and_the_other_takes_over_at_once_when_it_stops() {
    let (leases, runs) = (Arc::default(), Runs::default());
    let first = start(&leases, noting(&runs, 1));
    wait_for_runs(&runs, 1).await;
    let second = start(&leases, noting(&runs, 2));
    sleep(TIME_TO_LIVE * 10).await;
    assert_eq!(runs.lock().unwrap().len(), 1, "its lease is renewed: {runs:?}");
    first.stop.cancel();
    first.task.await.unwrap();
    let stopped = Instant::now();
    let noted = wait_for_runs(&runs, 2).await;
    assert!(noted[1].began - stopped < TIME_TO_LIVE, "nobody waits for its end: {noted:?}");
    assert_one_at_a_time(&noted);
    second.stop.cancel();
    second.task.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_killed_holder_is_replaced() {
    let (leases, runs) = (Arc::default(), Runs::default());
    let first = start(&leases, noting(&runs, 1));
    wait_for_runs(&runs, 1).await;
    let second = start(&leases, noting(&runs, 2));
    sleep(TIME_TO_LIVE).await;
    first.task.abort();
    let killed = Instant::now();
    let noted = wait_for_runs(&runs, 2).await;
    assert!(noted[1].began - killed < TAKEN_OVER_WITHIN, "{noted:?}");
    assert_eq!(noted[1].holder, 2);
    second.task.abort();
}

/// It cannot be told that its lease was lost, so it must know by itself.
#[tokio::test(start_paused = true)]
async fn a_holder_that_is_cut_off_stops_before_its_lease_can_have_run_out() {
    for mood in [Mood::Fails, Mood::Hangs] {
        let (leases, runs) = (Arc::<MoodyLeases>::default(), Runs::default());
        let first = start(&leases, noting(&runs, 1));
        let began = wait_for_runs(&runs, 1).await[0].began;
        leases.become_one_that(mood);
        sleep(TIME_TO_LIVE).await;
        let ended = runs.lock().unwrap()[0].ended.expect("it has stopped");
        assert!(ended - began < TIME_TO_LIVE, "{runs:?}");
        leases.become_one_that(Mood::Well);
        assert_one_at_a_time(&wait_for_runs(&runs, 2).await);
        first.task.abort();
    }
}

#[tokio::test(start_paused = true)]
async fn a_hiccup_of_the_keeper_ends_nothing() {
    let (leases, runs) = (Arc::<MoodyLeases>::default(), Runs::default());
    let first = start(&leases, noting(&runs, 1));
    wait_for_runs(&runs, 1).await;
    sleep(TIME_TO_LIVE).await;
    for mood in [Mood::Fails, Mood::Hangs] {
        leases.become_one_that(mood);
        sleep(TIME_TO_LIVE / 4).await;
        leases.become_one_that(Mood::Well);
        sleep(TIME_TO_LIVE * 2).await;
    }
    assert_eq!(runs.lock().unwrap().len(), 1, "{runs:?}");
    first.task.abort();
}

/// A keeper that has lost its memory gives small epochs, which the stores refuse; nobody may be refused for ever.
#[tokio::test(start_paused = true)]
async fn who_is_superseded_comes_back_above_who_superseded_it() {
    let (leases, runs) = (Arc::default(), Runs::default());
    let ends = Some((Ended::Superseded { by: Epoch::new(41) }, Duration::from_secs(1)));
    let process = start(&leases, Noting { ends, ..noting(&runs, 1) });
    let noted = wait_for_runs(&runs, 2).await;
    assert_eq!(noted[1].epoch, Epoch::new(42));
    assert_one_at_a_time(&noted);
    process.task.abort();
}

#[tokio::test(start_paused = true)]
async fn who_is_done_gives_its_lease_back() {
    let (leases, runs) = (Arc::default(), Runs::default());
    let ends = Some((Ended::Done, Duration::from_secs(1)));
    let first = start(&leases, Noting { ends, ..noting(&runs, 1) });
    first.task.await.unwrap();
    let second = start(&leases, noting(&runs, 2));
    assert_one_at_a_time(&wait_for_runs(&runs, 2).await);
    second.task.abort();
}

#[tokio::test(start_paused = true)]
async fn alone_it_runs_at_once_without_an_epoch_and_until_it_is_stopped() {
    let (runs, stop) = (Runs::default(), CancellationToken::new());
    let (singleton, stopped) = (noting(&runs, 1), stop.clone());
    let task = tokio::spawn(async move { Singletons::alone().run(singleton, stopped).await });
    assert_eq!(wait_for_runs(&runs, 1).await[0].epoch, Epoch::ZERO);
    stop.cancel();
    task.await.unwrap();
    assert!(runs.lock().unwrap()[0].ended.is_some());
}
