//! What a consumer that recognises repeats makes of the messages.

use kit_event_bus::{Message, Subscription};

use crate::{PATIENCE, STREAMS};

/// The version of each key: an inbox of constant size.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) versions: Vec<u64>,
    pub(crate) count: u64,
    pub(crate) repeats: u64,
}

/// A message came before one that its key has before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OutOfOrder {
    key: String,
    version: u64,
    after: u64,
}

impl Seen {
    pub(crate) fn new() -> Self {
        Self { versions: vec![0; usize::try_from(STREAMS).unwrap()], count: 0, repeats: 0 }
    }

    /// Whether the message is no repeat; what comes for the first time is the next version of its key.
    pub(crate) fn note(&mut self, message: &Message) -> Result<bool, OutOfOrder> {
        let (stream, version) = stream_and_version(message);
        let at = &mut self.versions[stream];
        if version <= *at {
            self.repeats += 1;
            return Ok(false);
        }
        if version != *at + 1 {
            return Err(OutOfOrder { key: message.key.to_string(), version, after: *at });
        }
        *at = version;
        self.count += 1;
        Ok(true)
    }

    /// Whether the message would be a repeat.
    pub(crate) fn has(&self, message: &Message) -> bool {
        let (stream, version) = stream_and_version(message);
        version <= self.versions[stream]
    }

    /// Takes messages until so many have come that are no repeats.
    pub(crate) async fn consume(&mut self, news: &mut Box<dyn Subscription>, until: u64) {
        while self.count < until {
            let next = tokio::time::timeout(PATIENCE, news.next()).await;
            let delivery =
                next.unwrap_or_else(|_| panic!("{} of {until} came", self.count)).unwrap();
            self.note(delivery.message()).unwrap();
            delivery.ack().await.unwrap();
        }
    }
}

fn stream_and_version(message: &Message) -> (usize, u64) {
    let stream = message.key.strip_prefix("counter-").unwrap();
    (stream.parse().unwrap(), message.payload.parse().unwrap())
}
