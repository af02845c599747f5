//! Rows of subscriptions and notifications as values.

use gondola_notification_domain::{
    Channel, NotificationId, Severity, Subscription, SubscriptionId,
};
use kit_sqlite::columns::{timestamp, uuid, version};
use rusqlite::{Connection, Row};

use crate::adapters::sqlite::rows::{moment, unreadable};
use crate::use_cases::subscriptions::{
    Notification, NotificationState, SubscriptionEntry, decode_subscription,
};

/// The columns of a subscription, as [`subscription`] reads them.
pub(super) const SUBSCRIPTION: &str =
    "SELECT id, version, settings, created_at, updated_at, updated_by FROM subscriptions";

/// The columns of a notification, as [`notification`] reads them; after them what it said.
pub(super) const NOTIFICATION: &str = "SELECT id, subscription_id, severity, events, state, created_at, due_at, attempts, \
     ended_at, reason, subject, text FROM notifications";

/// All subscriptions.
pub(in crate::adapters::sqlite) fn all_subscriptions(
    file: &Connection,
) -> rusqlite::Result<Vec<SubscriptionEntry>> {
    let mut stored = file.prepare_cached(&format!("{SUBSCRIPTION} ORDER BY id"))?;
    stored.query_map([], subscription)?.collect()
}

pub(super) fn subscription(row: &Row<'_>) -> rusqlite::Result<SubscriptionEntry> {
    let settings: String = row.get(2)?;
    let settings = decode_subscription(&settings).map_err(|why| unreadable(2, why))?;
    let id = SubscriptionId::from_uuid(uuid(row, 0)?);
    Ok(SubscriptionEntry {
        subscription: Subscription { id, settings },
        version: version(row, 1)?,
        created_at: timestamp(row, 3)?,
        updated_at: timestamp(row, 4)?,
        updated_by: row.get(5)?,
    })
}

pub(super) fn notification(row: &Row<'_>) -> rusqlite::Result<Notification> {
    let state: String = row.get(4)?;
    Ok(Notification {
        id: NotificationId::from_uuid(uuid(row, 0)?),
        subscription: SubscriptionId::from_uuid(uuid(row, 1)?),
        severity: severity(row, 2)?,
        events: row.get(3)?,
        state: NotificationState::parse(&state)
            .ok_or_else(|| unreadable(4, format!("state {state:?}")))?,
        created_at: timestamp(row, 5)?,
        due_at: moment(row, 6)?,
        attempts: row.get(7)?,
        ended_at: moment(row, 8)?,
        reason: row.get(9)?,
    })
}

pub(super) fn severity(row: &Row<'_>, column: usize) -> rusqlite::Result<Severity> {
    let word: String = row.get(column)?;
    Severity::parse(&word).ok_or_else(|| unreadable(column, format!("severity {word:?}")))
}

pub(super) fn channel(row: &Row<'_>, column: usize) -> rusqlite::Result<Channel> {
    let word: String = row.get(column)?;
    Channel::parse(&word).ok_or_else(|| unreadable(column, format!("channel {word:?}")))
}
