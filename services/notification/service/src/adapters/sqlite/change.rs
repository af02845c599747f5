//! A change of a webhook as it is written: events, row and secrets.

use gondola_notification_domain::{
    Description, Settings, Status, Webhook, WebhookEvent, WebhookId,
};
use kit_core::{Actor, Timestamp, Version};
use kit_sqlite::columns::number;
use rusqlite::{Transaction, params};

use crate::use_cases::{SCHEMA_VERSION, Secret, encode_event, encode_stores, encode_types};

/// What has changed.
pub(super) struct Changed<'c> {
    pub(super) id: WebhookId,
    /// The version before.
    pub(super) before: Version,
    /// What happened.
    pub(super) events: &'c [WebhookEvent],
    /// The webhook after it; `None` when it is no more.
    pub(super) after: Option<&'c Webhook>,
    pub(super) at: Timestamp,
}

/// Writes a change, with the new secret where there is one.
pub(super) fn write(
    commit: &Transaction<'_>,
    changed: &Changed<'_>,
    actor: &Actor,
    secret: Option<&Secret>,
) -> rusqlite::Result<()> {
    let Changed { id, before, events, after, at } = changed;
    let (key, at) = (id.as_uuid().into_bytes(), at.as_millis());
    let mut version = before.get();
    for event in *events {
        version += 1;
        let (name, data) = (event.event_type(), encode_event(event));
        commit.execute(
            "INSERT INTO webhook_events VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![key, number(version), name, SCHEMA_VERSION, data, at, actor.as_str()],
        )?;
        match event {
            WebhookEvent::SecretRotated { overlap } => {
                // of two that are good already the older one ends: messages have two signatures at most
                commit.execute(
                    "DELETE FROM secrets WHERE webhook_id = ?1 AND valid_until IS NOT NULL",
                    [key],
                )?;
                let until = changed.at.after(*overlap).as_millis();
                commit.execute(
                    "UPDATE secrets SET valid_until = ?2 WHERE webhook_id = ?1",
                    params![key, until],
                )?;
            }
            WebhookEvent::Enabled => {
                let fresh = "UPDATE webhooks SET failing_since = NULL WHERE id = ?1";
                commit.execute(fresh, [key])?;
            }
            _ => {}
        }
    }
    if let Some(secret) = secret {
        commit.execute(
            "INSERT INTO secrets VALUES (?1, ?2, ?3, NULL)",
            params![key, number(version), secret.reveal()],
        )?;
    }
    match after {
        Some(webhook) => write_row(commit, webhook, version, at),
        None => remove(commit, &key),
    }
}

fn write_row(
    commit: &Transaction<'_>,
    webhook: &Webhook,
    version: u64,
    at: i64,
) -> rusqlite::Result<()> {
    let Webhook { id, settings, status } = webhook;
    let Settings { url, description, event_types, stores } = settings;
    let disabled = match status {
        Status::Enabled => None,
        Status::Disabled(reason) => Some(reason.as_str()),
    };
    commit.execute(
        "INSERT INTO webhooks VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL, ?8, ?8) \
         ON CONFLICT (id) DO UPDATE SET version = ?2, url = ?3, description = ?4, event_types = ?5, stores = ?6, \
         disabled = ?7, updated_at = ?8",
        params![
            id.as_uuid().into_bytes(),
            number(version),
            url.as_str(),
            description.as_ref().map(Description::as_str),
            encode_types(event_types),
            stores.as_ref().map(encode_stores),
            disabled,
            at,
        ],
    )?;
    Ok(())
}

/// Forgets a webhook but for what happened to it.
fn remove(commit: &Transaction<'_>, key: &[u8; 16]) -> rusqlite::Result<()> {
    for forget in [
        "DELETE FROM attempts WHERE delivery_id IN (SELECT id FROM deliveries WHERE webhook_id = ?1)",
        "DELETE FROM deliveries WHERE webhook_id = ?1",
        "DELETE FROM daily_figures WHERE webhook_id = ?1",
        "DELETE FROM secrets WHERE webhook_id = ?1",
        "DELETE FROM webhooks WHERE id = ?1",
    ] {
        commit.execute(forget, [key])?;
    }
    Ok(())
}
