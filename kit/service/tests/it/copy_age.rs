//! How old a copy says it is, while its reader of the bus falls behind and catches up.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use kit_event_bus::{EventBus as _, MemoryBus, Message, Places};
use kit_service::CopyAge;
use kit_testkit::clock::SimClock;
use metrics::Gauge;
use tokio::time::sleep;
use uuid::Uuid;

const TOPIC: &str = "news";
const READER: &str = "copy";

/// Longer than it takes until the next look.
const A_LOOK: Duration = Duration::from_secs(3);

fn news() -> Message {
    let id = Uuid::from_u128(1);
    Message { topic: TOPIC.into(), key: "a".into(), id, payload: "".into(), trace: None }
}

#[tokio::test(start_paused = true)]
async fn a_copy_is_as_old_as_the_last_moment_of_which_it_has_everything() {
    let (bus, clock) = (Arc::new(MemoryBus::default()), SimClock::default());
    let mut reading = bus.replay(READER, &[TOPIC], &Places::new()).await.unwrap();
    let gauge = Arc::new(AtomicU64::new(f64::NAN.to_bits()));
    let shown = || f64::from_bits(gauge.load(Ordering::Relaxed));
    let age = CopyAge::unknown(Arc::new(clock.clone()), Gauge::from_arc(Arc::clone(&gauge)));
    let age = Arc::new(age);
    assert_eq!(age.now(), None, "nobody has looked");
    let measuring = tokio::spawn(Arc::clone(&age).measure(bus.clone(), READER));
    sleep(A_LOOK).await;
    assert_eq!((age.now(), shown()), (Some(Duration::ZERO), 0.0));

    bus.publish(vec![news()]).await.unwrap();
    sleep(A_LOOK).await;
    clock.move_seconds(60);
    sleep(A_LOOK).await;
    assert_eq!((age.now(), shown()), (Some(Duration::from_mins(1)), 60.0));

    reading.next().await.unwrap().ack().await.unwrap();
    sleep(A_LOOK).await;
    assert_eq!((age.now(), shown()), (Some(Duration::ZERO), 0.0));
    measuring.abort();
}
