//! The bus port: what every adapter must do.
//!
//! Delivery is at least once, and in the order of publication among messages of one topic and key: when a message comes
//! for the first time, all before it have come. Consumers MUST therefore recognise repeats, by [`Message::id`] or by a
//! version inside the payload.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use kit_trace::SpanContext;
use uuid::Uuid;

/// What is published; cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// What sort of news it is; subscribers choose by it.
    pub topic: Arc<str>,
    /// What it is about; messages of one topic and key stay in order.
    pub key: Arc<str>,
    /// Unique for ever; a repeat has the same.
    pub id: Uuid,
    /// The message as text, opaque to the bus. What another publisher has sent that is not text arrives empty.
    pub payload: Arc<str>,
    /// The span that sent it, where messages are traced. A bus between processes carries it beside the payload.
    pub trace: Option<SpanContext>,
}

/// Where a durable bus has a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// A part of the bus whose messages have an order.
    pub lane: Arc<str>,
    /// The number that the next message of the lane has at least.
    pub next: i64,
}

/// How far a reader is: the number of the next message in each lane that it has read anything of.
pub type Places = HashMap<Arc<str>, i64>;

/// The bus failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BusError {
    /// The bus cannot be reached now; the same call may succeed later.
    #[error("the event bus cannot take this now: {0}")]
    Unavailable(String),
    /// The subscriptions of one group must agree on what they want, else news would depend on who is alive.
    #[error(
        "group {group:?} subscribes to {subscribed:?}, not {asked:?}; give the new topics a group of their own"
    )]
    TopicsDiffer {
        /// The group.
        group: String,
        /// What it subscribes to.
        subscribed: Vec<String>,
        /// What the new subscription asked for.
        asked: Vec<String>,
    },
}

/// A bus between contexts.
#[async_trait]
pub trait EventBus: Send + Sync {
    /// Whether messages and groups outlive the process: whether the bus keeps what it has been told. With a durable bus a
    /// publisher continues where it stopped; with any other it publishes everything again at each start.
    fn is_durable(&self) -> bool;

    /// Whether some group takes one of these topics; a bus that cannot know says yes.
    ///
    /// A publisher may skip topics without a group, since a group of a bus that is not durable gets only what is published
    /// after it subscribed. A durable bus always says yes.
    fn is_wanted(&self, _topics: &[&str]) -> bool {
        true
    }

    /// Publishes messages in order; every group subscribed to a message's topic gets it.
    ///
    /// When a subscriber is slow, MUST wait for room rather than lose anything. On an error, and when the caller is
    /// dropped, a beginning of the messages may have been published: publish all of them again. A message without a
    /// subscriber is not an error.
    async fn publish(&self, messages: Vec<Message>) -> Result<(), BusError>;

    /// Waits until a group or a reader has acknowledged all that there is for it by now. One without a member never does;
    /// one that was never joined through this bus has nothing.
    async fn worked_off(&self, name: &str);

    /// Joins a group; the group gets what is published on its topics from now on. Of a durable bus a new group also gets
    /// what was published before, as far as it is still kept.
    ///
    /// A group outlives its subscriptions: what it has not acknowledged, and what is published while it has no member,
    /// waits for its next subscription. Among several subscriptions of a group, messages of one topic and key MUST go
    /// to one of them at a time.
    async fn subscribe(
        &self,
        group: &str,
        topics: &[&str],
    ) -> Result<Box<dyn Subscription>, BusError>;

    /// Reads topics alone, and then follows them: for a copy of this process's own. It begins at the places that the copy
    /// [has noted](Delivery::place), and in other lanes, and where that is not kept any more, with the oldest message that
    /// the bus keeps. Acknowledgements only say how far it is, to [`worked_off`](Self::worked_off).
    ///
    /// A bus that is not durable has no places: it begins with what is published from now on, since its publishers publish
    /// everything again at each start. The name MUST be no group's.
    async fn replay(
        &self,
        reader: &str,
        topics: &[&str],
        from: &Places,
    ) -> Result<Box<dyn Subscription>, BusError>;
}

/// One member of a group. Dropping it gives what it has not acknowledged back to the group.
#[async_trait]
pub trait Subscription: Send {
    /// Waits for the next message. Dropping the call loses nothing.
    ///
    /// Several deliveries may be open at once, so that a consumer can make the effects of many durable
    /// together; then it acknowledges the last.
    async fn next(&mut self) -> Result<Delivery, BusError>;
}

/// A message on loan until it is acknowledged.
pub struct Delivery {
    message: Message,
    place: Option<Place>,
    receipt: Box<dyn Acknowledge>,
}

/// The adapter's side of an acknowledgement.
#[async_trait]
pub trait Acknowledge: Send {
    /// The delivery, and all that its subscription handed out before it, have been dealt with.
    async fn acknowledge(self: Box<Self>) -> Result<(), BusError>;
}

impl Delivery {
    /// Hands out a message, with its place if the bus has such; for adapters.
    pub fn new(message: Message, place: Option<Place>, receipt: Box<dyn Acknowledge>) -> Self {
        Self { message, place, receipt }
    }

    /// Where the message is, for readers that keep how far they are themselves. None on a bus that is not durable.
    pub const fn place(&self) -> Option<&Place> {
        self.place.as_ref()
    }

    /// The message.
    pub const fn message(&self) -> &Message {
        &self.message
    }

    /// Says that this message, and all that the same subscription handed out before it, need not come again.
    ///
    /// Call it when the effect is durable. Dropping a delivery instead acknowledges nothing and brings nothing
    /// back by itself: the message comes again when the subscription has been dropped. After that moment an
    /// acknowledgement may have no effect.
    pub async fn ack(self) -> Result<(), BusError> {
        self.receipt.acknowledge().await
    }
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery").field("message", &self.message).finish_non_exhaustive()
    }
}
