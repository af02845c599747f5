//! What a consumer does when the bus fails, when a message is poison, and when it is stopped.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use kit_event_bus::{
    Consumer, Drained, EventBus, HandleError, Handler, MemoryBus, Message, Place, Unreadable,
};
use kit_testkit::flaky_bus::FlakyBus;
use kit_testkit::process::assert_ends_process;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Long enough for anything that is expected to happen.
const PATIENCE: Duration = Duration::from_secs(30);

const TOPIC: &str = "news";
const TOPICS: &[&str] = &[TOPIC];

fn message(key: &str, number: u128) -> Message {
    let payload = number.to_string();
    Message {
        topic: TOPIC.into(),
        key: key.into(),
        id: Uuid::from_u128(number),
        payload: payload.into(),
        trace: None,
    }
}

/// A handler that records what it handled, and fails as the test wants.
struct Notebook {
    handled: watch::Sender<Vec<String>>,
    /// The fault of a message, once for each entry.
    faults: Arc<Mutex<Vec<(String, HandleError)>>>,
}

#[async_trait]
impl Handler for Notebook {
    async fn handle(&mut self, message: &Message, _: Option<&Place>) -> Result<(), HandleError> {
        let entry = format!("{}{}", message.key, message.payload);
        let mut faults = self.faults.lock().unwrap();
        if let Some(index) = faults.iter().position(|(of, _)| *of == entry) {
            return Err(faults.remove(index).1);
        }
        self.handled.send_modify(|handled| {
            // a repeat after a failed acknowledgement is recognised, as every handler must
            if !handled.contains(&entry) {
                handled.push(entry);
            }
        });
        Ok(())
    }
}

/// A running consumer and what it handled.
struct Running {
    handled: watch::Receiver<Vec<String>>,
    parked: kit_event_bus::ParkedKeys,
    stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

impl Running {
    async fn start(bus: Arc<dyn EventBus>, faults: &[(&str, HandleError)]) -> Self {
        let (sender, handled) = watch::channel(Vec::new());
        let faults = faults.iter().map(|(of, fault)| ((*of).to_owned(), fault.clone()));
        let faults = Arc::new(Mutex::new(faults.collect()));
        let consumer = Consumer::join(bus, "group", TOPICS).await.unwrap();
        let (parked, stop) = (consumer.parked(), CancellationToken::new());
        let notebook = Notebook { handled: sender, faults };
        let task = tokio::spawn(consumer.run(notebook, stop.clone()));
        Self { handled, parked, stop, task }
    }

    /// Waits until `count` messages were handled, and returns them.
    async fn handled(&mut self, count: usize) -> Vec<String> {
        let mut handled = self.handled.clone();
        let enough = handled.wait_for(|handled| handled.len() >= count);
        match tokio::time::timeout(PATIENCE, enough).await {
            Ok(Ok(handled)) => handled.clone(),
            Ok(Err(_)) => panic!("the consumer has ended"),
            Err(elapsed) => panic!("only {:?} were handled: {elapsed}", self.handled.borrow()),
        }
    }

    async fn stop(self) {
        self.stop.cancel();
        tokio::time::timeout(PATIENCE, self.task).await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_bus_that_fails_every_third_call_loses_nothing() {
    let bus = MemoryBus::default();
    let flaky = FlakyBus::new(Arc::new(bus.clone()), 3);
    let mut running = Running::start(Arc::new(flaky), &[]).await;
    for number in 0..20 {
        bus.publish(vec![message("a", number)]).await.unwrap();
    }
    let expected: Vec<_> = (0..20).map(|number| format!("a{number}")).collect();
    assert_eq!(running.handled(20).await, expected);
    running.stop().await;
}

#[tokio::test]
async fn a_bus_that_is_away_at_the_start_is_joined_later() {
    let bus = MemoryBus::default();
    let flaky = Arc::new(FlakyBus::new(Arc::new(bus.clone()), 2));
    // the consumer's own is the second call, which fails
    drop(flaky.subscribe("group", TOPICS).await.unwrap());
    bus.publish(vec![message("a", 1)]).await.unwrap();
    let mut running = Running::start(flaky, &[]).await;
    assert_eq!(running.handled(1).await, ["a1"]);
    running.stop().await;
}

#[tokio::test]
async fn a_message_is_tried_again_until_its_effect_is_made() {
    let bus = MemoryBus::default();
    let busy = || HandleError::Unavailable("busy".into());
    let mut running =
        Running::start(Arc::new(bus.clone()), &[("a1", busy()), ("a1", busy())]).await;
    bus.publish(vec![message("a", 1), message("b", 2)]).await.unwrap();
    assert_eq!(running.handled(2).await, ["a1", "b2"]);
    assert_eq!(running.parked.count(), 0);
    running.stop().await;
}

#[tokio::test]
async fn a_poison_message_parks_its_key_and_no_other() {
    let bus = MemoryBus::new(NonZeroUsize::new(2).unwrap());
    let poison = HandleError::Poison("unreadable".into());
    let mut running = Running::start(Arc::new(bus.clone()), &[("a2", poison)]).await;
    let published = [("a", 1), ("b", 1), ("a", 2), ("a", 3), ("b", 2), ("a", 4), ("b", 3)];
    for (key, number) in published {
        // with room for two open messages, this ends only if what is parked is acknowledged
        let publishing = bus.publish(vec![message(key, number)]);
        tokio::time::timeout(PATIENCE, publishing).await.unwrap().unwrap();
    }
    assert_eq!(running.handled(4).await, ["a1", "b1", "b2", "b3"]);
    assert_eq!(running.parked.count(), 1);
    assert!(running.parked.holds(&message("a", 5)));
    assert!(!running.parked.holds(&message("b", 4)));
    running.stop().await;
}

fn poison() -> HandleError {
    HandleError::Poison("unreadable".into())
}

#[tokio::test]
async fn what_is_kept_of_a_parked_key_is_handled_in_order_after_a_repair() {
    let bus = MemoryBus::default();
    let mut running =
        Running::start(Arc::new(bus.clone()), &[("a1", poison()), ("a1", poison())]).await;
    let published = [("a", 1), ("a", 2), ("b", 1), ("a", 3)];
    bus.publish(published.map(|(key, number)| message(key, number)).to_vec()).await.unwrap();
    assert_eq!(running.handled(1).await, ["b1"]);
    let in_vain = running.parked.drain(Unreadable::Keep).await.unwrap();
    assert_eq!(in_vain, Drained { handled: 0, dropped: 0, parked: 1 });
    let mended = running.parked.drain(Unreadable::Keep).await.unwrap();
    assert_eq!(mended, Drained { handled: 3, dropped: 0, parked: 0 });
    bus.publish(vec![message("a", 4)]).await.unwrap();
    assert_eq!(running.handled(5).await, ["b1", "a1", "a2", "a3", "a4"]);
    running.stop().await;
}

#[tokio::test]
async fn what_cannot_be_repaired_is_dropped_only_when_asked_for() {
    let bus = MemoryBus::default();
    let mut running =
        Running::start(Arc::new(bus.clone()), &[("a1", poison()), ("a1", poison())]).await;
    bus.publish(vec![message("a", 1), message("a", 2), message("b", 1)]).await.unwrap();
    running.handled(1).await;
    let drained = running.parked.drain(Unreadable::Drop).await.unwrap();
    assert_eq!(drained, Drained { handled: 1, dropped: 1, parked: 0 });
    assert_eq!(running.handled(2).await, ["b1", "a2"]);
    running.stop().await;
}

/// What a group of a durable bus keeps in memory is not acknowledged, nor anything after it.
#[tokio::test]
async fn what_is_kept_comes_again_after_a_restart() {
    let bus = MemoryBus::default();
    let durable = Arc::new(FlakyBus::new(Arc::new(bus.clone()), u64::MAX).durable());
    let mut running = Running::start(durable.clone(), &[("a1", poison())]).await;
    bus.publish(vec![message("b", 0), message("a", 1), message("b", 1)]).await.unwrap();
    assert_eq!(running.handled(2).await, ["b0", "b1"]);
    running.stop().await;
    let mut next = Running::start(durable, &[]).await;
    assert_eq!(next.handled(2).await, ["a1", "b1"]);
    next.stop().await;
}

#[tokio::test]
async fn what_was_not_handled_at_the_stop_is_left_to_the_next() {
    let bus = MemoryBus::default();
    let never = HandleError::Unavailable("down".into());
    let faults: Vec<_> = (0..100).map(|_| ("a1", never.clone())).collect();
    let mut running = Running::start(Arc::new(bus.clone()), &faults).await;
    bus.publish(vec![message("b", 0), message("a", 1), message("b", 2)]).await.unwrap();
    assert_eq!(running.handled(1).await, ["b0"]);
    running.stop().await;

    let mut next = Running::start(Arc::new(bus), &[]).await;
    assert_eq!(next.handled(2).await, ["a1", "b2"]);
    next.stop().await;
}

#[tokio::test]
async fn joining_with_other_topics_is_refused() {
    let bus = Arc::new(MemoryBus::default());
    let _first = Consumer::join(bus.clone(), "group", TOPICS).await.unwrap();
    assert!(Consumer::join(bus, "group", &["others"]).await.is_err());
}

/// A handler with a fault.
struct Faulty;

#[async_trait]
impl Handler for Faulty {
    async fn handle(&mut self, _: &Message, _: Option<&Place>) -> Result<(), HandleError> {
        panic!("on purpose")
    }
}

#[test]
fn a_panic_in_a_consumer_ends_the_process() {
    assert_ends_process("consumer::a_panic_in_a_consumer_ends_the_process", async || {
        let bus: Arc<dyn EventBus> = Arc::new(MemoryBus::default());
        let consumer = Consumer::join(Arc::clone(&bus), "group", TOPICS).await.unwrap();
        tokio::spawn(consumer.run(Faulty, CancellationToken::new()));
        bus.publish(vec![message("a", 1)]).await.unwrap();
    });
}
