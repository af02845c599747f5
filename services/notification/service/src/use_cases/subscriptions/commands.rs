//! The commands about subscriptions: from the outside world to the repository.

use std::sync::Arc;

use gondola_notification_domain::{
    NotificationId, Recipient, SubscriptionId, SubscriptionRefusal, SubscriptionSettings,
};
use kit_core::{Actor, Caller, Clock, IdSource, Timestamp, Version};
use tokio::sync::Notify;

use super::{
    Channels, NotificationReadModel, NotificationReplay, SubscriptionEntry, SubscriptionError,
    SubscriptionRepository, SubscriptionWrite, WantedSubscription,
};
use crate::use_cases::KeyedId;

/// Most subscriptions that there may be.
pub const SUBSCRIPTIONS_MAX: usize = 1_000;

/// Most notifications that one request sends again.
const REPLAYS_MAX: usize = 10_000;

/// What the commands work with.
#[derive(Clone)]
pub struct SubscriptionsDeps {
    /// Where subscriptions are kept.
    pub repository: Arc<dyn SubscriptionRepository>,
    /// Shows those that there are.
    pub read_model: Arc<dyn NotificationReadModel>,
    /// Says which channels there are.
    pub channels: Arc<dyn Channels>,
    /// The time of day.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn IdSource>,
    /// Told when something may have become due.
    pub wake: Arc<Notify>,
}

/// Carries out what callers want of subscriptions.
#[derive(Clone)]
pub struct Subscriptions(SubscriptionsDeps);

impl Subscriptions {
    /// With these dependencies.
    #[must_use]
    pub const fn new(deps: SubscriptionsDeps) -> Self {
        Self(deps)
    }

    /// Why nothing can be sent to a recipient, as far as can be told without sending.
    pub fn check(&self, recipient: &Recipient) -> Result<(), String> {
        self.0.channels.check(recipient)
    }

    /// Makes a subscription: what happens from now on is told. A repetition under the same key changes nothing and gets the
    /// subscription as it is; whether it is one comes with it.
    pub async fn create(
        &self,
        settings: SubscriptionSettings,
        caller: Caller,
    ) -> Result<(SubscriptionEntry, bool), SubscriptionError> {
        let keyed = KeyedId::of(&caller);
        if let Some(entry) = self.repeated(keyed).await? {
            return Ok((entry, true));
        }
        let new = || self.0.ids.next_id(self.0.clock.now());
        let id = SubscriptionId::from_uuid(keyed.map_or_else(new, KeyedId::id));
        let create = SubscriptionWrite::Create(settings);
        Ok((self.write(id, create, None, caller.actor).await?, false))
    }

    /// The subscription that an earlier request under this key has made.
    async fn repeated(
        &self,
        keyed: Option<KeyedId>,
    ) -> Result<Option<SubscriptionEntry>, SubscriptionError> {
        let Some(keyed) = keyed else { return Ok(None) };
        let before = SubscriptionId::from_uuid(keyed.before_all());
        let found = self.0.read_model.subscriptions(Some(before), 1).await;
        let found = found.map_err(|error| SubscriptionError::Failed(error.to_string()))?;
        let found = found.items.into_iter().next();
        let id = found.as_ref().map(|entry| entry.subscription.id.as_uuid());
        let is_it = keyed.is_repeated(id)?;
        Ok(found.filter(|_| is_it))
    }

    /// Replaces the settings of a subscription, also for what waits.
    pub async fn change(
        &self,
        id: SubscriptionId,
        settings: SubscriptionSettings,
        expected: Option<Version>,
        actor: Actor,
    ) -> Result<SubscriptionEntry, SubscriptionError> {
        self.write(id, SubscriptionWrite::Change(settings), expected, actor).await
    }

    /// Forgets a subscription with its address and its notifications.
    pub async fn delete(&self, id: SubscriptionId, actor: Actor) -> Result<(), SubscriptionError> {
        let wanted = self.wanted(id, SubscriptionWrite::Delete, None, actor);
        self.0.repository.write(wanted).await.map(drop)
    }

    /// Sends a message that says that messages come; in quiet hours, too.
    pub async fn test(
        &self,
        id: SubscriptionId,
        actor: Actor,
    ) -> Result<NotificationId, SubscriptionError> {
        let test = NotificationId::from_uuid(self.0.ids.next_id(self.0.clock.now()));
        self.write(id, SubscriptionWrite::Test(test), None, actor).await?;
        self.0.wake.notify_one();
        Ok(test)
    }

    /// Sends one notification once more that has ended; how many those are, 0 or 1.
    pub async fn replay_one(&self, id: NotificationId) -> Result<usize, SubscriptionError> {
        self.replay(NotificationReplay::One(id)).await
    }

    /// Sends the dead notifications of a time once more, of one subscription or of all; says how many, and whether there may
    /// be more. The time ends now, unless said.
    pub async fn replay_dead(
        &self,
        subscription: Option<SubscriptionId>,
        since: Timestamp,
        until: Option<Timestamp>,
    ) -> Result<(usize, bool), SubscriptionError> {
        let until = until.unwrap_or_else(|| self.0.clock.now());
        let dead = NotificationReplay::Dead { subscription, since, until, limit: REPLAYS_MAX };
        self.replay(dead).await.map(|count| (count, count == REPLAYS_MAX))
    }

    async fn replay(&self, which: NotificationReplay) -> Result<usize, SubscriptionError> {
        let replayed = self.0.repository.replay_notifications(which, self.0.clock.now()).await?;
        self.0.wake.notify_one();
        Ok(replayed)
    }

    async fn write(
        &self,
        id: SubscriptionId,
        write: SubscriptionWrite,
        expected: Option<Version>,
        actor: Actor,
    ) -> Result<SubscriptionEntry, SubscriptionError> {
        let entry = self.0.repository.write(self.wanted(id, write, expected, actor)).await?;
        entry.ok_or(SubscriptionError::Refused(SubscriptionRefusal::NotFound(id)))
    }

    fn wanted(
        &self,
        id: SubscriptionId,
        write: SubscriptionWrite,
        expected: Option<Version>,
        actor: Actor,
    ) -> WantedSubscription {
        WantedSubscription { id, write, expected, actor, at: self.0.clock.now() }
    }
}
