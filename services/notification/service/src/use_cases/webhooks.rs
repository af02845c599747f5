//! The commands about webhooks: from the outside world to the repository.

use std::sync::Arc;
use std::time::Duration;

use gondola_notification_domain::{
    Change, DeliveryId, Refusal, Register, Remove, RotateSecret, Settings, WebhookCommand,
    WebhookId,
};
use kit_core::{Actor, Caller, Clock, IdSource, Timestamp, Version};
use tokio::sync::Notify;

use super::{
    DeliveryState, KeyedId, Receiver, Replay, Secret, Wanted, WebhookEntry, WebhookReadModel,
    WebhookRepository, WriteError,
};

/// Most webhooks that there may be.
pub const WEBHOOKS_MAX: usize = 100;

/// How long a secret that was rotated away is used as well, unless said.
pub const OVERLAP_USUAL: Duration = Duration::from_hours(24);

/// The longest that it may be.
pub const OVERLAP_MAX: Duration = Duration::from_hours(7 * 24);

/// Most deliveries that one request sends again.
const REPLAYS_MAX: usize = 10_000;

/// What the commands work with.
#[derive(Clone)]
pub struct WebhooksDeps {
    /// Where webhooks are kept.
    pub repository: Arc<dyn WebhookRepository>,
    /// Shows those that there are.
    pub read_model: Arc<dyn WebhookReadModel>,
    /// Says which addresses may be reached.
    pub receiver: Arc<dyn Receiver>,
    /// The time of day.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn IdSource>,
    /// Told when something may have become due.
    pub wake: Arc<Notify>,
}

/// Deliveries of a time.
#[derive(Clone, Copy, Debug)]
pub struct Range {
    /// Those that stand so.
    pub state: DeliveryState,
    /// Made at this moment or later.
    pub since: Timestamp,
    /// Made before this moment; now, unless said.
    pub until: Option<Timestamp>,
}

/// Carries out what callers want of webhooks.
#[derive(Clone)]
pub struct Webhooks(WebhooksDeps);

impl Webhooks {
    /// With these dependencies.
    #[must_use]
    pub const fn new(deps: WebhooksDeps) -> Self {
        Self(deps)
    }

    /// Why an address is not to be reached, as far as its form tells.
    pub fn check_url(&self, url: &str) -> Result<(), String> {
        self.0.receiver.check(url)
    }

    /// Registers a webhook; the answer has its secret, which is not shown again. A repetition under the same key changes
    /// nothing and gets the webhook as it is, without the secret.
    pub async fn register(
        &self,
        settings: Settings,
        is_enabled: bool,
        caller: Caller,
    ) -> Result<(WebhookEntry, Option<Secret>), WriteError> {
        let keyed = KeyedId::of(&caller);
        // its history first: who registers it between the two reads is then found by the second
        let (id, is_known) = self.id_for(keyed).await?;
        if let Some(entry) = self.repeated(keyed).await? {
            return Ok((entry, None));
        }
        if is_known {
            return Err(WriteError::KeyGone(id));
        }
        let command = WebhookCommand::Register(Register { settings, is_enabled });
        match self.with_secret(id, command, caller.actor).await {
            Ok((entry, secret)) => Ok((entry, Some(secret))),
            // a repetition that came at the same time was faster
            Err(WriteError::Refused(Refusal::AlreadyRegistered(_))) => {
                Ok((self.repeated(keyed).await?.ok_or_else(gone)?, None))
            }
            Err(error) => Err(error),
        }
    }

    /// The id for what is new, and whether there has been something of that id: it may be removed by now.
    async fn id_for(&self, keyed: Option<KeyedId>) -> Result<(WebhookId, bool), WriteError> {
        let Some(keyed) = keyed else {
            return Ok((WebhookId::from_uuid(self.0.ids.next_id(self.0.clock.now())), false));
        };
        let id = WebhookId::from_uuid(keyed.id());
        let history = self.0.read_model.history(id, 1).await;
        let history = history.map_err(|error| WriteError::Failed(error.to_string()))?;
        Ok((id, !history.is_empty()))
    }

    /// The webhook that an earlier request under this key has registered.
    async fn repeated(&self, keyed: Option<KeyedId>) -> Result<Option<WebhookEntry>, WriteError> {
        let Some(keyed) = keyed else { return Ok(None) };
        let before = WebhookId::from_uuid(keyed.before_all());
        let found = self.0.read_model.webhooks(Some(before), 1).await;
        let found = found.map_err(|error| WriteError::Failed(error.to_string()))?;
        let found = found.items.into_iter().next();
        let is_it = keyed.is_repeated(found.as_ref().map(|entry| entry.webhook.id.as_uuid()))?;
        Ok(found.filter(|_| is_it))
    }

    /// Gives a webhook a new secret; the answer has it.
    pub async fn rotate_secret(
        &self,
        id: WebhookId,
        overlap: Duration,
        actor: Actor,
    ) -> Result<(WebhookEntry, Secret), WriteError> {
        let command = WebhookCommand::RotateSecret(RotateSecret { overlap });
        self.with_secret(id, command, actor).await
    }

    /// Replaces the settings of a webhook, and enables or disables it.
    pub async fn change(
        &self,
        id: WebhookId,
        change: Change,
        expected: Option<Version>,
        actor: Actor,
    ) -> Result<WebhookEntry, WriteError> {
        let wanted = self.wanted(id, WebhookCommand::Change(change), actor);
        let entry = self.0.repository.perform(Wanted { expected, ..wanted }).await?;
        self.0.wake.notify_one();
        entry.ok_or_else(gone)
    }

    /// Removes a webhook, its secrets and its deliveries.
    pub async fn remove(&self, id: WebhookId, actor: Actor) -> Result<(), WriteError> {
        let wanted = self.wanted(id, WebhookCommand::Remove(Remove), actor);
        self.0.repository.perform(wanted).await.map(drop)
    }

    /// Sends one delivery once more that has ended; how many those are, 0 or 1.
    pub async fn replay_one(
        &self,
        webhook: WebhookId,
        delivery: DeliveryId,
    ) -> Result<usize, WriteError> {
        self.replay(Replay::One(webhook, delivery)).await
    }

    /// Sends the deliveries of a time once more; says how many, and whether there may be more.
    pub async fn replay_range(
        &self,
        webhook: WebhookId,
        range: Range,
    ) -> Result<(usize, bool), WriteError> {
        let Range { state, since, until } = range;
        let until = until.unwrap_or_else(|| self.0.clock.now());
        let range = Replay::Range { webhook, state, since, until, limit: REPLAYS_MAX };
        self.replay(range).await.map(|count| (count, count == REPLAYS_MAX))
    }

    async fn replay(&self, which: Replay) -> Result<usize, WriteError> {
        let count = self.0.repository.replay(which, self.0.clock.now()).await?;
        self.0.wake.notify_one();
        Ok(count)
    }

    async fn with_secret(
        &self,
        id: WebhookId,
        command: WebhookCommand,
        actor: Actor,
    ) -> Result<(WebhookEntry, Secret), WriteError> {
        let secret = Secret::random();
        let secret = secret.ok_or_else(|| WriteError::Failed("no randomness".to_owned()))?;
        let wanted = self.wanted(id, command, actor);
        let wanted = Wanted { secret: Some(secret.clone()), ..wanted };
        let entry = self.0.repository.perform(wanted).await?;
        Ok((entry.ok_or_else(gone)?, secret))
    }

    fn wanted(&self, id: WebhookId, command: WebhookCommand, actor: Actor) -> Wanted {
        Wanted { id, command, expected: None, secret: None, actor, at: self.0.clock.now() }
    }
}

/// What the repository cannot answer.
fn gone() -> WriteError {
    WriteError::Failed("a webhook that was changed is not there".to_owned())
}
