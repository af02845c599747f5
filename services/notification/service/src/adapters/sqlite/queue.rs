//! What is due, what came of attempts, what is sent once more, and what is forgotten.

use std::collections::HashMap;
use std::time::Duration;

use gondola_notification_domain::{
    DeliveryId, DisabledReason, Verdict, WebhookId, has_failed_too_long,
};
use kit_core::Timestamp;
use kit_sqlite::columns::{limit, unsigned, uuid};
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};

use super::rows::moment;
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
    for webhook in enabled(file)? {
        all.extend(due_of(file, &webhook, now, of_each)?);
    }
    Ok(all)
}

/// A webhook that is sent to, as far as sending goes: this is read for each attempt.
struct Enabled {
    id: WebhookId,
    url: String,
}

fn enabled(file: &Connection) -> rusqlite::Result<Vec<Enabled>> {
    let mut stored =
        file.prepare_cached("SELECT id, url FROM webhooks WHERE disabled IS NULL ORDER BY id")?;
    let read =
        |row: &Row<'_>| Ok(Enabled { id: WebhookId::from_uuid(uuid(row, 0)?), url: row.get(1)? });
    stored.query_map([], read)?.collect()
}

fn due_of(
    file: &Connection,
    webhook: &Enabled,
    now: Timestamp,
    of_each: usize,
) -> rusqlite::Result<Vec<DueDelivery>> {
    let Enabled { id: webhook, url } = webhook;
    let key = webhook.as_uuid().into_bytes();
    let mut stored = file.prepare_cached(
        "SELECT id, event_id, payload, tries FROM deliveries \
         WHERE webhook_id = ?1 AND state = 'pending' AND due_at <= ?2 ORDER BY due_at LIMIT ?3",
    )?;
    let read = |row: &Row<'_>| {
        Ok(DueDelivery {
            id: DeliveryId::from_uuid(uuid(row, 0)?),
            webhook: *webhook,
            url: url.clone(),
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
    /// Writes down what came of attempts: of all of them, or of none.
    pub(super) fn record_all(&mut self, all: &[AttemptMade]) -> Result<Vec<()>, WriteError> {
        let commit = self.file.transaction()?;
        let mut failing = HashMap::new();
        for made in all {
            let entry = self.webhooks.iter().find(|entry| entry.webhook.id == made.webhook);
            let Some(entry) = entry else { continue };
            if !write_attempt(&commit, made)? {
                continue;
            }
            let one = failing.entry(made.webhook).or_insert_with(|| Failing::of(entry));
            one.attempted(made);
        }
        let mut is_changed = false;
        for entry in &self.webhooks {
            if let Some(one) = failing.get(&entry.webhook.id) {
                is_changed |= one.write(&commit, entry)?;
            }
        }
        commit.commit()?;
        if is_changed {
            self.reload()?;
        }
        Ok(vec![(); all.len()])
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

/// What attempts say of a webhook as a whole.
struct Failing {
    since: Option<Timestamp>,
    disabled: Option<(DisabledReason, Timestamp)>,
}

impl Failing {
    fn of(entry: &WebhookEntry) -> Self {
        Self { since: entry.failing_since, disabled: None }
    }

    fn attempted(&mut self, made: &AttemptMade) {
        self.since = match made.verdict {
            Verdict::Delivered => None,
            _ => self.since.or(Some(made.at)),
        };
        let too_long = |since| has_failed_too_long(since, made.ended_at);
        let reason = if made.verdict == Verdict::Gone {
            Some(DisabledReason::Gone)
        } else if self.since.is_some_and(too_long) {
            Some(DisabledReason::Failing)
        } else {
            None
        };
        self.disabled = self.disabled.or(reason.map(|reason| (reason, made.ended_at)));
    }

    /// Writes what is new of it; says whether anything is.
    fn write(&self, commit: &Transaction<'_>, entry: &WebhookEntry) -> rusqlite::Result<bool> {
        let is_new = self.since != entry.failing_since;
        if is_new {
            let key = entry.webhook.id.as_uuid().into_bytes();
            let mut update =
                commit.prepare_cached("UPDATE webhooks SET failing_since = ?2 WHERE id = ?1")?;
            update.execute(params![key, self.since.map(Timestamp::as_millis)])?;
        }
        if let Some((reason, at)) = self.disabled {
            disable(commit, entry, reason, at)?;
        }
        Ok(is_new || self.disabled.is_some())
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
    let mut update = commit.prepare_cached(
        "UPDATE deliveries SET state = ?2, due_at = ?3, ended_at = ?4, attempts = attempts + 1, tries = tries + 1 \
         WHERE id = ?1 RETURNING attempts",
    )?;
    let number: Option<u32> =
        update.query_row(params![key, state, due_at, ended_at], |row| row.get(0)).optional()?;
    let Some(number) = number else { return Ok(false) };
    let latency = i64::try_from(made.latency.as_millis()).unwrap_or(i64::MAX);
    let mut insert =
        commit.prepare_cached("INSERT INTO attempts VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
    let (at, AttemptMade { status, error, answer, .. }) = (made.at.as_millis(), made);
    insert.execute(params![key, number, at, latency, status, error, answer])?;
    let is_delivered = made.verdict == Verdict::Delivered;
    let mut count = commit.prepare_cached(
        "INSERT INTO daily_figures VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (webhook_id, day) DO UPDATE SET \
         delivered = delivered + ?3, failed = failed + ?4, dead = dead + ?5",
    )?;
    count.execute(params![
        webhook,
        day(made.ended_at),
        is_delivered,
        !is_delivered,
        state == "dead"
    ])?;
    Ok(true)
}

fn tally(file: &Connection) -> rusqlite::Result<Tally> {
    let count = |state: &str| {
        let count = format!("SELECT count(*) FROM deliveries WHERE state = '{state}'");
        file.query_row(&count, [], |row| unsigned(row, 0))
    };
    let mut oldest_due = None;
    for webhook in enabled(file)? {
        let due = oldest_due_of(file, webhook.id)?;
        oldest_due = [oldest_due, due].into_iter().flatten().min();
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

#[cfg(test)]
mod tests {
    use gondola_notification_domain::{Register, Status, WebhookCommand};
    use kit_core::{Actor, Version};
    use uuid::Uuid;

    use super::*;
    use crate::adapters::sqlite::MIGRATIONS;
    use crate::use_cases::{Wanted, decode_settings};

    fn noon() -> Timestamp {
        Timestamp::from_millis(1_764_288_000_000)
    }

    /// A webhook with this many deliveries that are due.
    fn with_deliveries(count: u128) -> (State, WebhookId) {
        let file = Connection::open_in_memory().unwrap();
        for migration in MIGRATIONS {
            file.execute_batch(migration).unwrap();
        }
        let mut state = State::new(file).unwrap();
        let types = r#"["gondola.inventory.inventory-updated.v1"]"#;
        let settings = decode_settings("https://shop.example/", None, types, None).unwrap();
        let id = WebhookId::from_uuid(Uuid::from_u128(1));
        let command = WebhookCommand::Register(Register { settings, is_enabled: true });
        let actor = Actor::system("test");
        let wanted = Wanted { id, command, expected: None, secret: None, actor, at: noon() };
        state.perform(wanted).unwrap();
        for number in 1..=count {
            let (number, webhook) = (Uuid::from_u128(number), id.as_uuid().into_bytes());
            let insert = "INSERT INTO deliveries VALUES (?1, ?2, ?1, 't', 's', '{}', 0, 'pending', 0, 0, 0, NULL)";
            state.file.execute(insert, params![number.into_bytes(), webhook]).unwrap();
        }
        (state, id)
    }

    fn attempt(webhook: WebhookId, delivery: u128, verdict: Verdict) -> AttemptMade {
        AttemptMade {
            delivery: DeliveryId::from_uuid(Uuid::from_u128(delivery)),
            webhook,
            at: noon(),
            latency: Duration::ZERO,
            status: None,
            error: None,
            answer: None,
            verdict,
            ended_at: noon(),
        }
    }

    #[test]
    fn several_that_say_gone_together_disable_once() {
        let (mut state, id) = with_deliveries(3);
        let all: Vec<AttemptMade> = (1..=3).map(|one| attempt(id, one, Verdict::Gone)).collect();
        state.record_all(&all).unwrap();
        assert_eq!(state.webhooks[0].version, Version::new(2));
        assert_eq!(state.webhooks[0].webhook.status, Status::Disabled(DisabledReason::Gone));
        assert_eq!(tally(&state.file).unwrap().dead, 3);
    }

    #[test]
    fn the_last_of_those_that_are_written_together_says_whether_a_webhook_fails() {
        let (mut state, id) = with_deliveries(2);
        let retry = || attempt(id, 1, Verdict::Retry(Duration::from_secs(5)));
        state.record_all(&[retry(), attempt(id, 2, Verdict::Delivered)]).unwrap();
        assert_eq!(state.webhooks[0].failing_since, None);
        state.record_all(&[attempt(id, 2, Verdict::Delivered), retry()]).unwrap();
        assert_eq!(state.webhooks[0].failing_since, Some(noon()));
        assert_eq!(tally(&state.file).unwrap().pending, 1);
    }

    #[test]
    fn what_is_no_more_keeps_nothing_from_being_written() {
        let (mut state, id) = with_deliveries(1);
        let other = WebhookId::from_uuid(Uuid::from_u128(2));
        let all = [(other, 1), (id, 9), (id, 1)]
            .map(|(webhook, delivery)| attempt(webhook, delivery, Verdict::Delivered));
        assert_eq!(state.record_all(&all).unwrap().len(), 3);
        assert_eq!(tally(&state.file).unwrap().pending, 0);
    }
}
