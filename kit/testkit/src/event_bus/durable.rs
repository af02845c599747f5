//! The contract of a durable bus: what it keeps for groups and readers that come later, or come again.

use std::sync::Arc;

use kit_event_bus::{EventBus, Place, Places};

use super::{
    LOOKS, PATIENCE, assert_in_order_per_key, consume, has_worked_off_what_there_was, in_time,
    join, message, next, publish, two_keys,
};

/// A bus that outlives those who use it.
pub trait Kept {
    /// The bus as another process sees it that starts now.
    fn open(&self) -> Arc<dyn EventBus>;
}

/// Runs the suite against what an expression makes, one test each; see
/// [`event_bus_contract`](crate::event_bus_contract).
#[macro_export]
macro_rules! durable_event_bus_contract {
    ($kept:expr $(, #[$attribute:meta])*) => {
        $crate::durable_event_bus_contract!(@tests $kept; [$(#[$attribute])*]
            a_new_group_gets_what_was_published_before_it
            a_restarted_group_goes_on_after_what_it_has_acknowledged
            a_reader_begins_with_the_oldest_message_each_time
            a_reader_goes_on_after_the_places_that_it_has_noted
            a_reader_has_worked_off_what_there_was_when_it_has_acknowledged_that
        );
    };
    (@tests $kept:expr; $attributes:tt $($test:ident)+) => {
        $($crate::durable_event_bus_contract!(@test $kept; $attributes $test);)+
    };
    (@test $kept:expr; [$(#[$attribute:meta])*] $test:ident) => {
        #[tokio::test]
        $(#[$attribute])*
        async fn $test() {
            $crate::event_bus::durable::$test(&$kept).await;
        }
    };
}

/// A consumer that is installed later still learns everything.
pub async fn a_new_group_gets_what_was_published_before_it(kept: &impl Kept) {
    let published = two_keys("topic", 10);
    publish(&*kept.open(), &published).await;
    let bus = kept.open();
    let mut late = join(&*bus, "group", &["topic"]).await;
    assert_in_order_per_key(&consume(&mut late, 20).await, &published);
}

/// The place of a group is where it has acknowledged, not where it has read.
pub async fn a_restarted_group_goes_on_after_what_it_has_acknowledged(kept: &impl Kept) {
    let published: Vec<_> = (0..6).map(|number| message("topic", "a", number)).collect();
    {
        let bus = kept.open();
        let mut before = join(&*bus, "group", &["topic"]).await;
        publish(&*bus, &published).await;
        assert_eq!(consume(&mut before, 3).await, published[..3]);
        drop(next(&mut before).await);
    }
    let bus = kept.open();
    let mut after = join(&*bus, "group", &["topic"]).await;
    assert_eq!(consume(&mut after, 3).await, published[3..]);
}

/// A copy in memory is filled again at each start, whatever was acknowledged before.
pub async fn a_reader_begins_with_the_oldest_message_each_time(kept: &impl Kept) {
    let published = two_keys("topic", 5);
    publish(&*kept.open(), &published).await;
    for _ in 0..2 {
        let bus = kept.open();
        let mut reader = in_time(bus.replay("reader", &["topic"], &Places::new())).await;
        assert_in_order_per_key(&consume(&mut reader, 10).await, &published);
    }
}

/// A durable copy is not told again what it has, and knows when that is all.
pub async fn a_reader_goes_on_after_the_places_that_it_has_noted(kept: &impl Kept) {
    let published = two_keys("topic", 5);
    publish(&*kept.open(), &published).await;
    let (mut places, mut seen) = (Places::new(), Vec::new());
    for count in [3, 7, 0] {
        let bus = kept.open();
        let mut reader = in_time(bus.replay("reader", &["topic"], &places)).await;
        for _ in 0..count {
            let delivery = next(&mut reader).await;
            let Place { lane, next } = delivery.place().expect("a durable bus has places").clone();
            places.insert(lane, next);
            seen.push(delivery.message().clone());
            in_time(delivery.ack()).await;
        }
        if seen.len() == published.len() {
            let worked_off = tokio::time::timeout(PATIENCE, bus.worked_off("reader"));
            worked_off.await.expect("all that there was is acknowledged");
        }
    }
    assert_in_order_per_key(&seen, &published);
}

/// Tells when a copy has all that there was when it was asked, and does not wait for what comes later.
pub async fn a_reader_has_worked_off_what_there_was_when_it_has_acknowledged_that(
    kept: &impl Kept,
) {
    for (topic, look) in LOOKS {
        publish(&*kept.open(), &two_keys(topic, 2)).await;
        let bus = kept.open();
        let mut reader = in_time(bus.replay(topic, &[topic], &Places::new())).await;
        if has_worked_off_what_there_was(&*bus, topic, &mut reader, look).await {
            return;
        }
    }
    panic!("all that there was is acknowledged");
}
