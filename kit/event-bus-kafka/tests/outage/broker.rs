//! The broker is stopped, killed and overrun (E02, E18, E20).

use std::time::Duration;

use kit_event_bus::{EventBus as _, Places};
use kit_testkit::servers::{signal_server, start_server};
use tokio::time::{Instant, MissedTickBehavior};

use crate::publishing::{GROUP, Publishing};
use crate::scratch::Scratch;
use crate::seen::Seen;
use crate::{ALONE, TOPIC};

/// After an outage everything is told within this time, although pages and clients are tested at the same time.
const CAUGHT_UP_WITHIN: Duration = Duration::from_secs(30);

/// How far a relay that keeps up may be behind at the end on such a machine. One with half the rate is behind by as long as the
/// load lasts.
const BEHIND_MAX: Duration = Duration::from_secs(5);

#[expect(clippy::disallowed_methods, reason = "a test run has no command line of its own")]
fn number(name: &str, default: u64) -> u64 {
    let given = std::env::var(name).ok().filter(|text| !text.is_empty());
    given.map_or(default, |text| text.parse().unwrap())
}

/// The broker goes away in the middle of the work and comes back, and the publisher starts again meanwhile; returns how long the relay then took to tell everything.
async fn outage(away: impl FnOnce(), back: impl FnOnce()) -> Duration {
    let scratch = Scratch::new();
    let consuming = scratch.bus();
    let mut news = consuming.subscribe("group", &[TOPIC]).await.unwrap();
    let mut publishing = Publishing::start(scratch.bus());
    for _ in 0..10 {
        publishing.grow().await;
    }
    publishing.await_told().await;
    away();
    let until = Instant::now() + Duration::from_secs(number("GONDOLA_TEST_OUTAGE", 10));
    while Instant::now() < until {
        publishing.grow().await;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(publishing.lag() > 0, "the broker was not away");
    publishing.restart(scratch.bus()).await;
    back();
    let began = Instant::now();
    publishing.await_told().await;
    let took = began.elapsed();
    let mut seen = Seen::new();
    seen.consume(&mut news, publishing.head()).await;
    eprintln!("{} events, lag 0 after {took:?}, {} repeats", seen.count, seen.repeats);
    assert_eq!(seen.versions, publishing.versions);
    publishing.relaying.stop().await;
    took
}

#[tokio::test]
#[ignore = "needs Kafka: make test-services"]
async fn a_broker_that_was_stopped_is_told_everything_in_order() {
    let _alone = ALONE.lock().await;
    let took = outage(|| signal_server("kafka", "STOP"), || signal_server("kafka", "CONT")).await;
    assert!(took < CAUGHT_UP_WITHIN, "{took:?}");
}

#[tokio::test]
#[ignore = "needs Kafka: make test-services"]
async fn a_broker_that_was_killed_is_told_everything_in_order() {
    let _alone = ALONE.lock().await;
    let took = outage(|| signal_server("kafka", "KILL"), || start_server("kafka")).await;
    assert!(took < CAUGHT_UP_WITHIN, "{took:?}");
}

/// Ten thousand events a second, as they come, for as long as it is asked for.
#[tokio::test]
#[ignore = "needs Kafka: make test-services"]
async fn a_relay_keeps_up_with_ten_thousand_events_a_second() {
    let _alone = ALONE.lock().await;
    let scratch = Scratch::new();
    let mut publishing = Publishing::start(scratch.bus());
    let seconds = number("GONDOLA_TEST_SECONDS", 10);
    let mut tick = tokio::time::interval(Duration::from_millis(1_000 * GROUP / 10_000));
    tick.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let (began, mut most) = (Instant::now(), 0);
    while publishing.head() < 10_000 * seconds {
        tick.tick().await;
        publishing.grow().await;
        most = most.max(publishing.lag());
    }
    let (written, lag) = (began.elapsed(), publishing.lag());
    publishing.await_told().await;
    let told = began.elapsed();
    eprintln!(
        "{} events in {written:?}, lag {lag} then and {most} at most, all told after {told:?}",
        publishing.head()
    );
    assert!(told < written + BEHIND_MAX, "{lag} events behind at the end");
    let mut news = scratch.bus().replay("reader", &[TOPIC], &Places::new()).await.unwrap();
    let mut seen = Seen::new();
    seen.consume(&mut news, publishing.head()).await;
    assert_eq!((seen.count, seen.repeats), (publishing.head(), 0));
    publishing.relaying.stop().await;
}
