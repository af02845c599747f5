//! A relay that ends when the bus has messages and before its checkpoint says so (E02): they come again, and none is left out.

use std::num::NonZeroUsize;
use std::sync::Arc;

use kit_core::Position;
use kit_event_bus::{EventBus as _, MemoryBus};
use kit_event_store::Checkpoints as _;
use kit_event_store::memory::MemoryStore;
use kit_testkit::flaky_bus::FlakyBus;

use crate::{Running, TOPIC, grow, place, take};

#[tokio::test]
async fn what_the_bus_had_before_the_checkpoint_comes_again() {
    let log = Arc::new(MemoryStore::new());
    let bus = MemoryBus::new(NonZeroUsize::new(3).unwrap());
    let mut news = bus.subscribe("group", &[TOPIC]).await.unwrap();
    // never fails, and keeps its messages as long as the test lives
    let durable = FlakyBus::new(Arc::new(bus), u64::MAX).durable();
    grow(&log, 4).await;
    let relay = Running::start(&log, durable.clone());
    let mut open = Vec::new();
    for expected in ["1", "2", "3"] {
        let delivery = news.next().await.unwrap();
        assert_eq!(&*delivery.message().payload, expected);
        open.push(delivery);
    }
    // the fourth waits for room
    relay.stop().await;
    assert_eq!(log.load_checkpoint(&place(&log)).await.unwrap(), Position::ZERO);
    for delivery in open {
        delivery.ack().await.unwrap();
    }
    let relay = Running::start(&log, durable);
    assert_eq!(take(&mut news, 4).await, [1, 2, 3, 4]);
    relay.stop().await;
}
