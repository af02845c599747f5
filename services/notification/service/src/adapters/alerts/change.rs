//! What happens to an alert as it is written: its row, and its event as webhooks are told of it.

use gondola_contracts::{AlertChangedEvent, AlertSeverity, CloudEvent, IntegrationEvent};
use gondola_notification_domain::alerts::{Alert, AlertEvent, Note, Resolution, Severity, Subject};
use kit_core::{Actor, IdSource, Timestamp, Version};
use kit_event_store::Incarnation;
use kit_sqlite::columns::{number, position};
use rusqlite::{Transaction, params};
use uuid::Uuid;

use crate::use_cases::alerts::{AlertEntry, Handled};

/// By what something happens.
#[derive(Clone, Debug)]
pub(super) struct Cause {
    pub(super) actor: Actor,
    /// Of the request or event that led to it.
    pub(super) correlation: Uuid,
    /// When.
    pub(super) at: Timestamp,
}

/// Writes what happens to alerts, within a transaction.
pub(super) struct Journal<'t> {
    commit: &'t Transaction<'t>,
    incarnation: Incarnation,
    ids: &'t dyn IdSource,
}

impl<'t> Journal<'t> {
    pub(super) fn new(
        commit: &'t Transaction<'_>,
        incarnation: Incarnation,
        ids: &'t dyn IdSource,
    ) -> Self {
        Self { commit, incarnation, ids }
    }

    /// An id for something that happens then.
    pub(super) fn new_id(&self, at: Timestamp) -> Uuid {
        self.ids.next_id(at)
    }

    /// Writes an event with the alert that it has led to; the answer is the alert as it is kept.
    pub(super) fn happened(
        &mut self,
        mut entry: AlertEntry,
        event: &AlertEvent,
        cause: &Cause,
    ) -> rusqlite::Result<AlertEntry> {
        entry.version = entry.version.next();
        let handled = || Some(Handled { at: cause.at, by: cause.actor.as_str().to_owned() });
        match event {
            AlertEvent::Opened => {}
            AlertEvent::Acknowledged { .. } => entry.acknowledged = handled(),
            AlertEvent::Resolved { .. } => entry.resolved = handled(),
        }
        write_row(self.commit, &entry)?;
        self.write_event(&entry, event, cause)?;
        let Alert { id, kind, severity, state, .. } = &entry.alert;
        let (rule, severity, state) = (kind.as_str(), severity.as_str(), state.as_str());
        tracing::debug!(alert = %id, rule, severity, state, "alert_changed");
        Ok(entry)
    }

    fn write_event(
        &self,
        entry: &AlertEntry,
        event: &AlertEvent,
        cause: &Cause,
    ) -> rusqlite::Result<()> {
        let mut next = self
            .commit
            .prepare_cached("UPDATE journal SET position = position + 1 RETURNING position")?;
        let position = next.query_row([], |row| position(row, 0))?;
        let told = told(entry, event, &cause.actor);
        let told = CloudEvent {
            id: self.ids.next_id(cause.at),
            time: cause.at,
            incarnation: Some(self.incarnation.as_uuid()),
            position,
            stream_version: entry.version,
            correlation_id: cause.correlation,
            event: told,
        };
        let mut insert = self
            .commit
            .prepare_cached("INSERT INTO alert_events VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?;
        insert.execute(params![
            number(position.get()),
            told.id.into_bytes(),
            entry.alert.id.as_uuid().into_bytes(),
            number(entry.version.get()),
            entry.alert.subject.store().map(|store| store.to_string()),
            told.event.event_type(),
            told.to_json(),
            cause.at.as_millis(),
        ])?;
        Ok(())
    }
}

/// An alert that has just opened, before its first event.
pub(super) const fn opening(alert: Alert) -> AlertEntry {
    AlertEntry { alert, version: Version::ZERO, acknowledged: None, resolved: None }
}

fn told(entry: &AlertEntry, event: &AlertEvent, actor: &Actor) -> IntegrationEvent {
    let alert = &entry.alert;
    let view = match &alert.subject {
        Subject::View(name) => Some(name.to_string()),
        _ => None,
    };
    let saga_id = match &alert.subject {
        Subject::Saga(saga, _) => Some(*saga),
        _ => None,
    };
    let data = AlertChangedEvent {
        alert_id: alert.id.as_uuid(),
        rule_id: alert.rule.as_uuid(),
        rule: alert.kind.as_str().to_owned(),
        severity: match alert.severity {
            Severity::Info => AlertSeverity::Info,
            Severity::Warning => AlertSeverity::Warning,
            Severity::Critical => AlertSeverity::Critical,
        },
        store_id: alert.subject.store().map(|store| store.as_uuid()),
        product_id: alert.subject.product().map(|product| product.as_uuid()),
        saga_id,
        view,
        quantity: Some(alert.quantity),
        threshold: Some(alert.threshold),
        opened_at: alert.opened_at,
        detail: alert.detail.clone(),
        resolution: alert.resolution.map(|why| why.as_str().to_owned()),
        note: alert.note.as_ref().map(|note| note.as_str().to_owned()),
        actor: Some(actor.as_str().to_owned()),
        version: entry.version.get(),
    };
    match event {
        AlertEvent::Opened => IntegrationEvent::AlertOpened(data),
        AlertEvent::Acknowledged { .. } => IntegrationEvent::AlertAcknowledged(data),
        AlertEvent::Resolved { .. } => IntegrationEvent::AlertResolved(data),
    }
}

fn write_row(commit: &Transaction<'_>, entry: &AlertEntry) -> rusqlite::Result<()> {
    let AlertEntry { alert, version, acknowledged, resolved } = entry;
    let (other, view) = match &alert.subject {
        Subject::Saga(id, _) | Subject::Adjustment(_, _, id) => (Some(id.into_bytes()), None),
        Subject::View(name) => (None, Some(&**name)),
        Subject::Level(..) | Subject::Store(_) => (None, None),
    };
    let at = |handled: &Option<Handled>| handled.as_ref().map(|handled| handled.at.as_millis());
    let by = |handled: &Option<Handled>| handled.as_ref().map(|handled| handled.by.clone());
    let mut write = commit.prepare_cached(
        "INSERT INTO alerts VALUES \
         (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21) \
         ON CONFLICT (id) DO UPDATE SET version = ?2, state = ?15, resolution = ?16, note = ?17, \
         acknowledged_at = ?18, acknowledged_by = ?19, resolved_at = ?20, resolved_by = ?21",
    )?;
    write.execute(params![
        alert.id.as_uuid().into_bytes(),
        number(version.get()),
        alert.rule.as_uuid().into_bytes(),
        alert.kind.as_str(),
        alert.severity.as_str(),
        alert.subject.key(),
        alert.subject.store().map(|store| store.to_string()),
        alert.subject.product().map(|product| product.as_uuid().into_bytes()),
        other,
        view,
        number(alert.quantity),
        number(alert.threshold),
        alert.detail,
        alert.opened_at.as_millis(),
        alert.state.as_str(),
        alert.resolution.map(Resolution::as_str),
        alert.note.as_ref().map(Note::as_str),
        at(acknowledged),
        by(acknowledged),
        at(resolved),
        by(resolved),
    ])?;
    Ok(())
}
