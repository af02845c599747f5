//! What other processes tell of a cache, and when something of it may have been missed.

use std::time::Duration;

use fred::clients::SubscriberClient;
use fred::interfaces::{ClientLike as _, EventInterface as _, PubsubInterface as _};
use fred::types::Message;
use fred::types::config::Server;
use kit_cache::Invalidation;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::AbortHandle;
use tokio::time::sleep;

/// Pause between two looks at whether the connection lives: one that ended without a word brings no message either.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Invalidations that a receiver may be behind.
const INVALIDATIONS_MAX: usize = 4_096;

/// The message that anything may have changed.
pub(crate) const ALL: &str = "all";

/// The message that the entry of a key has a version.
pub(crate) fn changed(key: &str, version: u64) -> String {
    format!("{version} {key}")
}

fn parse(message: &str) -> Invalidation {
    let parsed = message.split_once(' ').and_then(|(version, key)| {
        Some(Invalidation::Changed { key: key.to_owned(), version: version.parse().ok()? })
    });
    // what cannot be understood is of another version of the program
    parsed.unwrap_or(Invalidation::All)
}

/// Listens to a channel until it is dropped.
pub(crate) struct Subscription {
    invalidations: broadcast::Sender<Invalidation>,
    tasks: [AbortHandle; 3],
}

impl Subscription {
    pub(crate) fn start(subscriber: SubscriberClient, channel: String) -> Self {
        let invalidations = broadcast::Sender::new(INVALIDATIONS_MAX);
        let (messages, connections) = (subscriber.message_rx(), subscriber.reconnect_rx());
        let connection = subscriber.connect().abort_handle();
        let forwarding = forward(messages, invalidations.clone());
        let staying = stay_subscribed(subscriber, connections, channel, invalidations.clone());
        let tasks = [
            connection,
            tokio::spawn(forwarding).abort_handle(),
            tokio::spawn(staying).abort_handle(),
        ];
        Self { invalidations, tasks }
    }

    pub(crate) fn invalidations(&self) -> broadcast::Receiver<Invalidation> {
        self.invalidations.subscribe()
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.tasks.iter().for_each(AbortHandle::abort);
    }
}

/// Passes messages on.
async fn forward(
    mut messages: broadcast::Receiver<Message>,
    invalidations: broadcast::Sender<Invalidation>,
) {
    loop {
        let invalidation = match messages.recv().await {
            Ok(message) => message.value.as_str().map_or(Invalidation::All, |text| parse(&text)),
            Err(RecvError::Lagged(_)) => Invalidation::All,
            Err(RecvError::Closed) => return,
        };
        // nobody may listen
        drop(invalidations.send(invalidation));
    }
}

/// Subscribes, and again whenever the connection may have ended; what was told in between is not known.
async fn stay_subscribed(
    subscriber: SubscriberClient,
    mut connections: broadcast::Receiver<Server>,
    channel: String,
    invalidations: broadcast::Sender<Invalidation>,
) {
    let mut is_certain = false;
    loop {
        let is_heard = subscriber.subscribe(&*channel).await.is_ok();
        if is_heard && !is_certain {
            drop(invalidations.send(Invalidation::All));
        }
        is_certain = is_heard;
        tokio::select! {
            () = sleep(LOOK_EVERY) => {}
            _ = connections.recv() => is_certain = false,
        }
    }
}
