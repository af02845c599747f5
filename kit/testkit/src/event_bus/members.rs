//! The contract of the bus for groups: what their members leave to each other, and in which order.

use std::collections::HashSet;

use kit_event_bus::{EventBus, Message, Subscription};

use super::{assert_in_order_per_key, consume, in_time, join, message, next, publish, two_keys};

/// A consumer that dies in the middle leaves its work to the next one.
pub async fn what_was_not_acknowledged_comes_again(bus: &impl EventBus) {
    let mut dying = join(bus, "group", &["topic"]).await;
    let published: Vec<_> = (0..5).map(|number| message("topic", "a", number)).collect();
    publish(bus, &published).await;
    let handed_out = [next(&mut dying).await, next(&mut dying).await, next(&mut dying).await];
    drop(handed_out);
    drop(dying);
    let mut successor = join(bus, "group", &["topic"]).await;
    assert_eq!(consume(&mut successor, 5).await, published);
}

/// A successor begins after the last acknowledged message.
pub async fn what_was_acknowledged_does_not_come_again(bus: &impl EventBus) {
    let mut leaving = join(bus, "group", &["topic"]).await;
    let published: Vec<_> = (0..5).map(|number| message("topic", "a", number)).collect();
    publish(bus, &published).await;
    assert_eq!(consume(&mut leaving, 2).await, published[..2]);
    drop(leaving);
    let mut successor = join(bus, "group", &["topic"]).await;
    assert_eq!(consume(&mut successor, 3).await, published[2..]);
}

/// A consumer of batches acknowledges only the last message of each.
pub async fn an_acknowledgement_covers_what_came_before(bus: &impl EventBus) {
    let mut leaving = join(bus, "group", &["topic"]).await;
    let published: Vec<_> = (0..5).map(|number| message("topic", "a", number)).collect();
    publish(bus, &published).await;
    let first = next(&mut leaving).await;
    let second = next(&mut leaving).await;
    let third = next(&mut leaving).await;
    in_time(second.ack()).await;
    // Late, and already covered: must not bring anything back or forget anything more.
    in_time(first.ack()).await;
    drop(third);
    drop(leaving);
    let mut successor = join(bus, "group", &["topic"]).await;
    assert_eq!(consume(&mut successor, 3).await, published[2..]);
}

/// A group outlives its subscriptions.
pub async fn what_is_published_between_subscriptions_waits(bus: &impl EventBus) {
    drop(join(bus, "group", &["topic"]).await);
    let published = two_keys("topic", 5);
    publish(bus, &published).await;
    let mut successor = join(bus, "group", &["topic"]).await;
    assert_in_order_per_key(&consume(&mut successor, 10).await, &published);
}

/// Two members of a group share the work without ever seeing the same message, or one key out of order.
pub async fn one_member_of_a_group_gets_a_key_at_a_time(bus: &impl EventBus) {
    let mut first = join(bus, "group", &["topic"]).await;
    let mut second = join(bus, "group", &["topic"]).await;
    let published = two_keys("topic", 20);
    publish(bus, &published).await;
    let mut seen = Vec::new();
    while seen.len() < published.len() {
        let delivery = in_time(async {
            tokio::select! {
                delivery = first.next() => delivery,
                delivery = second.next() => delivery,
            }
        })
        .await;
        seen.push(delivery.message().clone());
        in_time(delivery.ack()).await;
    }
    assert_in_order_per_key(&seen, &published);
}

/// Takes and acknowledges one message of whichever member has one first.
async fn consume_any(
    one: &mut Box<dyn Subscription>,
    other: &mut Box<dyn Subscription>,
) -> Message {
    let delivery = in_time(async {
        tokio::select! {
            delivery = one.next() => delivery,
            delivery = other.next() => delivery,
        }
    })
    .await;
    let message = delivery.message().clone();
    in_time(delivery.ack()).await;
    message
}

/// Work that moves from member to member may be repeated, but nothing comes for the first time before what was published
/// before it.
pub async fn a_key_stays_in_order_while_members_come_and_go(bus: &impl EventBus) {
    const ROUND: usize = 40;
    let mut staying = join(bus, "group", &["topic"]).await;
    let keys = ["a", "b", "c", "d"];
    let published: Vec<_> =
        (0..240).map(|number| message("topic", keys[number as usize % 4], number)).collect();
    let (mut first_times, mut known) = (Vec::new(), HashSet::new());
    for (round, batch) in published.chunks(ROUND).enumerate() {
        let mut coming = join(bus, "group", &["topic"]).await;
        publish(bus, batch).await;
        while first_times.len() < (round + 1) * ROUND {
            let message = consume_any(&mut staying, &mut coming).await;
            if known.insert(message.id) {
                first_times.push(message);
            }
        }
    }
    assert_in_order_per_key(&first_times, &published);
}

/// A member that ends without a word of what it was doing does not take it along.
pub async fn a_member_that_has_gone_is_replaced_by_one_that_stands_by(bus: &impl EventBus) {
    let mut leaving = join(bus, "group", &["topic"]).await;
    let published: Vec<_> = (0..5).map(|number| message("topic", "a", number)).collect();
    publish(bus, &published).await;
    assert_eq!(consume(&mut leaving, 1).await, published[..1]);
    let open = next(&mut leaving).await;
    let mut standing_by = join(bus, "group", &["topic"]).await;
    drop((open, leaving));
    assert_eq!(consume(&mut standing_by, 4).await, published[1..]);
}
