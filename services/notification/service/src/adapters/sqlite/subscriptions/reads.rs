//! Subscriptions and notifications as they are shown.

use gondola_notification_domain::{NotificationId, SubscriptionId};
use kit_core::Timestamp;
use kit_sqlite::columns::{limit, timestamp, unsigned, uuid};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::rows::{NOTIFICATION, SUBSCRIPTION, channel, notification, severity, subscription};
use crate::use_cases::subscriptions::{
    DayOfChannel, Notification, NotificationAttempt, NotificationDetail, NotificationEvent,
    NotificationQuery, NotificationState, SubscriptionEntry,
};

/// Attempts of a notification that are shown.
const ATTEMPTS_SHOWN: usize = 100;

pub(super) fn subscriptions(
    file: &Connection,
    after: Option<SubscriptionId>,
    most: usize,
) -> rusqlite::Result<Vec<SubscriptionEntry>> {
    let after = after.map_or([0; 16], |after| after.as_uuid().into_bytes());
    let mut stored =
        file.prepare_cached(&format!("{SUBSCRIPTION} WHERE id > ?1 ORDER BY id LIMIT ?2"))?;
    stored.query_map(params![after, limit(most + 1)], subscription)?.collect()
}

pub(super) fn subscription_of(
    file: &Connection,
    id: SubscriptionId,
) -> rusqlite::Result<Option<SubscriptionEntry>> {
    let mut stored = file.prepare_cached(&format!("{SUBSCRIPTION} WHERE id = ?1"))?;
    stored.query_row([id.as_uuid().into_bytes()], subscription).optional()
}

pub(super) fn notifications(
    file: &Connection,
    query: &NotificationQuery,
) -> rusqlite::Result<Vec<Notification>> {
    let of_one = if query.subscription.is_some() { "subscription_id = ?1" } else { "?1 IS NULL" };
    let mut stored = file.prepare_cached(&format!(
        "{NOTIFICATION} WHERE {of_one} AND id < ?2 AND (?3 IS NULL OR state = ?3) AND created_at >= ?4 AND created_at < ?5 \
         ORDER BY id DESC LIMIT ?6"
    ))?;
    let before = query.before.map_or([0xff; 16], |before| before.as_uuid().into_bytes());
    let wanted = params![
        query.subscription.map(|id| id.as_uuid().into_bytes()),
        before,
        query.state.map(NotificationState::as_str),
        query.since.map_or(i64::MIN, Timestamp::as_millis),
        query.until.map_or(i64::MAX, Timestamp::as_millis),
        limit(query.limit + 1),
    ];
    stored.query_map(wanted, notification)?.collect()
}

pub(super) fn detail(
    file: &Connection,
    id: NotificationId,
) -> rusqlite::Result<Option<NotificationDetail>> {
    let key = id.as_uuid().into_bytes();
    let mut stored = file.prepare_cached(&format!("{NOTIFICATION} WHERE id = ?1"))?;
    let read = |row: &Row<'_>| Ok((notification(row)?, row.get(10)?, row.get(11)?));
    let Some((notification, subject, text)) = stored.query_row([key], read).optional()? else {
        return Ok(None);
    };
    let mut stored = file.prepare_cached(
        "SELECT event_id, event_type, severity FROM notification_events WHERE notification_id = ?1 ORDER BY number",
    )?;
    let events = stored.query_map([key], |row| {
        let (event_id, event_type) = (uuid(row, 0)?, row.get(1)?);
        Ok(NotificationEvent { event_id, event_type, severity: severity(row, 2)? })
    })?;
    let events = events.collect::<Result<_, _>>()?;
    let mut stored = file.prepare_cached(
        "SELECT number, made_at, latency_ms, reason, answer FROM notification_attempts WHERE notification_id = ?1 \
         ORDER BY number DESC LIMIT ?2",
    )?;
    let attempts = stored.query_map(params![key, limit(ATTEMPTS_SHOWN)], |row| {
        let (number, at, latency_ms) = (row.get(0)?, timestamp(row, 1)?, unsigned(row, 2)?);
        let (reason, answer) = (row.get(3)?, row.get(4)?);
        Ok(NotificationAttempt { number, at, latency_ms, reason, answer })
    })?;
    let mut attempts: Vec<NotificationAttempt> = attempts.collect::<Result<_, _>>()?;
    attempts.reverse();
    Ok(Some(NotificationDetail { notification, subject, text, events, attempts }))
}

pub(super) fn figures(file: &Connection, days: usize) -> rusqlite::Result<Vec<DayOfChannel>> {
    let mut stored = file.prepare_cached(
        "SELECT day, channel, sent, failed, dead FROM channel_figures WHERE day IN \
         (SELECT DISTINCT day FROM channel_figures ORDER BY day DESC LIMIT ?1) ORDER BY day DESC, channel",
    )?;
    let figures = stored.query_map([limit(days)], |row| {
        Ok(DayOfChannel {
            day: row.get(0)?,
            channel: channel(row, 1)?,
            sent: unsigned(row, 2)?,
            failed: unsigned(row, 3)?,
            dead: unsigned(row, 4)?,
        })
    })?;
    figures.collect()
}
