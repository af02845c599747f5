//! Rows of webhooks and deliveries as values.

use gondola_notification_domain::{DeliveryId, DisabledReason, Status, Webhook, WebhookId};
use kit_core::Timestamp;
use kit_sqlite::columns::{timestamp, uuid, version};
use rusqlite::types::Type;
use rusqlite::{Connection, Row};

use crate::use_cases::{Delivery, DeliveryState, WebhookEntry, decode_settings};

/// The columns of a webhook, as [`webhook`] reads them.
pub(super) const WEBHOOK: &str = "SELECT id, version, url, description, event_types, stores, disabled, failing_since, \
     created_at, updated_at, (SELECT max(valid_until) FROM secrets WHERE webhook_id = id) FROM webhooks";

/// The columns of a delivery, as [`delivery`] reads them.
pub(super) const DELIVERY: &str = "SELECT id, event_id, event_type, subject, state, created_at, due_at, attempts, ended_at, \
     payload FROM deliveries";

/// All webhooks.
pub(super) fn all_webhooks(file: &Connection) -> rusqlite::Result<Vec<WebhookEntry>> {
    let mut stored = file.prepare_cached(&format!("{WEBHOOK} ORDER BY id"))?;
    stored.query_map([], webhook)?.collect()
}

pub(super) fn webhook(row: &Row<'_>) -> rusqlite::Result<WebhookEntry> {
    let text = |column: usize| row.get::<_, Option<String>>(column);
    let (description, stores) = (text(3)?, text(5)?);
    let (url, types): (String, String) = (row.get(2)?, row.get(4)?);
    let settings = decode_settings(&url, description.as_deref(), &types, stores.as_deref());
    let status = match text(6)? {
        None => Status::Enabled,
        Some(word) => Status::Disabled(
            DisabledReason::parse(&word)
                .ok_or_else(|| unreadable(6, format!("reason {word:?}")))?,
        ),
    };
    let webhook = Webhook {
        id: WebhookId::from_uuid(uuid(row, 0)?),
        settings: settings.map_err(|why| unreadable(2, why))?,
        status,
    };
    Ok(WebhookEntry {
        webhook,
        version: version(row, 1)?,
        failing_since: moment(row, 7)?,
        created_at: timestamp(row, 8)?,
        updated_at: timestamp(row, 9)?,
        previous_secret_valid_until: moment(row, 10)?,
    })
}

pub(super) fn delivery(row: &Row<'_>) -> rusqlite::Result<Delivery> {
    let state: String = row.get(4)?;
    Ok(Delivery {
        id: DeliveryId::from_uuid(uuid(row, 0)?),
        event_id: uuid(row, 1)?,
        event_type: row.get(2)?,
        subject: row.get(3)?,
        state: DeliveryState::parse(&state)
            .ok_or_else(|| unreadable(4, format!("state {state:?}")))?,
        created_at: timestamp(row, 5)?,
        due_at: moment(row, 6)?,
        attempts: row.get(7)?,
        ended_at: moment(row, 8)?,
    })
}

/// A moment that may be missing.
pub(in crate::adapters) fn moment(
    row: &Row<'_>,
    column: usize,
) -> rusqlite::Result<Option<Timestamp>> {
    row.get::<_, Option<i64>>(column).map(|millis| millis.map(Timestamp::from_millis))
}

pub(in crate::adapters) fn unreadable(column: usize, why: String) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, why.into())
}
