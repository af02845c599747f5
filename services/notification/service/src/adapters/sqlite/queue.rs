//! What is due, what came of attempts, what is sent once more, and what is forgotten.

use std::time::Duration;

use gondola_notification_domain::{
    DeliveryId, DisabledReason, Status, Verdict, WebhookId, has_failed_too_long,
};
use kit_core::Timestamp;
use kit_sqlite::columns::{limit, unsigned, uuid};
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};

use super::rows::{all_webhooks, moment};
use super::state::{State, disable};
use crate::use_cases::{AttemptMade, DueDelivery, Replay, Secret, Tally, WebhookEntry, WriteError};

/// How long a delivery is kept that has ended.
pub(super) const KEPT: Duration = Duration::from_hours(30 * 24);

/// How long daily figures are kept.
pub(super) const FIGURES_KEPT: Duration = Duration::from_hours(400 * 24);

/// Deliveries that are forgotten at once; the others the next time.
pub(super) const FORGOTTEN_MAX: usize = 1_000;

/// What is due of each enabled webhook.
pub(super) fn due(
    file: &Connection,
    now: Timestamp,
    of_each: usize,
) -> rusqlite::Result<Vec<DueDelivery>> {
    let mut all = Vec::new();
    for entry in all_webhooks(file)? {
        if entry.webhook.status == Status::Enabled {
            all.extend(due_of(file, &entry, now, of_each)?);
        }
    }
    Ok(all)
}

fn due_of(
    file: &Connection,
    entry: &WebhookEntry,
    now: Timestamp,
    of_each: usize,
) -> rusqlite::Result<Vec<DueDelivery>> {
    let webhook = entry.webhook.id;
    let key = webhook.as_uuid().into_bytes();
    let mut stored = file.prepare_cached(
        "SELECT id, event_id, payload, tries FROM deliveries \
         WHERE webhook_id = ?1 AND state = 'pending' AND due_at <= ?2 ORDER BY due_at LIMIT ?3",
    )?;
    let read = |row: &Row<'_>| {
        Ok(DueDelivery {
            id: DeliveryId::from_uuid(uuid(row, 0)?),
            webhook,
            url: entry.webhook.settings.url.to_string(),
            event_id: uuid(row, 1)?,
            payload: row.get(2)?,
            tries: row.get(3)?,
            secrets: Vec::new(),
        })
    };
    let due = stored.query_map(params![key, now.as_millis(), limit(of_each)], read)?;
    let mut due: Vec<DueDelivery> = due.collect::<Result<_, _>>()?;
    if due.is_empty() {
        return Ok(due);
    }
    let mut stored = file.prepare_cached(
        "SELECT secret FROM secrets WHERE webhook_id = ?1 AND (valid_until IS NULL OR valid_until > ?2) \
         ORDER BY version DESC",
    )?;
    let secrets = stored.query_map(params![key, now.as_millis()], |row| row.get(0))?;
    let secrets: Vec<Secret> =
        secrets.map(|one| one.map(Secret::kept)).collect::<Result<_, _>>()?;
    for delivery in &mut due {
        delivery.secrets.clone_from(&secrets);
    }
    Ok(due)
}

impl State {
    pub(super) fn record(&mut self, made: &AttemptMade) -> Result<(), WriteError> {
        let Some(entry) = self.webhooks.iter().find(|entry| entry.webhook.id == made.webhook)
        else {
            return Ok(());
        };
        let commit = self.file.transaction()?;
        if !write_attempt(&commit, made)? {
            return Ok(());
        }
        let failing_since = match made.verdict {
            Verdict::Delivered => None,
            _ => entry.failing_since.or(Some(made.at)),
        };
        if failing_since != entry.failing_since {
            commit.execute(
                "UPDATE webhooks SET failing_since = ?2 WHERE id = ?1",
                params![
                    made.webhook.as_uuid().into_bytes(),
                    failing_since.map(Timestamp::as_millis)
                ],
            )?;
        }
        let is_failing =
            failing_since.is_some_and(|since| has_failed_too_long(since, made.ended_at));
        if made.verdict == Verdict::Gone {
            disable(&commit, entry, DisabledReason::Gone, made.ended_at)?;
        } else if is_failing {
            disable(&commit, entry, DisabledReason::Failing, made.ended_at)?;
        }
        commit.commit()?;
        Ok(self.reload()?)
    }

    pub(super) fn replay(&self, which: &Replay, now: Timestamp) -> Result<usize, WriteError> {
        let again = "UPDATE deliveries SET state = 'pending', due_at = ?1, tries = 0, ended_at = NULL \
             WHERE state <> 'pending' AND webhook_id = ?2 AND id";
        let now = now.as_millis();
        Ok(match which {
            Replay::One(webhook, delivery) => {
                let (webhook, delivery) = (webhook.as_uuid(), delivery.as_uuid());
                let one = params![now, webhook.into_bytes(), delivery.into_bytes()];
                self.file.execute(&format!("{again} = ?3"), one)?
            }
            Replay::Range { webhook, state, since, until, limit: most } => {
                let range = params![
                    now,
                    webhook.as_uuid().into_bytes(),
                    state.as_str(),
                    since.as_millis(),
                    until.as_millis(),
                    limit(*most)
                ];
                let of_range = format!(
                    "{again} IN (SELECT id FROM deliveries WHERE webhook_id = ?2 AND state = ?3 \
                     AND created_at >= ?4 AND created_at < ?5 ORDER BY id LIMIT ?6)"
                );
                self.file.execute(&of_range, range)?
            }
        })
    }

    pub(super) fn tidy(&mut self, now: Timestamp) -> Result<Tally, WriteError> {
        let commit = self.file.transaction()?;
        let old = "SELECT id FROM deliveries WHERE ended_at < ?1 ORDER BY ended_at LIMIT ?2";
        let ended = params![ago(now, KEPT).as_millis(), limit(FORGOTTEN_MAX)];
        commit.execute(&format!("DELETE FROM attempts WHERE delivery_id IN ({old})"), ended)?;
        commit.execute(&format!("DELETE FROM deliveries WHERE id IN ({old})"), ended)?;
        commit
            .execute("DELETE FROM daily_figures WHERE day < ?1", [day(ago(now, FIGURES_KEPT))])?;
        let expired = "DELETE FROM secrets WHERE valid_until <= ?1";
        let is_expired = commit.execute(expired, [now.as_millis()])? > 0;
        let tally = tally(&commit)?;
        commit.commit()?;
        if is_expired {
            self.reload()?;
        }
        Ok(tally)
    }
}

/// Writes an attempt, what becomes of its delivery, and the day's figures; false when the delivery is no more.
fn write_attempt(commit: &Transaction<'_>, made: &AttemptMade) -> rusqlite::Result<bool> {
    let (key, webhook) =
        (made.delivery.as_uuid().into_bytes(), made.webhook.as_uuid().into_bytes());
    let (state, due_at) = match made.verdict {
        Verdict::Delivered => ("delivered", None),
        Verdict::Dead | Verdict::Gone => ("dead", None),
        Verdict::Retry(pause) => ("pending", Some(made.ended_at.after(pause).as_millis())),
    };
    let ended_at = due_at.is_none().then_some(made.ended_at.as_millis());
    let number: Option<u32> = commit
        .query_row(
            "UPDATE deliveries SET state = ?2, due_at = ?3, ended_at = ?4, attempts = attempts + 1, tries = tries + 1 \
             WHERE id = ?1 RETURNING attempts",
            params![key, state, due_at, ended_at],
            |row| row.get(0),
        )
        .optional()?;
    let Some(number) = number else { return Ok(false) };
    let latency = i64::try_from(made.latency.as_millis()).unwrap_or(i64::MAX);
    commit.execute(
        "INSERT INTO attempts VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![key, number, made.at.as_millis(), latency, made.status, made.error, made.answer],
    )?;
    let is_delivered = made.verdict == Verdict::Delivered;
    commit.execute(
        "INSERT INTO daily_figures VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (webhook_id, day) DO UPDATE SET \
         delivered = delivered + ?3, failed = failed + ?4, dead = dead + ?5",
        params![webhook, day(made.ended_at), is_delivered, !is_delivered, state == "dead"],
    )?;
    Ok(true)
}

fn tally(file: &Connection) -> rusqlite::Result<Tally> {
    let count = |state: &str| {
        let count = format!("SELECT count(*) FROM deliveries WHERE state = '{state}'");
        file.query_row(&count, [], |row| unsigned(row, 0))
    };
    let mut oldest_due = None;
    for entry in all_webhooks(file)? {
        if entry.webhook.status == Status::Enabled {
            let due = oldest_due_of(file, entry.webhook.id)?;
            oldest_due = [oldest_due, due].into_iter().flatten().min();
        }
    }
    Ok(Tally { pending: count("pending")?, dead: count("dead")?, oldest_due })
}

fn oldest_due_of(file: &Connection, webhook: WebhookId) -> rusqlite::Result<Option<Timestamp>> {
    let oldest = "SELECT min(due_at) FROM deliveries WHERE webhook_id = ?1 AND state = 'pending'";
    file.query_row(oldest, [webhook.as_uuid().into_bytes()], |row| moment(row, 0))
}

/// The day of a moment, UTC.
pub(super) fn day(moment: Timestamp) -> String {
    moment.to_string().chars().take("2026-11-28".len()).collect()
}

/// The moment so long before another one.
pub(super) fn ago(now: Timestamp, kept: Duration) -> Timestamp {
    let millis = i64::try_from(kept.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millis(now.as_millis().saturating_sub(millis))
}
