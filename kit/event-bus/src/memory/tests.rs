//! What only the memory bus guarantees: its bound and its standby.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::Poll;

use uuid::Uuid;

use super::*;

fn bus(capacity: usize) -> MemoryBus {
    MemoryBus::new(NonZeroUsize::new(capacity).unwrap())
}

fn message(number: u128) -> Message {
    Message {
        topic: "topic".into(),
        key: "key".into(),
        id: Uuid::from_u128(number),
        payload: "{}".into(),
        trace: None,
    }
}

/// What a future says right now, without waiting.
async fn poll_once<T>(mut future: Pin<&mut impl Future<Output = T>>) -> Poll<T> {
    std::future::poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await
}

/// The number of the next message, which must be there already; acknowledged.
async fn take(subscription: &mut Box<dyn Subscription>) -> u128 {
    let Poll::Ready(Ok(delivery)) = poll_once(pin!(subscription.next())).await else {
        panic!("a message should be there");
    };
    let number = delivery.message().id.as_u128();
    delivery.ack().await.unwrap();
    number
}

async fn has_nothing(subscription: &mut Box<dyn Subscription>) -> bool {
    poll_once(pin!(subscription.next())).await.is_pending()
}

#[tokio::test]
async fn a_publisher_waits_while_a_group_is_full() {
    let bus = bus(2);
    let mut subscription = bus.subscribe("group", &["topic"]).await.unwrap();
    let mut publishing = pin!(bus.publish((1..=4).map(message).collect()));
    assert!(poll_once(publishing.as_mut()).await.is_pending(), "two of four have room");
    assert_eq!(take(&mut subscription).await, 1);
    assert!(poll_once(publishing.as_mut()).await.is_pending(), "three of four have room");
    assert_eq!(take(&mut subscription).await, 2);
    assert_eq!(poll_once(publishing.as_mut()).await, Poll::Ready(Ok(())));
    assert_eq!((take(&mut subscription).await, take(&mut subscription).await), (3, 4));
}

#[tokio::test]
async fn what_is_handed_out_counts_until_it_is_acknowledged() {
    let bus = bus(1);
    let mut subscription = bus.subscribe("group", &["topic"]).await.unwrap();
    bus.publish(vec![message(1)]).await.unwrap();
    let delivery = subscription.next().await.unwrap();
    let mut publishing = pin!(bus.publish(vec![message(2)]));
    assert!(poll_once(publishing.as_mut()).await.is_pending());
    delivery.ack().await.unwrap();
    assert_eq!(poll_once(publishing.as_mut()).await, Poll::Ready(Ok(())));
}

#[tokio::test]
async fn a_full_group_stops_a_message_for_all_so_that_a_repeat_is_not_needed() {
    let bus = bus(1);
    let mut quick = bus.subscribe("quick", &["topic"]).await.unwrap();
    let mut slow = bus.subscribe("slow", &["topic"]).await.unwrap();
    bus.publish(vec![message(1)]).await.unwrap();
    assert_eq!(take(&mut quick).await, 1);
    {
        let mut given_up = pin!(bus.publish(vec![message(2)]));
        assert!(poll_once(given_up.as_mut()).await.is_pending());
    }
    assert!(has_nothing(&mut quick).await, "nobody got what was not published");
    assert_eq!(take(&mut slow).await, 1);
    assert!(has_nothing(&mut slow).await);
}

#[tokio::test]
async fn a_full_group_does_not_stop_other_topics() {
    let bus = bus(1);
    let _full = bus.subscribe("full", &["topic"]).await.unwrap();
    bus.publish(vec![message(1)]).await.unwrap();
    let elsewhere = Message { topic: "elsewhere".into(), ..message(2) };
    let mut other = bus.subscribe("other", &["elsewhere"]).await.unwrap();
    bus.publish(vec![elsewhere]).await.unwrap();
    assert_eq!(take(&mut other).await, 2);
}

#[tokio::test]
async fn a_new_group_sees_only_new_messages() {
    let bus = bus(10);
    bus.publish(vec![message(1)]).await.unwrap();
    let mut late = bus.subscribe("late", &["topic"]).await.unwrap();
    bus.publish(vec![message(2)]).await.unwrap();
    assert_eq!(take(&mut late).await, 2);
    assert!(has_nothing(&mut late).await);
}

#[tokio::test]
async fn a_waiting_standby_takes_over_what_was_open() {
    let bus = bus(10);
    let mut reader = bus.subscribe("group", &["topic"]).await.unwrap();
    let mut standby = bus.subscribe("group", &["topic"]).await.unwrap();
    bus.publish(vec![message(1), message(2)]).await.unwrap();
    let open = reader.next().await.unwrap();
    let again = {
        let mut waiting = pin!(standby.next());
        assert!(poll_once(waiting.as_mut()).await.is_pending());
        drop(reader);
        waiting.await.unwrap()
    };
    assert_eq!(again.message(), open.message());
    // The reader is gone: if its acknowledgement counted, the standby's work could be lost.
    open.ack().await.unwrap();
    drop(again);
    drop(standby);
    let mut third = bus.subscribe("group", &["topic"]).await.unwrap();
    assert_eq!((take(&mut third).await, take(&mut third).await), (1, 2));
}

#[tokio::test]
async fn a_leaving_standby_takes_nothing_from_the_reader() {
    let bus = bus(10);
    let mut reader = bus.subscribe("group", &["topic"]).await.unwrap();
    let standby = bus.subscribe("group", &["topic"]).await.unwrap();
    bus.publish(vec![message(1), message(2)]).await.unwrap();
    let open = reader.next().await.unwrap();
    drop(standby);
    assert_eq!(take(&mut reader).await, 2, "message 1 is open, not given back");
    open.ack().await.unwrap();
    assert!(has_nothing(&mut reader).await);
}

#[tokio::test]
async fn members_of_a_group_must_agree_on_its_topics() {
    let bus = bus(10);
    let _first = bus.subscribe("group", &["a", "b"]).await.unwrap();
    assert!(bus.subscribe("group", &["b", "a", "b"]).await.is_ok());
    let error = bus.subscribe("group", &["a"]).await.err().unwrap();
    assert!(matches!(error, BusError::TopicsDiffer { .. }));
    assert!(error.to_string().contains("\"group\""), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_wake_up_is_lost_between_threads() {
    const PUBLISHERS: u128 = 4;
    const EACH: u128 = 2_000;
    let bus = bus(3);
    let mut subscription = bus.subscribe("group", &["topic"]).await.unwrap();
    let publishers: Vec<_> = (0..PUBLISHERS)
        .map(|publisher| {
            let bus = bus.clone();
            tokio::spawn(async move {
                for number in 0..EACH {
                    bus.publish(vec![message(publisher * EACH + number)]).await.unwrap();
                }
            })
        })
        .collect();
    let consuming = async {
        let mut expected: Vec<u128> = (0..PUBLISHERS).map(|publisher| publisher * EACH).collect();
        for _ in 0..PUBLISHERS * EACH {
            let delivery = subscription.next().await.unwrap();
            let number = delivery.message().id.as_u128();
            let publisher = usize::try_from(number / EACH).unwrap();
            assert_eq!(number, expected[publisher], "in the order of its publisher, once");
            expected[publisher] += 1;
            delivery.ack().await.unwrap();
        }
    };
    let deadline = std::time::Duration::from_mins(1);
    tokio::time::timeout(deadline, consuming).await.expect("nobody waits for ever");
    for publisher in publishers {
        publisher.await.unwrap();
    }
}
