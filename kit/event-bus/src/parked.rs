//! Keys that a consumer has parked: what it keeps of them, and how they go on after a repair.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use metrics::{Gauge, describe_gauge, gauge};
use tokio::sync::{mpsc, oneshot};

use crate::consumer::{HandleError, Handler};
use crate::port::Message;

const PARKED: &str = "event_bus_parked_keys";

/// Most messages that may be kept for parked keys. Beyond it the fault is not in the messages, or nobody has looked at it
/// for too long: the consumer stands still and says so.
const KEPT_MAX: usize = 10_000;

/// Messages that stay in order.
type TopicAndKey = (Arc<str>, Arc<str>);

/// The keys that a consumer has parked since it began, each with the message that parked it and all after that; clones
/// are the same keys.
#[derive(Clone)]
pub struct ParkedKeys {
    kept: Arc<Mutex<Kept>>,
    requests: mpsc::Sender<Request>,
}

struct Kept {
    keys: BTreeMap<TopicAndKey, VecDeque<Message>>,
    count: usize,
    shown: Gauge,
}

impl Kept {
    /// None yet, of a consumer.
    fn new(consumer: &'static str) -> Self {
        describe_gauge!(PARKED, "Keys of messages that a consumer keeps back, by its name");
        let shown = gauge!(PARKED, "consumer" => consumer);
        shown.set(0);
        Self { keys: BTreeMap::new(), count: 0, shown }
    }

    fn show(&self) {
        self.shown.set(u32::try_from(self.keys.len()).unwrap_or(u32::MAX));
    }
}

/// What becomes of a kept message that still can never be handled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// Its key stays parked.
    Keep,
    /// It is written to the log, whole, and passed over for ever.
    Drop,
}

/// What a drain has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drained {
    /// Messages that were handled.
    pub handled: usize,
    /// Messages that were passed over for ever.
    pub dropped: usize,
    /// Keys that are parked still.
    pub parked: usize,
}

/// The consumer has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the consumer of these messages has ended")]
pub struct ConsumerEnded;

/// Asks a consumer to drain.
pub(crate) struct Request {
    unreadable: Unreadable,
    done: oneshot::Sender<Drained>,
}

impl ParkedKeys {
    /// None yet, of a consumer, and where the requests to drain them arrive.
    pub(crate) fn new(consumer: &'static str) -> (Self, mpsc::Receiver<Request>) {
        let (requests, arriving) = mpsc::channel(1);
        (Self { kept: Arc::new(Mutex::new(Kept::new(consumer))), requests }, arriving)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many keys there are.
    pub fn count(&self) -> usize {
        self.kept().keys.len()
    }

    /// Whether a message belongs to one of them.
    pub fn holds(&self, message: &Message) -> bool {
        self.kept().keys.contains_key(&of(message))
    }

    /// Handles what is kept once more, each key in order, after what was wrong has been mended.
    pub async fn drain(&self, unreadable: Unreadable) -> Result<Drained, ConsumerEnded> {
        let (done, drained) = oneshot::channel();
        self.requests.send(Request { unreadable, done }).await.map_err(|_| ConsumerEnded)?;
        drained.await.map_err(|_| ConsumerEnded)
    }

    /// Keeps a message of a key that is parked, or that it parks; not when too many are kept already. One that comes again
    /// is kept once.
    pub(crate) fn keep(&self, message: &Message) -> bool {
        let mut kept = self.kept();
        let of_key = kept.keys.get(&of(message));
        if of_key.is_some_and(|kept| kept.iter().any(|one| one.id == message.id)) {
            return true;
        }
        let room = kept.count < KEPT_MAX;
        if room {
            kept.count += 1;
            kept.keys.entry(of(message)).or_default().push_back(message.clone());
            kept.show();
        }
        room
    }

    /// Does what was asked for, with the consumer's handler.
    pub(crate) async fn serve(&self, request: Request, handler: &mut impl Handler) {
        let mut drained = Drained::default();
        let keys: Vec<TopicAndKey> = self.kept().keys.keys().cloned().collect();
        for key in keys {
            self.drain_key(&key, request.unreadable, handler, &mut drained).await;
        }
        drained.parked = self.count();
        tracing::info!(?drained, "consumer_drained_parked_keys");
        if request.done.send(drained).is_err() {
            tracing::debug!("nobody_waits_for_the_drain");
        }
    }

    async fn drain_key(
        &self,
        key: &TopicAndKey,
        unreadable: Unreadable,
        handler: &mut impl Handler,
        drained: &mut Drained,
    ) {
        while let Some(message) = self.first(key) {
            match handler.handle(&message, None).await {
                Ok(()) => drained.handled += 1,
                Err(HandleError::Poison(why)) if unreadable == Unreadable::Drop => {
                    let Message { topic, key, id, payload, .. } = message;
                    tracing::error!(%topic, %key, %id, why, %payload, "consumer_dropped_a_message");
                    drained.dropped += 1;
                }
                Err(error) => {
                    let Message { topic, key, id, .. } = message;
                    tracing::error!(%topic, %key, %id, %error, "consumer_key_stays_parked");
                    return;
                }
            }
            self.forget_first(key);
        }
    }

    fn first(&self, key: &TopicAndKey) -> Option<Message> {
        self.kept().keys.get(key)?.front().cloned()
    }

    /// The first message of a key is done with; without another one the key is parked no more.
    fn forget_first(&self, key: &TopicAndKey) {
        let mut kept = self.kept();
        kept.count -= 1;
        if let Some(messages) = kept.keys.get_mut(key) {
            messages.pop_front();
            if messages.is_empty() {
                kept.keys.remove(key);
                kept.show();
            }
        }
    }
}

fn of(message: &Message) -> TopicAndKey {
    (Arc::clone(&message.topic), Arc::clone(&message.key))
}
