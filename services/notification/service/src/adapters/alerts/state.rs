//! What the one writer has: the file, the rules, and up to where the log was seen.

use std::sync::Arc;

use gondola_notification_domain::AlertRuleId;
use gondola_notification_domain::alerts::{AlertEvent, decide};
use gondola_notification_domain::alerts::{Rule, RuleKind, RuleSettings, evolve};
use kit_core::{Actor, IdSource, Position, Timestamp, Version};
use kit_event_store::Incarnation;
use kit_sqlite::columns::number;
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use super::change::{Cause, Journal};
use super::rows::{alert_within, all_rules};
use super::rules;
use super::seen::forget_alert;
use crate::use_cases::alerts::{AlertEntry, AlertError, AlertWanted, RuleEntry};

/// Who opens alerts, and resolves those that are over.
pub(super) const ALERTS: &str = "system:alerts";

/// The state.
pub(crate) struct State {
    pub(super) file: Connection,
    /// All rules, as the file has them.
    pub(super) rules: Vec<RuleEntry>,
    /// Which log the events of alerts are.
    pub(super) incarnation: Incarnation,
    /// Up to where the log was seen.
    pub(super) applied: Position,
    /// Up to where the file says so.
    pub(super) saved: Position,
    pub(super) ids: Arc<dyn IdSource>,
}

impl State {
    pub(super) fn new(
        mut file: Connection,
        ids: Arc<dyn IdSource>,
        now: Timestamp,
    ) -> rusqlite::Result<Self> {
        let known = file
            .query_row("SELECT incarnation FROM journal", [], |row| row.get::<_, String>(0))
            .optional()?;
        let known = known.and_then(|text| text.parse().ok());
        let incarnation = match known {
            Some(known) => known,
            None => begin(&mut file, &*ids, now)?,
        };
        let rules = all_rules(&file)?;
        let (applied, saved) = (Position::ZERO, Position::ZERO);
        Ok(Self { file, rules, incarnation, applied, saved, ids })
    }

    /// Carries out what is wanted of an alert that the caller may see.
    pub(super) fn perform(&mut self, wanted: AlertWanted) -> Result<AlertEntry, AlertError> {
        let AlertWanted { id, command, caller, at } = wanted;
        let commit = self.file.transaction()?;
        let before = alert_within(&commit, id, &caller.scope)?;
        let before = before.ok_or(AlertError::UnknownAlert(id))?;
        let Some(event) = decide(&before.alert, command)? else { return Ok(before) };
        let cause = Cause { actor: caller.actor, correlation: caller.correlation_id, at };
        let mut journal = Journal::new(&commit, self.incarnation, &*self.ids);
        let after = AlertEntry { alert: evolve(before.alert.clone(), &event), ..before };
        let after = journal.happened(after, &event, &cause)?;
        if matches!(event, AlertEvent::Resolved { .. }) {
            forget_alert(&commit, &after.alert)?;
        }
        save_place(&commit, self.applied)?;
        commit.commit()?;
        self.saved = self.applied;
        Ok(after)
    }
}

/// Notes up to where the log was seen: nothing from before a change is looked at once more after it.
pub(super) fn save_place(commit: &Transaction<'_>, applied: Position) -> rusqlite::Result<()> {
    let mut save = commit
        .prepare_cached("UPDATE followed_log SET position = max(position, ?1) WHERE id = 1")?;
    save.execute([number(applied.get())])?;
    Ok(())
}

/// A new file: events of its own, and the usual rules.
fn begin(
    file: &mut Connection,
    ids: &dyn IdSource,
    now: Timestamp,
) -> rusqlite::Result<Incarnation> {
    let incarnation = Incarnation::new(ids.next_id(now));
    let commit = file.transaction()?;
    commit.execute("INSERT INTO journal VALUES (1, ?1, 0)", params![incarnation.to_string()])?;
    for kind in RuleKind::ALL {
        let id = AlertRuleId::from_uuid(ids.next_id(now));
        let rule = Rule { id, settings: RuleSettings::usual(kind) };
        let (version, actor) = (Version::new(1), Actor::system(ALERTS));
        rules::write(&commit, &rule, version, &actor, now)?;
    }
    commit.commit()?;
    Ok(incarnation)
}
