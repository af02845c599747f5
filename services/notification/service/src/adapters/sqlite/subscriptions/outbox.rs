//! Notifications that are due, what came of attempts, what is sent once more, and what is forgotten.

use std::sync::Arc;

use gondola_notification_domain::{Channel, NotificationId, Verdict};
use kit_core::Timestamp;
use kit_sqlite::columns::{limit, unsigned, uuid};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::rows::{SUBSCRIPTION, severity, subscription};
use crate::adapters::sqlite::queue::{FIGURES_KEPT, FORGOTTEN_MAX, KEPT, ago, day};
use crate::adapters::sqlite::rows::moment;
use crate::use_cases::subscriptions::{
    DueNotification, Notice, NotificationAttemptMade, NotificationReplay, NotificationTally,
};

/// Whether there is anything to send.
pub(super) fn is_any_due(file: &Connection, now: Timestamp) -> rusqlite::Result<bool> {
    let any = "SELECT 1 FROM notifications WHERE state = 'pending' AND due_at <= ?1";
    file.prepare_cached(any)?.exists([now.as_millis()])
}

/// What is due of each channel, the longest due first. No event joins any of these from now on.
pub(super) fn take_due(
    file: &mut Connection,
    now: Timestamp,
    of_each: usize,
) -> rusqlite::Result<Vec<DueNotification>> {
    let commit = file.transaction()?;
    let close = "UPDATE notifications SET is_open = 0 WHERE state = 'pending' AND due_at <= ?1 AND is_open = 1";
    commit.execute(close, [now.as_millis()])?;
    let mut all = Vec::new();
    for channel in Channel::ALL {
        all.extend(due_by(&commit, channel, now, of_each)?);
    }
    commit.commit()?;
    Ok(all)
}

fn due_by(
    file: &Connection,
    channel: Channel,
    now: Timestamp,
    of_each: usize,
) -> rusqlite::Result<Vec<DueNotification>> {
    let mut stored = file.prepare_cached(
        "SELECT n.id, n.subscription_id, n.severity, n.tries FROM notifications n \
         JOIN subscriptions s ON s.id = n.subscription_id \
         WHERE n.state = 'pending' AND n.due_at <= ?1 AND s.channel = ?2 ORDER BY n.due_at LIMIT ?3",
    )?;
    let wanted = params![now.as_millis(), channel.as_str(), limit(of_each)];
    let rows = stored.query_map(wanted, |row| {
        Ok((uuid(row, 0)?, uuid(row, 1)?, severity(row, 2)?, row.get(3)?))
    })?;
    let mut due = Vec::new();
    for row in rows {
        let (id, owner, severity, tries) = row?;
        let mut owner_row = file.prepare_cached(&format!("{SUBSCRIPTION} WHERE id = ?1"))?;
        let entry = owner_row.query_row([owner.into_bytes()], subscription)?;
        let notices = notices(file, id.into_bytes())?;
        let id = NotificationId::from_uuid(id);
        let subscription = entry.subscription;
        due.push(DueNotification { id, subscription, severity, tries, notices });
    }
    Ok(due)
}

fn notices(file: &Connection, notification: [u8; 16]) -> rusqlite::Result<Vec<Notice>> {
    let mut stored = file.prepare_cached(
        "SELECT event_id, event_type, severity, payload FROM notification_events WHERE notification_id = ?1 ORDER BY number",
    )?;
    let notice = |row: &Row<'_>| {
        let (event_type, payload): (Arc<str>, Arc<str>) = (row.get(1)?, row.get(3)?);
        Ok(Notice { event_id: uuid(row, 0)?, event_type, severity: severity(row, 2)?, payload })
    };
    stored.query_map([notification], notice)?.collect()
}

/// Writes an attempt, what becomes of its notification, and the day's figures.
pub(super) fn record(
    file: &mut Connection,
    made: &NotificationAttemptMade,
) -> rusqlite::Result<()> {
    let state = match made.verdict {
        Verdict::Delivered => "sent",
        Verdict::Dead | Verdict::Gone => "dead",
        Verdict::Retry(_) => "pending",
    };
    let due_at = made.due_at.map(Timestamp::as_millis);
    let ended_at = due_at.is_none().then_some(made.ended_at.as_millis());
    let key = made.notification.as_uuid().into_bytes();
    let (subject, text) = made.said.as_ref().map(|(subject, text)| (subject, text)).unzip();
    let commit = file.transaction()?;
    let number: Option<u32> = commit
        .query_row(
            "UPDATE notifications SET state = ?2, due_at = ?3, ended_at = ?4, attempts = attempts + 1, tries = tries + 1, \
             reason = ?5, subject = coalesce(?6, subject), text = coalesce(?7, text) WHERE id = ?1 RETURNING attempts",
            params![key, state, due_at, ended_at, made.reason, subject, text],
            |row| row.get(0),
        )
        .optional()?;
    // it was forgotten with its subscription meanwhile
    let Some(number) = number else { return Ok(()) };
    let latency = i64::try_from(made.latency.as_millis()).unwrap_or(i64::MAX);
    commit.execute(
        "INSERT INTO notification_attempts VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![key, number, made.at.as_millis(), latency, made.reason, made.answer],
    )?;
    let is_sent = made.verdict == Verdict::Delivered;
    commit.execute(
        "INSERT INTO channel_figures VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (day, channel) DO UPDATE SET \
         sent = sent + ?3, failed = failed + ?4, dead = dead + ?5",
        params![day(made.ended_at), made.channel.as_str(), is_sent, !is_sent, state == "dead"],
    )?;
    commit.commit()
}

/// Makes notifications that have ended due once more, with all attempts before them.
pub(super) fn replay(
    file: &Connection,
    which: NotificationReplay,
    now: Timestamp,
) -> rusqlite::Result<usize> {
    let again = "UPDATE notifications SET state = 'pending', due_at = ?1, tries = 0, ended_at = NULL \
         WHERE state <> 'pending' AND id";
    let now = now.as_millis();
    match which {
        NotificationReplay::One(id) => {
            file.execute(&format!("{again} = ?2"), params![now, id.as_uuid().into_bytes()])
        }
        NotificationReplay::Dead { subscription, since, until, limit: most } => {
            let of_time = format!(
                "{again} IN (SELECT id FROM notifications WHERE state = 'dead' AND (?2 IS NULL OR subscription_id = ?2) \
                 AND created_at >= ?3 AND created_at < ?4 ORDER BY id LIMIT ?5)"
            );
            let owner = subscription.map(|id| id.as_uuid().into_bytes());
            let (since, until) = (since.as_millis(), until.as_millis());
            file.execute(&of_time, params![now, owner, since, until, limit(most)])
        }
    }
}

/// Forgets what is older than it is kept, and counts the rest.
pub(super) fn tidy(file: &mut Connection, now: Timestamp) -> rusqlite::Result<NotificationTally> {
    let commit = file.transaction()?;
    let old = "SELECT id FROM notifications WHERE ended_at < ?1 ORDER BY ended_at LIMIT ?2";
    for (table, key) in [
        ("notification_attempts", "notification_id"),
        ("notification_events", "notification_id"),
        ("notifications", "id"),
    ] {
        commit.execute(
            &format!("DELETE FROM {table} WHERE {key} IN ({old})"),
            params![ago(now, KEPT).as_millis(), limit(FORGOTTEN_MAX)],
        )?;
    }
    commit.execute("DELETE FROM channel_figures WHERE day < ?1", [day(ago(now, FIGURES_KEPT))])?;
    let count = |state: &str| {
        let count = format!("SELECT count(*) FROM notifications WHERE state = '{state}'");
        commit.query_row(&count, [], |row| unsigned(row, 0))
    };
    let (pending, dead) = (count("pending")?, count("dead")?);
    let oldest = "SELECT min(due_at) FROM notifications WHERE state = 'pending' AND due_at <= ?1";
    let oldest_due = commit.query_row(oldest, [now.as_millis()], |row| moment(row, 0))?;
    commit.commit()?;
    Ok(NotificationTally { pending, dead, oldest_due })
}
