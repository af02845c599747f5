//! Rules as they are decided about.

use gondola_notification_domain::alerts::{Reaction, Resolution, Rule};
use gondola_notification_domain::{AlertId, AlertRuleId, StoreId};
use kit_core::{Actor, Timestamp, Version};
use kit_sqlite::columns::{number, uuid};
use rusqlite::{Transaction, params};
use serde_json::json;

use super::change::{Cause, Journal};
use super::rows::all_rules;
use super::seen::react;
use super::state::{State, save_place};
use crate::use_cases::alerts::{ALERT_RULES_MAX, AlertError, RuleEntry, RuleWanted};

impl State {
    /// Makes, changes or removes a rule, with what that means for its alerts.
    pub(super) fn decide_rule(
        &mut self,
        wanted: RuleWanted,
    ) -> Result<Option<RuleEntry>, AlertError> {
        let RuleWanted { id, settings, is_new, expected, actor, at } = wanted;
        let present = self.rules.iter().find(|entry| entry.rule.id == id);
        if present.is_none() && !is_new {
            return Err(AlertError::UnknownRule(id));
        }
        if is_new && let Some(present) = present {
            // made by the same request, which came twice at once
            return Ok(Some(present.clone()));
        }
        if is_new && self.rules.len() >= ALERT_RULES_MAX {
            return Err(AlertError::TooMany { most: ALERT_RULES_MAX });
        }
        let version = present.map_or(Version::ZERO, |entry| entry.version);
        if let Some(expected) = expected
            && expected != version
        {
            return Err(AlertError::Changed { expected, actual: version });
        }
        if let (Some(present), Some(settings)) = (present, &settings) {
            let (kind, wanted) = (present.rule.settings.trigger.kind(), settings.trigger.kind());
            if kind != wanted {
                return Err(AlertError::OtherKind { kind });
            }
            if present.rule.settings == *settings {
                return Ok(Some(present.clone()));
            }
        }
        let commit = self.file.transaction()?;
        let cause = Cause { correlation: self.ids.next_id(at), actor: actor.clone(), at };
        let mut journal = Journal::new(&commit, self.incarnation, &*self.ids);
        if settings.as_ref().is_none_or(|settings| !settings.is_enabled) {
            end_all(&commit, &mut journal, id, &cause)?;
        }
        if let Some(settings) = settings {
            write(&commit, &Rule { id, settings }, version.next(), &actor, at)?;
        } else {
            commit.execute("DELETE FROM rules WHERE id = ?1", [id.as_uuid().into_bytes()])?;
        }
        save_place(&commit, self.applied)?;
        commit.commit()?;
        self.saved = self.applied;
        tracing::info!(rule = %id, actor = %actor, "alert_rule_decided");
        self.rules = all_rules(&self.file)?;
        Ok(self.rules.iter().find(|entry| entry.rule.id == id).cloned())
    }
}

/// Resolves what is not resolved of a rule, and forgets what it watches: it begins anew if it goes on.
fn end_all(
    commit: &Transaction<'_>,
    journal: &mut Journal<'_>,
    rule: AlertRuleId,
    cause: &Cause,
) -> Result<(), AlertError> {
    let key = rule.as_uuid().into_bytes();
    let mut stored = commit
        .prepare("SELECT alert_id FROM watches WHERE rule_id = ?1 AND alert_id IS NOT NULL")?;
    let alerts = stored.query_map([key], |row| uuid(row, 0))?.collect::<Result<Vec<_>, _>>()?;
    for alert in alerts {
        let reaction = Reaction::Resolve(AlertId::from_uuid(alert));
        react(commit, journal, reaction, Resolution::RuleEnded, cause)?;
    }
    commit.execute("DELETE FROM watches WHERE rule_id = ?1", [key])?;
    Ok(())
}

/// Writes a rule.
pub(super) fn write(
    commit: &Transaction<'_>,
    rule: &Rule,
    version: Version,
    actor: &Actor,
    at: Timestamp,
) -> rusqlite::Result<()> {
    let settings = &rule.settings;
    let stores = settings.stores.as_ref().map(|stores| {
        let ids: Vec<_> = stores.iter().map(StoreId::as_uuid).collect();
        json!(ids).to_string()
    });
    commit.execute(
        "INSERT INTO rules VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10) \
         ON CONFLICT (id) DO UPDATE SET version = ?2, threshold = ?4, hysteresis = ?5, stores = ?6, severity = ?7, \
         enabled = ?8, updated_at = ?9, updated_by = ?10",
        params![
            rule.id.as_uuid().into_bytes(),
            number(version.get()),
            settings.trigger.kind().as_str(),
            settings.trigger.threshold().map(number),
            number(settings.trigger.hysteresis()),
            stores,
            settings.severity.as_str(),
            settings.is_enabled,
            at.as_millis(),
            actor.as_str(),
        ],
    )?;
    Ok(())
}
