//! How far each log is told, and what its follower takes from it.

use std::collections::{HashMap, HashSet};

use gondola_notification_domain::{DisabledReason, WebhookId};
use kit_core::{IdSource, Position, StreamId, Timestamp};
use kit_event_store::LogMark;
use kit_event_store::parking::ParkedStream;
use kit_event_store::projection::ProjectionError;
use kit_sqlite::columns::{number, position, version};
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};

use super::rows::unreadable;
use super::state::{State, disable};
use super::subscriptions::{Collected, insert_all};
use super::unwritable;
use crate::use_cases::News;

/// A place that no delivery comes with is kept in memory for so many positions: a log that nobody wants much of does not
/// write for each event, and a start reads no more than these again.
const UNSAVED_MAX: u64 = 10_000;

/// Deliveries that may wait for one webhook; one with more is disabled.
pub(super) const PENDING_MAX: i64 = 100_000;

/// How far a log is told.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// Up to where.
    pub(super) applied: Position,
    /// Up to where the file says so.
    pub(super) saved: Position,
}

/// What a follower takes from a log.
#[derive(Debug)]
pub(crate) struct Taken {
    /// The follower.
    pub(crate) log: &'static str,
    /// The position of the last event.
    pub(crate) last: Position,
    /// What there is to tell, in order.
    pub(crate) news: Vec<News>,
    /// The streams whose parking has changed.
    pub(crate) parked: Vec<ParkedStream>,
    pub(crate) now: Timestamp,
}

impl State {
    pub(super) fn begin_log(
        &mut self,
        name: &'static str,
        end: LogMark,
    ) -> Result<Vec<ParkedStream>, ProjectionError> {
        let known = known_mark(&self.file, name).map_err(|error| unwritable(&error))?;
        let is_same = match known {
            Some(mark) => mark.belongs_to(end, "the deliveries of webhooks")?,
            None => false,
        };
        let at = known.filter(|_| is_same).unwrap_or(end).position;
        self.places.insert(name, Place { applied: at, saved: at });
        let begin = |file: &mut Connection| {
            if !is_same {
                let begin = file.transaction()?;
                begin.execute("DELETE FROM parked_streams WHERE log = ?1", [name])?;
                begin.execute(
                    "INSERT OR REPLACE INTO followed_logs VALUES (?1, ?2, ?3)",
                    params![name, end.incarnation.to_string(), number(at.get())],
                )?;
                begin.commit()?;
            }
            parked_streams(file, name)
        };
        begin(&mut self.file).map_err(|error| unwritable(&error))
    }

    pub(super) fn checkpoint(
        &mut self,
        name: &'static str,
        event_types: &[&str],
        end: Position,
    ) -> Position {
        let by_webhooks = self.enabled().map(|webhook| &webhook.settings.event_types);
        let subscriptions = self.subscriptions.iter();
        let by_people = subscriptions.map(|entry| &entry.subscription.settings.event_types);
        let is_wanted = by_webhooks
            .chain(by_people)
            .any(|types| event_types.iter().any(|one| types.contains(one)));
        if let Some(place) = self.places.get_mut(name)
            && !is_wanted
        {
            place.applied = place.applied.max(end);
        }
        self.applied(name)
    }

    pub(super) fn take(&mut self, taken: &Taken, ids: &dyn IdSource) -> rusqlite::Result<bool> {
        let Taken { log, last, news, parked, now } = taken;
        let applied = self.applied(log).max(*last);
        let saved = self.places.get(log).map_or(Position::ZERO, |place| place.saved);
        let wanted = self.wanted(news);
        let collected = Collected::of(&self.subscriptions, news);
        let is_told = !wanted.is_empty() || !collected.is_empty();
        let is_far = applied.get().saturating_sub(saved.get()) >= UNSAVED_MAX;
        if !is_told && parked.is_empty() && !is_far {
            self.places.insert(log, Place { applied, saved });
            return Ok(false);
        }
        let commit = self.file.transaction()?;
        for (webhook, one) in &wanted {
            insert(&commit, *webhook, one, *now, ids)?;
        }
        insert_all(&commit, &collected, *now, ids)?;
        let mut is_disabled = false;
        let told: HashSet<WebhookId> = wanted.iter().map(|(webhook, _)| *webhook).collect();
        for entry in self.webhooks.iter().filter(|entry| told.contains(&entry.webhook.id)) {
            if pending(&commit, entry.webhook.id)? > PENDING_MAX {
                disable(&commit, entry, DisabledReason::Backlog, *now)?;
                is_disabled = true;
            }
        }
        for one in parked {
            park(&commit, log, one)?;
        }
        let mut places = self.places.clone();
        places.insert(log, Place { applied, saved });
        save_places(&commit, &places)?;
        commit.commit()?;
        // not before: what could not be written is read once more
        self.places = places;
        self.saved();
        if is_disabled {
            self.reload()?;
        }
        Ok(is_told)
    }

    /// Who wants what, in the order of the news.
    fn wanted<'n>(&self, news: &'n [News]) -> Vec<(WebhookId, &'n News)> {
        let mut wanted = Vec::new();
        for one in news {
            let who = self.enabled().filter(|hook| hook.settings.wants(&one.event_type, one.store));
            wanted.extend(who.map(|webhook| (webhook.id, one)));
        }
        wanted
    }

    pub(super) fn release(&self, log: &str, stream: &StreamId) -> rusqlite::Result<()> {
        let forget = "DELETE FROM parked_streams WHERE log = ?1 AND stream = ?2";
        self.file.execute(forget, params![log, stream.as_str()])?;
        Ok(())
    }
}

/// Makes a delivery, due at once. An event that a webhook has is not told it a second time.
pub(super) fn insert(
    commit: &Transaction<'_>,
    webhook: WebhookId,
    news: &News,
    now: Timestamp,
    ids: &dyn IdSource,
) -> rusqlite::Result<()> {
    let mut insert = commit.prepare_cached(
        "INSERT OR IGNORE INTO deliveries VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'pending', ?7, 0, 0, NULL)",
    )?;
    insert.execute(params![
        ids.next_id(now).into_bytes(),
        webhook.as_uuid().into_bytes(),
        news.event_id.into_bytes(),
        &*news.event_type,
        &*news.subject,
        &*news.payload,
        now.as_millis(),
    ])?;
    Ok(())
}

/// How many deliveries wait for a webhook; more than may be are not counted on.
pub(super) fn pending(commit: &Transaction<'_>, webhook: WebhookId) -> rusqlite::Result<i64> {
    let mut count = commit.prepare_cached(
        "SELECT count(*) FROM (SELECT 1 FROM deliveries WHERE webhook_id = ?1 AND state = 'pending' LIMIT ?2)",
    )?;
    count.query_row(params![webhook.as_uuid().into_bytes(), PENDING_MAX + 1], |row| row.get(0))
}

/// Writes the places of all logs.
pub(super) fn save_places(
    commit: &Transaction<'_>,
    places: &HashMap<&'static str, Place>,
) -> rusqlite::Result<()> {
    let mut save =
        commit.prepare_cached("UPDATE followed_logs SET position = ?2 WHERE name = ?1")?;
    for (name, place) in places {
        save.execute(params![name, number(place.applied.get())])?;
    }
    Ok(())
}

fn known_mark(file: &Connection, name: &str) -> rusqlite::Result<Option<LogMark>> {
    let known = "SELECT incarnation, position FROM followed_logs WHERE name = ?1";
    let read = |row: &Row<'_>| {
        let incarnation: String = row.get(0)?;
        let incarnation = incarnation.parse().map_err(|_| unreadable(0, incarnation))?;
        Ok(LogMark { incarnation, position: position(row, 1)? })
    };
    file.query_row(known, [name], read).optional()
}

fn parked_streams(file: &Connection, log: &str) -> rusqlite::Result<Vec<ParkedStream>> {
    let mut stored = file
        .prepare("SELECT stream, applied, position, reason FROM parked_streams WHERE log = ?1")?;
    let streams = stored.query_map([log], |row| {
        let name: String = row.get(0)?;
        let stream = StreamId::new(name).map_err(|error| unreadable(0, error.to_string()))?;
        let (applied, position) = (version(row, 1)?, position(row, 2)?);
        Ok(ParkedStream { stream, applied, position, reason: row.get(3)? })
    })?;
    streams.collect()
}

fn park(commit: &Transaction<'_>, log: &str, parked: &ParkedStream) -> rusqlite::Result<()> {
    let ParkedStream { stream, applied, position, reason } = parked;
    let (applied, position) = (number(applied.get()), number(position.get()));
    commit.execute(
        "INSERT OR REPLACE INTO parked_streams VALUES (?1, ?2, ?3, ?4, ?5)",
        params![log, stream.as_str(), applied, position, reason],
    )?;
    Ok(())
}
