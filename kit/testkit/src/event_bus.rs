//! The contract of the bus: one suite that every adapter must pass, and one for those that are durable.
//!
//! An adapter's tests say `kit_testkit::event_bus_contract!(MemoryBus::default());`, where the expression
//! makes a bus that has no groups yet. An attribute for each test may follow.
#![expect(clippy::missing_panics_doc, reason = "a test panics when it fails")]

use std::collections::BTreeSet;
use std::future::Future;
use std::time::Duration;

use uuid::Uuid;

use kit_event_bus::{BusError, Delivery, EventBus, Message, Places, Subscription};
use kit_trace::SpanContext;

pub mod durable;
mod members;

pub use members::*;

/// Runs the whole suite against the bus that an expression makes, one test each.
#[macro_export]
macro_rules! event_bus_contract {
    ($bus:expr $(, #[$attribute:meta])*) => {
        $crate::event_bus_contract!(@tests $bus; [$(#[$attribute])*]
            a_group_gets_what_is_published_in_order_of_each_key
            every_group_gets_every_message
            a_group_gets_only_its_topics
            publishing_without_a_subscriber_is_not_an_error
            what_was_not_acknowledged_comes_again
            what_was_acknowledged_does_not_come_again
            an_acknowledgement_covers_what_came_before
            what_is_published_between_subscriptions_waits
            one_member_of_a_group_gets_a_key_at_a_time
            a_key_stays_in_order_while_members_come_and_go
            a_member_that_has_gone_is_replaced_by_one_that_stands_by
            a_reader_gets_everything_beside_the_groups
            a_dropped_wait_loses_nothing
            a_slow_group_loses_nothing
            a_group_has_worked_off_what_it_has_acknowledged
        );
    };
    (@tests $bus:expr; $attributes:tt $($test:ident)+) => {
        $($crate::event_bus_contract!(@test $bus; $attributes $test);)+
    };
    (@test $bus:expr; [$(#[$attribute:meta])*] $test:ident) => {
        #[tokio::test]
        $(#[$attribute])*
        async fn $test() {
            $crate::event_bus::$test(&$bus).await;
        }
    };
}

/// How long a delivery may take; only a failing adapter gets there.
const PATIENCE: Duration = Duration::from_mins(1);

/// Message `number` of a topic and key; the payload names all three.
fn message(topic: &str, key: &str, number: u128) -> Message {
    let payload = format!("{topic} {key} {number}");
    Message {
        topic: topic.into(),
        key: key.into(),
        id: Uuid::from_u128(number),
        payload: payload.into(),
        trace: Some(SpanContext {
            trace_id: number + 1,
            span_id: 1,
            is_sampled: number.is_multiple_of(2),
        }),
    }
}

/// `count` messages of each of two keys, alternating.
fn two_keys(topic: &str, count: u128) -> Vec<Message> {
    (0..count).flat_map(|number| ["a", "b"].map(|key| message(topic, key, number))).collect()
}

async fn in_time<T>(work: impl Future<Output = Result<T, BusError>>) -> T {
    let result = tokio::time::timeout(PATIENCE, work).await;
    result.expect("the bus answers in time").expect("the bus works")
}

async fn join(
    bus: &(impl EventBus + ?Sized),
    group: &str,
    topics: &[&str],
) -> Box<dyn Subscription> {
    in_time(bus.subscribe(group, topics)).await
}

async fn publish(bus: &(impl EventBus + ?Sized), messages: &[Message]) {
    in_time(bus.publish(messages.to_vec())).await;
}

async fn next(subscription: &mut Box<dyn Subscription>) -> Delivery {
    in_time(subscription.next()).await
}

/// Takes and acknowledges `count` messages one by one.
async fn consume(subscription: &mut Box<dyn Subscription>, count: usize) -> Vec<Message> {
    let mut seen = Vec::with_capacity(count);
    for _ in 0..count {
        let delivery = next(subscription).await;
        seen.push(delivery.message().clone());
        in_time(delivery.ack()).await;
    }
    seen
}

/// Asserts that each key's messages came whole and in order; the keys may be mixed in any way.
#[track_caller]
fn assert_in_order_per_key(seen: &[Message], published: &[Message]) {
    assert_eq!(seen.len(), published.len());
    let keys: BTreeSet<_> = published.iter().map(|message| &message.key).collect();
    for key in keys {
        let of_key = |all: &[Message]| -> Vec<Message> {
            all.iter().filter(|message| message.key == *key).cloned().collect()
        };
        assert_eq!(of_key(seen), of_key(published), "key {key}");
    }
}

/// One subscriber sees everything, each key in order.
pub async fn a_group_gets_what_is_published_in_order_of_each_key(bus: &impl EventBus) {
    let mut subscription = join(bus, "group", &["topic"]).await;
    let published = two_keys("topic", 50);
    for batch in published.chunks(7) {
        publish(bus, batch).await;
    }
    assert_in_order_per_key(&consume(&mut subscription, 100).await, &published);
}

/// Groups do not take each other's messages.
pub async fn every_group_gets_every_message(bus: &impl EventBus) {
    let mut groups = Vec::new();
    for group in ["first", "second", "third"] {
        groups.push(join(bus, group, &["topic"]).await);
    }
    let published = two_keys("topic", 10);
    publish(bus, &published).await;
    for group in &mut groups {
        assert_in_order_per_key(&consume(group, 20).await, &published);
    }
}

/// A group sees the topics it named and no others.
pub async fn a_group_gets_only_its_topics(bus: &impl EventBus) {
    let mut subscription = join(bus, "group", &["stores", "products"]).await;
    let (store, stock) = (message("stores", "s", 1), message("stock", "s", 2));
    let product = message("products", "p", 3);
    publish(bus, &[store.clone(), stock, product.clone()]).await;
    let mut seen = consume(&mut subscription, 2).await;
    seen.sort_by_key(|message| message.id);
    assert_eq!(seen, [store, product]);
}

/// Messages without a subscriber are dropped without an error and without waiting.
pub async fn publishing_without_a_subscriber_is_not_an_error(bus: &impl EventBus) {
    publish(bus, &two_keys("topic", 10)).await;
    publish(bus, &[]).await;
}

/// A consumer may wait for a message and for something else at the same time.
pub async fn a_dropped_wait_loses_nothing(bus: &impl EventBus) {
    let mut subscription = join(bus, "group", &["topic"]).await;
    let published: Vec<_> = (0..20).map(|number| message("topic", "a", number)).collect();
    let mut seen = Vec::new();
    for one in &published {
        let given_up = tokio::select! {
            biased;
            delivery = subscription.next() => Some(delivery),
            () = std::future::ready(()) => None,
        };
        assert!(given_up.is_none(), "everything published so far was consumed");
        publish(bus, std::slice::from_ref(one)).await;
        seen.append(&mut consume(&mut subscription, 1).await);
    }
    assert_eq!(seen, published);
}

/// However far a group is behind, it gets everything in the end, and so do the others.
pub async fn a_slow_group_loses_nothing(bus: &impl EventBus) {
    const COUNT: usize = 25_000;
    let mut slow = join(bus, "slow", &["topic"]).await;
    let mut quick = join(bus, "quick", &["topic"]).await;
    let published = two_keys("topic", COUNT as u128 / 2);
    let publishing = async {
        for batch in published.chunks(100) {
            publish(bus, batch).await;
        }
    };
    let consuming_slowly = async {
        let mut seen = Vec::new();
        while seen.len() < COUNT {
            seen.append(&mut consume(&mut slow, 1).await);
            tokio::task::yield_now().await;
        }
        seen
    };
    let ((), by_slow, by_quick) =
        tokio::join!(publishing, consuming_slowly, consume(&mut quick, COUNT));
    assert_in_order_per_key(&by_slow, &published);
    assert_in_order_per_key(&by_quick, &published);
}

/// A reader shares nothing with a group, and no other reader's name either.
pub async fn a_reader_gets_everything_beside_the_groups(bus: &impl EventBus) {
    let mut reader = in_time(bus.replay("reader", &["topic", "other"], &Places::new())).await;
    let mut group = join(bus, "group", &["topic"]).await;
    let published = two_keys("topic", 10);
    publish(bus, &published).await;
    publish(bus, &two_keys("other", 1)).await;
    let seen = consume(&mut reader, 22).await;
    let of_topic: Vec<_> = seen.into_iter().filter(|message| &*message.topic == "topic").collect();
    assert_in_order_per_key(&of_topic, &published);
    assert_in_order_per_key(&consume(&mut group, 20).await, &published);
    let worked_off = tokio::time::timeout(PATIENCE, bus.worked_off("reader")).await;
    worked_off.expect("the reader has acknowledged everything");
}

/// The contract: waits for the acknowledgement of all that was published before, and for nothing that comes later.
pub async fn a_group_has_worked_off_what_it_has_acknowledged(bus: &impl EventBus) {
    bus.worked_off("nobody").await;
    for (topic, look) in LOOKS {
        let mut news = join(bus, topic, &[topic]).await;
        bus.worked_off(topic).await;
        publish(bus, &two_keys(topic, 2)).await;
        if has_worked_off_what_there_was(bus, topic, &mut news, look).await {
            return;
        }
    }
    panic!("all that was published before is acknowledged");
}

/// Topics of attempts, and how long a bus has in each to look at what there is.
///
/// Nothing shows from outside when a bus has looked. One that is slow at that is given longer in a next attempt; one that
/// waits for what comes later fails at each.
const LOOKS: [(&str, Duration); 3] = [
    ("soon", Duration::from_secs(1)),
    ("late", Duration::from_secs(5)),
    ("last", Duration::from_secs(20)),
];

/// Acknowledges the four messages of a topic for the group, or the reader, of the same name.
async fn has_worked_off_what_there_was(
    bus: &(impl EventBus + ?Sized),
    topic: &str,
    news: &mut Box<dyn Subscription>,
    look: Duration,
) -> bool {
    let mut worked_off = std::pin::pin!(bus.worked_off(topic));
    for left in (1..=4).rev() {
        let wait = if left == 4 { look } else { Duration::from_millis(200) };
        let early = tokio::time::timeout(wait, &mut worked_off).await;
        assert!(early.is_err(), "{left} messages are not acknowledged");
        // the later message has a partition of its own, or comes behind those that were there
        while &*consume(news, 1).await[0].key == "later" {}
        publish(bus, &[message(topic, "later", left)]).await;
    }
    tokio::time::timeout(look * 2, worked_off).await.is_ok()
}
