//! The state on its thread: the file, and what is asked of it too often to be read each time.

use std::collections::HashMap;

use gondola_notification_domain::{
    Disable, DisabledReason, Status, Webhook, WebhookCommand, WebhookId, decide, evolve,
};
use kit_core::{Actor, Position, Timestamp, Version};
use rusqlite::{Connection, Transaction};

use super::change;
use super::followed::{Place, save_places};
use super::rows::all_webhooks;
use super::subscriptions::all_subscriptions;
use crate::use_cases::subscriptions::SubscriptionEntry;
use crate::use_cases::{WEBHOOKS_MAX, Wanted, WebhookEntry, WriteError};

/// Who disables what fails.
const SENDER: &str = "webhook-sender";

/// The state.
pub(crate) struct State {
    pub(super) file: Connection,
    /// All webhooks, as the file has them.
    pub(super) webhooks: Vec<WebhookEntry>,
    /// All subscriptions, as the file has them.
    pub(super) subscriptions: Vec<SubscriptionEntry>,
    /// How far each log is told.
    pub(super) places: HashMap<&'static str, Place>,
}

impl State {
    pub(super) fn new(file: Connection) -> rusqlite::Result<Self> {
        let (webhooks, subscriptions) = (all_webhooks(&file)?, all_subscriptions(&file)?);
        Ok(Self { file, webhooks, subscriptions, places: HashMap::new() })
    }

    /// The webhooks that events are sent to.
    pub(super) fn enabled(&self) -> impl Iterator<Item = &Webhook> {
        let all = self.webhooks.iter().map(|entry| &entry.webhook);
        all.filter(|webhook| webhook.status == Status::Enabled)
    }

    /// Carries out a command: its events, what they make of the webhook, and the places of the logs, so that nothing from
    /// before the change is told after it.
    pub(super) fn perform(&mut self, wanted: Wanted) -> Result<Option<WebhookEntry>, WriteError> {
        let Wanted { id, command, expected, secret, actor, at } = wanted;
        let present = self.webhooks.iter().find(|entry| entry.webhook.id == id).cloned();
        let version = present.as_ref().map_or(Version::ZERO, |entry| entry.version);
        if let (Some(expected), Some(_)) = (expected, &present)
            && expected != version
        {
            return Err(WriteError::Changed { expected, actual: version });
        }
        if matches!(command, WebhookCommand::Register(_)) && self.webhooks.len() >= WEBHOOKS_MAX {
            return Err(WriteError::TooMany { most: WEBHOOKS_MAX });
        }
        let webhook = present.as_ref().map(|entry| &entry.webhook);
        let events = decide(id, webhook, command)?;
        if events.is_empty() {
            return Ok(present);
        }
        let after = events.iter().fold(webhook.cloned(), evolve);
        let changed =
            change::Changed { id, before: version, events: &events, after: after.as_ref(), at };
        let commit = self.file.transaction()?;
        change::write(&commit, &changed, &actor, secret.as_ref())?;
        save_places(&commit, &self.places)?;
        commit.commit()?;
        self.saved();
        self.webhooks = all_webhooks(&self.file)?;
        Ok(self.webhooks.iter().find(|entry| entry.webhook.id == id).cloned())
    }

    /// Reads the webhooks once more, after something else has changed them.
    pub(super) fn reload(&mut self) -> rusqlite::Result<()> {
        self.webhooks = all_webhooks(&self.file)?;
        Ok(())
    }

    /// The same of the subscriptions.
    pub(super) fn reload_subscriptions(&mut self) -> rusqlite::Result<()> {
        self.subscriptions = all_subscriptions(&self.file)?;
        Ok(())
    }

    /// All places are in the file.
    pub(super) fn saved(&mut self) {
        for place in self.places.values_mut() {
            place.saved = place.applied;
        }
    }

    /// Up to where a log is told.
    pub(super) fn applied(&self, name: &str) -> Position {
        self.places.get(name).map_or(Position::ZERO, |place| place.applied)
    }
}

/// Disables a webhook within a transaction that gives reason for it, unless it is disabled already.
pub(super) fn disable(
    commit: &Transaction<'_>,
    entry: &WebhookEntry,
    reason: DisabledReason,
    at: Timestamp,
) -> rusqlite::Result<()> {
    let id: WebhookId = entry.webhook.id;
    let command = WebhookCommand::Disable(Disable { reason });
    let events = decide(id, Some(&entry.webhook), command).unwrap_or_default();
    if events.is_empty() {
        return Ok(());
    }
    let after = events.iter().fold(Some(entry.webhook.clone()), evolve);
    let (before, after) = (entry.version, after.as_ref());
    let changed = change::Changed { id, before, events: &events, after, at };
    change::write(commit, &changed, &Actor::system(SENDER), None)?;
    tracing::warn!(webhook = %id, reason = reason.as_str(), "webhook_disabled");
    Ok(())
}
