//! Rows of alerts and rules as values.

use gondola_notification_domain::alerts::{
    Alert, AlertState, Note, Resolution, Rule, RuleKind, RuleSettings, Severity, Subject, Trigger,
};
use gondola_notification_domain::{AlertId, AlertRuleId, ProductId, StoreId};
use kit_core::Scope;
use kit_sqlite::columns::{timestamp, unsigned, uuid, version};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde_json::json;
use uuid::Uuid;

use crate::adapters::sqlite::{moment, unreadable};
use crate::use_cases::alerts::{AlertEntry, Handled, RuleEntry};

/// The columns of an alert, as [`alert`] reads them.
pub(super) const ALERT: &str = "SELECT id, version, rule_id, kind, severity, subject, store_id, product_id, other_id, view, \
     quantity, threshold, detail, opened_at, state, resolution, note, acknowledged_at, acknowledged_by, resolved_at, \
     resolved_by FROM alerts";

/// The columns of a rule, as [`rule`] reads them.
pub(super) const RULE: &str = "SELECT id, version, kind, threshold, hysteresis, stores, severity, enabled, created_at, \
     updated_at, updated_by FROM rules";

/// The stores of a scope as the queries take them: JSON, or nothing where all is within it.
pub(super) fn stores_of(scope: &Scope) -> Option<String> {
    scope.owners().map(|stores| json!(stores).to_string())
}

/// All rules, in the order in which they look.
pub(super) fn all_rules(file: &Connection) -> rusqlite::Result<Vec<RuleEntry>> {
    let mut stored = file.prepare_cached(&format!("{RULE} ORDER BY id"))?;
    stored.query_map([], rule)?.collect()
}

/// An alert, if it is within a scope.
pub(super) fn alert_within(
    file: &Connection,
    id: AlertId,
    scope: &Scope,
) -> rusqlite::Result<Option<AlertEntry>> {
    let mut stored = file.prepare_cached(&format!(
        "{ALERT} WHERE id = ?1 AND (?2 IS NULL OR store_id IN (SELECT value FROM json_each(?2)))"
    ))?;
    stored.query_row(params![id.as_uuid().into_bytes(), stores_of(scope)], alert).optional()
}

pub(super) fn alert(row: &Row<'_>) -> rusqlite::Result<AlertEntry> {
    let text = |column: usize| row.get::<_, Option<String>>(column);
    let note = text(16)?.map(|text| Note::new(&text)).transpose();
    let alert = Alert {
        id: AlertId::from_uuid(uuid(row, 0)?),
        rule: AlertRuleId::from_uuid(uuid(row, 2)?),
        kind: word(row, 3, RuleKind::parse)?,
        severity: word(row, 4, Severity::parse)?,
        subject: subject(row)?,
        quantity: unsigned(row, 10)?,
        threshold: unsigned(row, 11)?,
        detail: row.get(12)?,
        opened_at: timestamp(row, 13)?,
        state: word(row, 14, AlertState::parse)?,
        resolution: match text(15)? {
            Some(_) => Some(word(row, 15, Resolution::parse)?),
            None => None,
        },
        note: note.map_err(|error| unreadable(16, error.to_string()))?,
    };
    let (acknowledged, resolved) = (handled(row, 17)?, handled(row, 19)?);
    Ok(AlertEntry { alert, version: version(row, 1)?, acknowledged, resolved })
}

fn subject(row: &Row<'_>) -> rusqlite::Result<Subject> {
    let key: Vec<u8> = row.get(5)?;
    let store = || match row.get::<_, Option<String>>(6)? {
        Some(text) => text.parse().map_err(|_| unreadable(6, text)).map(Some),
        None => Ok(None),
    };
    let owner = || store()?.map(StoreId::from_uuid).ok_or_else(|| unreadable(6, "no store".into()));
    let product = || uuid(row, 7).map(ProductId::from_uuid);
    Ok(match key.first() {
        Some(b'L') => Subject::Level(owner()?, product()?),
        Some(b'A') => Subject::Adjustment(owner()?, product()?, uuid(row, 8)?),
        Some(b'S') => Subject::Store(owner()?),
        Some(b'P') => Subject::Saga(uuid(row, 8)?, store()?.map(StoreId::from_uuid)),
        Some(b'V') => Subject::View(row.get::<_, String>(9)?.into()),
        _ => return Err(unreadable(5, "a subject of no kind".to_owned())),
    })
}

pub(super) fn rule(row: &Row<'_>) -> rusqlite::Result<RuleEntry> {
    let kind = word(row, 2, RuleKind::parse)?;
    let threshold = row.get::<_, Option<i64>>(3)?.map(|_| unsigned(row, 3)).transpose()?;
    let trigger = Trigger::new(kind, threshold, unsigned(row, 4)?);
    let stores = row.get::<_, Option<String>>(5)?.map(|json| {
        let ids: Vec<Uuid> = serde_json::from_str(&json).map_err(|error| error.to_string())?;
        Ok(ids.into_iter().map(StoreId::from_uuid).collect())
    });
    let settings = RuleSettings {
        trigger: trigger.map_err(|error| unreadable(3, error.to_string()))?,
        stores: stores.transpose().map_err(|why: String| unreadable(5, why))?,
        severity: word(row, 6, Severity::parse)?,
        is_enabled: row.get(7)?,
    };
    let rule = Rule { id: AlertRuleId::from_uuid(uuid(row, 0)?), settings };
    let updated = Handled { at: timestamp(row, 9)?, by: row.get(10)? };
    Ok(RuleEntry { rule, version: version(row, 1)?, created_at: timestamp(row, 8)?, updated })
}

fn handled(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Handled>> {
    let Some(at) = moment(row, column)? else { return Ok(None) };
    Ok(Some(Handled { at, by: row.get(column + 1)? }))
}

fn word<T>(row: &Row<'_>, column: usize, parse: fn(&str) -> Option<T>) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    parse(&text).ok_or_else(|| unreadable(column, format!("the word {text:?}")))
}
