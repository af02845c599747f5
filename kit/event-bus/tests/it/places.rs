//! How a reader of a durable bus goes on: after what it has noted, or what it has handled before the bus failed.

use std::sync::Arc;

use async_trait::async_trait;
use kit_event_bus::{
    Acknowledge, BusError, Consumer, Delivery, EventBus, HandleError, Handler, Message, Place,
    Places, Subscription,
};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const LANE: &str = "lane";
const TOPICS: &[&str] = &["news"];

/// A durable bus with one lane, whose subscriptions fail after two messages.
struct Lane(Arc<Vec<Message>>);

struct Reading {
    messages: Arc<Vec<Message>>,
    next: usize,
    end: usize,
}

struct Nothing;

#[async_trait]
impl EventBus for Lane {
    fn is_durable(&self) -> bool {
        true
    }

    async fn publish(&self, _: Vec<Message>) -> Result<(), BusError> {
        unreachable!("its messages are given")
    }

    async fn worked_off(&self, _: &str) {}

    async fn subscribe(&self, _: &str, _: &[&str]) -> Result<Box<dyn Subscription>, BusError> {
        unreachable!("it has readers only")
    }

    async fn replay(
        &self,
        _: &str,
        _: &[&str],
        from: &Places,
    ) -> Result<Box<dyn Subscription>, BusError> {
        let next = from.get(LANE).map_or(0, |next| usize::try_from(*next).unwrap());
        Ok(Box::new(Reading { messages: Arc::clone(&self.0), next, end: next + 2 }))
    }
}

#[async_trait]
impl Subscription for Reading {
    async fn next(&mut self) -> Result<Delivery, BusError> {
        if self.next == self.end {
            return Err(BusError::Unavailable("on purpose".to_owned()));
        }
        let Some(message) = self.messages.get(self.next) else {
            return std::future::pending().await;
        };
        self.next += 1;
        let place = Place { lane: LANE.into(), next: i64::try_from(self.next).unwrap() };
        Ok(Delivery::new(message.clone(), Some(place), Box::new(Nothing)))
    }
}

#[async_trait]
impl Acknowledge for Nothing {
    async fn acknowledge(self: Box<Self>) -> Result<(), BusError> {
        Ok(())
    }
}

/// Tells what it is given with the place that it may note; the payload `poison` is some.
struct Teller(mpsc::UnboundedSender<(String, Option<i64>)>);

#[async_trait]
impl Handler for Teller {
    async fn handle(
        &mut self,
        message: &Message,
        place: Option<&Place>,
    ) -> Result<(), HandleError> {
        self.0.send((message.key.to_string(), place.map(|place| place.next))).unwrap();
        match &*message.payload {
            "poison" => Err(HandleError::Poison("on purpose".to_owned())),
            _ => Ok(()),
        }
    }
}

/// What a reader is given of messages with these keys and payloads, beginning at some places.
async fn given(
    messages: &[(&str, &str)],
    from: Places,
    count: usize,
) -> Vec<(String, Option<i64>)> {
    let messages = messages.iter().zip(1..).map(|((key, payload), number)| Message {
        topic: TOPICS[0].into(),
        key: (*key).into(),
        id: Uuid::from_u128(number),
        payload: (*payload).into(),
        trace: None,
    });
    let bus = Arc::new(Lane(Arc::new(messages.collect())));
    let consumer = Consumer::replay(bus, "reader", TOPICS, from).await.unwrap();
    let (told, mut given) = mpsc::unbounded_channel();
    let stop = CancellationToken::new();
    let running = tokio::spawn(consumer.run(Teller(told), stop.clone()));
    let mut seen = Vec::new();
    while seen.len() < count {
        seen.push(given.recv().await.unwrap());
    }
    stop.cancel();
    running.await.unwrap();
    assert!(given.recv().await.is_none(), "more than {count} came");
    seen
}

fn expected(all: &[(&str, Option<i64>)]) -> Vec<(String, Option<i64>)> {
    all.iter().map(|(key, place)| ((*key).to_owned(), *place)).collect()
}

#[tokio::test]
async fn a_reader_goes_on_where_it_was_when_the_bus_fails() {
    let messages = [("a", ""), ("b", ""), ("c", ""), ("d", ""), ("e", "")];
    let from = Places::from([(LANE.into(), 1)]);
    let rest = [("b", Some(2)), ("c", Some(3)), ("d", Some(4)), ("e", Some(5))];
    assert_eq!(given(&messages, from, 4).await, expected(&rest));
}

/// Else a restart would go on after what is kept in memory.
#[tokio::test]
async fn no_place_may_be_noted_while_something_is_parked() {
    let messages = [("a", ""), ("b", "poison"), ("b", ""), ("c", "")];
    let all = [("a", Some(1)), ("b", Some(2)), ("c", None)];
    assert_eq!(given(&messages, Places::new(), 3).await, expected(&all));
}
