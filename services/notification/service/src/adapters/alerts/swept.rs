//! What changes with time alone: transfers in transit, alerts of what was, alerts of long ago.

use std::time::Duration;

use gondola_notification_domain::alerts::{Observation, Reaction, Resolution, RuleKind, Severity};
use gondola_notification_domain::{AlertId, StoreId};
use kit_core::{Actor, Timestamp};
use kit_sqlite::columns::{timestamp, unsigned, uuid};
use rusqlite::{Connection, Row, Transaction, params};
use uuid::Uuid;

use super::change::{Cause, Journal};
use super::rows::alert_within;
use super::seen::{evaluate, forget_alert, react};
use super::state::{ALERTS, State, save_place};
use crate::adapters::sqlite::unreadable;
use crate::use_cases::alerts::AlertTally;

/// How long an alert of something that was is unresolved at most.
const MOMENTARY_KEPT: Duration = Duration::from_hours(7 * 24);

/// How long a resolved alert is kept.
const RESOLVED_KEPT: Duration = Duration::from_hours(90 * 24);

/// Most alerts that one sweep resolves, and most that it forgets.
const SWEPT_MAX: u32 = 1_000;

impl State {
    pub(super) fn sweep(&mut self, now: Timestamp) -> rusqlite::Result<Vec<AlertTally>> {
        let overdue = overdue(&self.file, self.shortest_transit(), now)?;
        let commit = self.file.transaction()?;
        let mut journal = Journal::new(&commit, self.incarnation, &*self.ids);
        let correlation = self.ids.next_id(now);
        let cause = Cause { actor: Actor::system(ALERTS), correlation, at: now };
        let mut is_changed = false;
        for seen in &overdue {
            is_changed |= evaluate(&commit, &mut journal, &self.rules, seen, &cause)?;
        }
        is_changed |= expire(&commit, &mut journal, &cause)?;
        is_changed |= forget(&commit, now)?;
        if is_changed {
            save_place(&commit, self.applied)?;
            commit.commit()?;
            self.saved = self.applied;
        } else {
            drop(commit);
        }
        tallies(&self.file)
    }

    /// The lowest threshold of the rules that look at transfers; nothing is overdue where there is none.
    fn shortest_transit(&self) -> Option<Duration> {
        let rules = self.rules.iter().map(|entry| &entry.rule.settings);
        let of_transit = rules.filter(|settings| {
            settings.is_enabled && settings.trigger.kind() == RuleKind::TransferOverdue
        });
        let least = of_transit.filter_map(|settings| settings.trigger.threshold()).min()?;
        Some(Duration::from_hours(least))
    }
}

/// Notes that a transfer is in transit or no more. Says whether that is new.
pub(super) fn note_transit(
    commit: &Transaction<'_>,
    seen: &Observation,
    at: Timestamp,
) -> rusqlite::Result<bool> {
    let changed = match seen {
        Observation::InTransit { transfer, destination } => {
            // the first departure counts
            let note = "INSERT OR IGNORE INTO transits VALUES (?1, ?2, ?3)";
            let (key, destination) = (transfer.into_bytes(), destination.to_string());
            commit.prepare_cached(note)?.execute(params![key, destination, at.as_millis()])?
        }
        Observation::Transit { transfer, .. } => {
            let forget = "DELETE FROM transits WHERE transfer_id = ?1";
            commit.prepare_cached(forget)?.execute([transfer.into_bytes()])?
        }
        _ => 0,
    };
    Ok(changed > 0)
}

/// The transfers that have been in transit for so long, as they are now.
fn overdue(
    file: &Connection,
    least: Option<Duration>,
    now: Timestamp,
) -> rusqlite::Result<Vec<Observation>> {
    let Some(least) = least else { return Ok(Vec::new()) };
    let until =
        now.as_millis().saturating_sub(i64::try_from(least.as_millis()).unwrap_or(i64::MAX));
    let mut stored = file.prepare_cached("SELECT * FROM transits WHERE since <= ?1")?;
    let read = |row: &Row<'_>| {
        let text: String = row.get(1)?;
        let destination: Uuid = text.parse().map_err(|_| unreadable(1, text))?;
        let hours = now.since(timestamp(row, 2)?).as_secs() / 3_600;
        let destination = StoreId::from_uuid(destination);
        Ok(Observation::Transit { transfer: uuid(row, 0)?, destination, hours })
    };
    stored.query_map([until], read)?.collect()
}

/// Resolves alerts of what was, once they have had their days.
fn expire(
    commit: &Transaction<'_>,
    journal: &mut Journal<'_>,
    cause: &Cause,
) -> rusqlite::Result<bool> {
    let mut is_changed = false;
    for kind in RuleKind::ALL.into_iter().filter(|kind| kind.is_momentary()) {
        let mut stored = commit.prepare_cached(
            "SELECT id FROM alerts WHERE state <> 'resolved' AND kind = ?1 AND opened_at < ?2 LIMIT ?3",
        )?;
        let before = older(cause.at, MOMENTARY_KEPT);
        let wanted = params![kind.as_str(), before, SWEPT_MAX];
        let ids = stored.query_map(wanted, |row| uuid(row, 0))?.collect::<Result<Vec<_>, _>>()?;
        for id in ids.into_iter().map(AlertId::from_uuid) {
            react(commit, journal, Reaction::Resolve(id), Resolution::Expired, cause)?;
            if let Some(entry) = alert_within(commit, id, &kit_core::Scope::All)? {
                forget_alert(commit, &entry.alert)?;
            }
            is_changed = true;
        }
    }
    Ok(is_changed)
}

/// Forgets alerts that were resolved long ago, with what happened to them.
fn forget(commit: &Transaction<'_>, now: Timestamp) -> rusqlite::Result<bool> {
    let mut stored =
        commit.prepare_cached("SELECT id FROM alerts WHERE resolved_at < ?1 LIMIT ?2")?;
    let wanted = params![older(now, RESOLVED_KEPT), SWEPT_MAX];
    let ids = stored.query_map(wanted, |row| uuid(row, 0))?.collect::<Result<Vec<_>, _>>()?;
    for id in &ids {
        let key = id.into_bytes();
        commit.prepare_cached("DELETE FROM alert_events WHERE alert_id = ?1")?.execute([key])?;
        commit.prepare_cached("DELETE FROM alerts WHERE id = ?1")?.execute([key])?;
    }
    Ok(!ids.is_empty())
}

fn older(now: Timestamp, kept: Duration) -> i64 {
    now.as_millis().saturating_sub(i64::try_from(kept.as_millis()).unwrap_or(i64::MAX))
}

fn tallies(file: &Connection) -> rusqlite::Result<Vec<AlertTally>> {
    let mut stored = file.prepare_cached(
        "SELECT kind, severity, count(*) FROM alerts WHERE state IN ('open', 'acknowledged') GROUP BY kind, severity",
    )?;
    let read = |row: &Row<'_>| {
        let (kind, severity): (String, String) = (row.get(0)?, row.get(1)?);
        let kind = RuleKind::parse(&kind).ok_or_else(|| unreadable(0, kind))?;
        let severity = Severity::parse(&severity).ok_or_else(|| unreadable(1, severity))?;
        Ok(AlertTally { kind, severity, count: unsigned(row, 2)? })
    };
    stored.query_map([], read)?.collect()
}
