//! What comes from a log for subscriptions: a notification of its own for each event, or a place in one that is open.

use std::collections::HashSet;
use std::sync::Arc;

use gondola_notification_domain::{EventType, Severity, Subscription, SubscriptionId};
use kit_core::{IdSource, Timestamp};
use kit_sqlite::columns::uuid;
use rusqlite::{OptionalExtension as _, Transaction, params};
use uuid::Uuid;

use crate::use_cases::News;
use crate::use_cases::subscriptions::{Notice, SubscriptionEntry};

/// Most events of one notification; the next one begins another.
const EVENTS_MAX: u32 = 500;

/// Notifications that may wait for one subscription. One more is dead as it is made: it is listed, and can be replayed.
const PENDING_MAX: i64 = 1_000;

/// Why it is.
const TOO_MANY_WAIT: &str = "1,000 notifications of this subscription waited already: see why none of them is sent, then replay";

/// An event that a subscription wants.
pub(in crate::adapters::sqlite) struct Collected<'s> {
    subscription: &'s Subscription,
    notice: Arc<Notice>,
}

impl<'s> Collected<'s> {
    /// Who wants what, in the order of the news.
    pub(in crate::adapters::sqlite) fn of(
        subscriptions: &'s [SubscriptionEntry],
        news: &[News],
    ) -> Vec<Self> {
        let all = || subscriptions.iter().map(|entry| &entry.subscription);
        let types: HashSet<&str> =
            all().flat_map(|one| one.settings.event_types.iter().map(EventType::as_str)).collect();
        let mut collected = Vec::new();
        // what nobody wants is not read
        for one in news.iter().filter(|one| types.contains(&*one.event_type)) {
            let notice = Arc::new(Notice::of(one));
            let who =
                all().filter(|who| who.settings.wants(&one.event_type, one.store, notice.severity));
            collected
                .extend(who.map(|subscription| Self { subscription, notice: Arc::clone(&notice) }));
        }
        collected
    }
}

/// Writes all that is wanted. An event that a subscription was told is not told it a second time.
pub(in crate::adapters::sqlite) fn insert_all(
    commit: &Transaction<'_>,
    collected: &[Collected<'_>],
    now: Timestamp,
    ids: &dyn IdSource,
) -> rusqlite::Result<()> {
    for Collected { subscription, notice } in collected {
        let Subscription { id, settings } = subscription;
        if is_told(commit, *id, notice.event_id)? {
            continue;
        }
        let due = settings.due(notice.severity, now);
        let open = if due.is_grouped { open(commit, *id)? } else { None };
        if let Some((notification, events)) = open {
            join(commit, notification, notice)?;
            insert_event(commit, *id, notification, (notice, events + 1))?;
        } else {
            let at = (now, due.at, due.is_grouped);
            insert(commit, (*id, ids.next_id(now)), notice, at)?;
        }
    }
    Ok(())
}

/// Writes a notification of one event: when it is made, when it is due, and whether others may join it.
pub(super) fn insert(
    commit: &Transaction<'_>,
    (subscription, notification): (SubscriptionId, Uuid),
    notice: &Notice,
    (now, due_at, is_open): (Timestamp, Timestamp, bool),
) -> rusqlite::Result<()> {
    let is_full = pending(commit, subscription)? >= PENDING_MAX;
    let (state, due_at, ended_at) = if is_full {
        ("dead", None, Some(now.as_millis()))
    } else {
        ("pending", Some(due_at.as_millis()), None)
    };
    let mut insert = commit.prepare_cached(
        "INSERT INTO notifications (id, subscription_id, severity, events, is_open, created_at, state, due_at, attempts, \
         tries, ended_at, reason) VALUES (?1, ?2, ?3, 1, ?4, ?5, ?6, ?7, 0, 0, ?8, ?9)",
    )?;
    insert.execute(params![
        notification.into_bytes(),
        subscription.as_uuid().into_bytes(),
        notice.severity.as_str(),
        is_open && !is_full,
        now.as_millis(),
        state,
        due_at,
        ended_at,
        is_full.then_some(TOO_MANY_WAIT),
    ])?;
    insert_event(commit, subscription, notification, (notice, 1))
}

fn insert_event(
    commit: &Transaction<'_>,
    subscription: SubscriptionId,
    notification: Uuid,
    (notice, number): (&Notice, u32),
) -> rusqlite::Result<()> {
    let mut insert = commit
        .prepare_cached("INSERT INTO notification_events VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
    insert.execute(params![
        subscription.as_uuid().into_bytes(),
        notice.event_id.into_bytes(),
        notification.into_bytes(),
        number,
        &*notice.event_type,
        notice.severity.as_str(),
        &*notice.payload,
    ])?;
    Ok(())
}

fn is_told(
    commit: &Transaction<'_>,
    subscription: SubscriptionId,
    event: Uuid,
) -> rusqlite::Result<bool> {
    let mut told = commit.prepare_cached(
        "SELECT 1 FROM notification_events WHERE subscription_id = ?1 AND event_id = ?2",
    )?;
    told.exists(params![subscription.as_uuid().into_bytes(), event.into_bytes()])
}

/// The notification that events may join, with how many it has.
fn open(
    commit: &Transaction<'_>,
    subscription: SubscriptionId,
) -> rusqlite::Result<Option<(Uuid, u32)>> {
    let mut open = commit.prepare_cached(
        "SELECT id, events FROM notifications WHERE subscription_id = ?1 AND is_open = 1 AND events < ?2 \
         ORDER BY id DESC LIMIT 1",
    )?;
    let key = subscription.as_uuid().into_bytes();
    open.query_row(params![key, EVENTS_MAX], |row| Ok((uuid(row, 0)?, row.get(1)?))).optional()
}

fn join(commit: &Transaction<'_>, notification: Uuid, notice: &Notice) -> rusqlite::Result<()> {
    let mut join = commit.prepare_cached(
        "UPDATE notifications SET events = events + 1, severity = CASE WHEN severity = ?3 THEN ?2 ELSE severity END \
         WHERE id = ?1",
    )?;
    // nothing that is critical joins others: what matters more than the least is all that can be raised to
    let (severity, least) = (notice.severity.as_str(), Severity::Info.as_str());
    join.execute(params![notification.into_bytes(), severity, least])?;
    Ok(())
}

/// How many notifications wait for a subscription; more than may be are not counted on.
fn pending(commit: &Transaction<'_>, subscription: SubscriptionId) -> rusqlite::Result<i64> {
    let mut count = commit.prepare_cached(
        "SELECT count(*) FROM (SELECT 1 FROM notifications WHERE subscription_id = ?1 AND state = 'pending' LIMIT ?2)",
    )?;
    count.query_row(params![subscription.as_uuid().into_bytes(), PENDING_MAX], |row| row.get(0))
}
