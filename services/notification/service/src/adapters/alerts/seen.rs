//! What was seen as the rules take it: crossings, and the alerts that they open and resolve.

use gondola_notification_domain::AlertId;
use gondola_notification_domain::alerts::{
    Alert, AlertCommand, AlertEvent, AlertState, Measured, Observation, Reaction, Resolution,
    Resolve, Watch, decide, detail, evolve,
};
use kit_core::{Actor, Position, Scope, Timestamp};
use kit_event_store::LogMark;
use kit_event_store::parking::{ParkedStream, ParkingChange};
use kit_event_store::projection::ProjectionError;
use kit_sqlite::columns::{number, position};
use kit_sqlite::{parked_streams, set_parking};
use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use uuid::Uuid;

use super::change::{Cause, Journal, opening};
use super::rows::alert_within;
use super::state::{ALERTS, State, save_place};
use super::{swept, unwritable};
use crate::adapters::sqlite::unreadable;
use crate::use_cases::alerts::RuleEntry;

/// A place that nothing is written with is kept in memory for so many positions: a log in which nothing crosses does not
/// write for each event, and a start looks at no more than these again.
const UNSAVED_MAX: u64 = 10_000;

/// An observation with the event that it is of.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) observation: Observation,
    /// When it happened in the shop.
    pub(super) at: Timestamp,
    pub(super) correlation: Uuid,
}

impl State {
    /// Begins to look at a log: where it was, or at its end where the log is another one.
    pub(super) fn begin_log(&mut self, end: LogMark) -> Result<Vec<ParkedStream>, ProjectionError> {
        let read = |row: &Row<'_>| {
            let incarnation: String = row.get(0)?;
            let incarnation = incarnation.parse().map_err(|_| unreadable(0, incarnation))?;
            Ok(LogMark { incarnation, position: position(row, 1)? })
        };
        let known = "SELECT incarnation, position FROM followed_log";
        let known = self.file.query_row(known, [], read).optional();
        let known = known.map_err(|error| unwritable(&error))?;
        let is_same = match known {
            Some(mark) => mark.belongs_to(end, "alerts")?,
            None => false,
        };
        let at = known.filter(|_| is_same).unwrap_or(end).position;
        (self.applied, self.saved) = (at, at);
        if !is_same {
            self.begin_anew(end).map_err(|error| unwritable(&error))?;
        }
        parked_streams(&self.file).map_err(|error| unwritable(&error))
    }

    fn begin_anew(&mut self, end: LogMark) -> rusqlite::Result<()> {
        let commit = self.file.transaction()?;
        commit.execute("DELETE FROM parked_streams", [])?;
        commit.execute("DELETE FROM transits", [])?;
        commit.execute(
            "INSERT OR REPLACE INTO followed_log VALUES (1, ?1, ?2)",
            params![end.incarnation.to_string(), number(end.position.get())],
        )?;
        commit.commit()
    }

    /// Takes what was seen in events up to one: alerts, their events, checkpoint and parked streams together.
    pub(super) fn take(
        &mut self,
        seen: &[Seen],
        last: Position,
        parking: &ParkingChange,
    ) -> rusqlite::Result<()> {
        let applied = self.applied.max(last);
        let is_far = applied.get().saturating_sub(self.saved.get()) >= UNSAVED_MAX;
        let mut is_changed = is_far || parking.changed().next().is_some();
        let commit = self.file.transaction()?;
        let mut journal = Journal::new(&commit, self.incarnation, &*self.ids);
        for Seen { observation, at, correlation } in seen {
            let actor = Actor::system(ALERTS);
            let cause = Cause { actor, correlation: *correlation, at: *at };
            is_changed |= swept::note_transit(&commit, observation, *at)?;
            is_changed |= evaluate(&commit, &mut journal, &self.rules, observation, &cause)?;
        }
        if is_changed {
            set_parking(&commit, parking)?;
            save_place(&commit, applied)?;
            commit.commit()?;
            self.saved = applied;
        }
        // not before: what could not be written is looked at once more
        self.applied = applied;
        Ok(())
    }

    /// Takes what no log tells.
    pub(super) fn observe(&mut self, seen: &Observation, at: Timestamp) -> rusqlite::Result<()> {
        let commit = self.file.transaction()?;
        let mut journal = Journal::new(&commit, self.incarnation, &*self.ids);
        let correlation = self.ids.next_id(at);
        let cause = Cause { actor: Actor::system(ALERTS), correlation, at };
        if evaluate(&commit, &mut journal, &self.rules, seen, &cause)? {
            save_place(&commit, self.applied)?;
            commit.commit()?;
            self.saved = self.applied;
        }
        Ok(())
    }
}

/// Has all rules look at something. Says whether anything has changed.
pub(super) fn evaluate(
    commit: &Transaction<'_>,
    journal: &mut Journal<'_>,
    rules: &[RuleEntry],
    seen: &Observation,
    cause: &Cause,
) -> rusqlite::Result<bool> {
    let mut is_changed = false;
    for RuleEntry { rule, .. } in rules {
        let Some(measured) = rule.measure(seen) else { continue };
        let kind = rule.settings.trigger.kind();
        let key = (rule.id.as_uuid().into_bytes(), measured.subject.key());
        let before = watch(commit, &key)?;
        let mut after = before;
        let new = || AlertId::from_uuid(journal.new_id(cause.at));
        let reaction = after.observe(kind, measured.side, new);
        if after == before {
            continue;
        }
        is_changed = true;
        match reaction {
            Some(Reaction::Open(id)) => {
                let detail = detail(kind, &measured, seen);
                let Measured { subject, quantity, threshold, .. } = measured;
                let alert = Alert {
                    id,
                    rule: rule.id,
                    kind,
                    severity: rule.settings.severity,
                    subject,
                    quantity,
                    threshold,
                    detail,
                    opened_at: cause.at,
                    state: AlertState::Open,
                    resolution: None,
                    note: None,
                };
                journal.happened(opening(alert), &AlertEvent::Opened, cause)?;
            }
            Some(resolve) => react(commit, journal, resolve, Resolution::Recovered, cause)?,
            None => {}
        }
        keep(commit, &key, after)?;
    }
    Ok(is_changed)
}

/// Resolves an alert, if that is the reaction and it is not resolved yet.
pub(super) fn react(
    commit: &Transaction<'_>,
    journal: &mut Journal<'_>,
    reaction: Reaction,
    resolution: Resolution,
    cause: &Cause,
) -> rusqlite::Result<()> {
    let Reaction::Resolve(id) = reaction else { return Ok(()) };
    let Some(before) = alert_within(commit, id, &Scope::All)? else { return Ok(()) };
    let command = AlertCommand::Resolve(Resolve { resolution, note: None });
    if let Ok(Some(event)) = decide(&before.alert, command) {
        let mut after = before;
        after.alert = evolve(after.alert, &event);
        journal.happened(after, &event, cause)?;
    }
    Ok(())
}

/// Forgets that an alert is not resolved; whether its quantity is beyond the threshold stays.
pub(super) fn forget_alert(commit: &Transaction<'_>, alert: &Alert) -> rusqlite::Result<()> {
    let key = (alert.rule.as_uuid().into_bytes(), alert.subject.key());
    let mut after = watch(commit, &key)?;
    after.resolved();
    keep(commit, &key, after)
}

/// A rule and a subject.
type Key = ([u8; 16], Vec<u8>);

fn watch(commit: &Transaction<'_>, (rule, subject): &Key) -> rusqlite::Result<Watch> {
    let mut stored = commit.prepare_cached(
        "SELECT beyond, alert_id FROM watches WHERE rule_id = ?1 AND subject = ?2",
    )?;
    let read = |row: &Row<'_>| {
        let alert: Option<[u8; 16]> = row.get(1)?;
        let alert = alert.map(|bytes| AlertId::from_uuid(Uuid::from_bytes(bytes)));
        Ok(Watch { is_beyond: row.get(0)?, alert })
    };
    Ok(stored.query_row(params![rule, subject], read).optional()?.unwrap_or_default())
}

fn keep(commit: &Transaction<'_>, (rule, subject): &Key, watch: Watch) -> rusqlite::Result<()> {
    if watch.is_usual() {
        let forget = "DELETE FROM watches WHERE rule_id = ?1 AND subject = ?2";
        commit.prepare_cached(forget)?.execute(params![rule, subject])?;
        return Ok(());
    }
    let alert = watch.alert.map(|alert| alert.as_uuid().into_bytes());
    let keep = "INSERT OR REPLACE INTO watches VALUES (?1, ?2, ?3, ?4)";
    commit.prepare_cached(keep)?.execute(params![rule, subject, watch.is_beyond, alert])?;
    Ok(())
}
