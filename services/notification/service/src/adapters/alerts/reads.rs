//! Alerts and rules as they are shown.

use std::sync::Arc;

use async_trait::async_trait;
use gondola_notification_domain::alerts::{AlertState, RuleKind, Severity};
use gondola_notification_domain::{AlertId, AlertRuleId};
use kit_core::Scope;
use kit_service::{ReadError, Slice};
use kit_sqlite::columns::limit;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::SqliteAlerts;
use super::rows::{ALERT, RULE, alert, alert_within, all_rules, rule, stores_of};
use crate::use_cases::alerts::{AlertEntry, AlertQuery, AlertReadModel, RuleEntry};

#[async_trait]
impl AlertReadModel for SqliteAlerts {
    async fn alerts(&self, query: AlertQuery) -> Result<Slice<AlertEntry, AlertId>, ReadError> {
        let most = query.limit;
        let read = move |file: &Connection| listed(file, &query);
        let rows = Arc::clone(&self.reads).read(read).await?;
        Ok(Slice::cut(rows, most, |last: &AlertEntry| last.alert.id))
    }

    async fn alert(&self, id: AlertId, scope: &Scope) -> Result<Option<AlertEntry>, ReadError> {
        let scope = scope.clone();
        let read = move |file: &Connection| alert_within(file, id, &scope);
        Ok(Arc::clone(&self.reads).read(read).await?)
    }

    async fn rules(&self) -> Result<Vec<RuleEntry>, ReadError> {
        Ok(Arc::clone(&self.reads).read(all_rules).await?)
    }

    async fn rule(&self, id: AlertRuleId) -> Result<Option<RuleEntry>, ReadError> {
        let key = id.as_uuid().into_bytes();
        let read = move |file: &Connection| {
            let mut stored = file.prepare_cached(&format!("{RULE} WHERE id = ?1"))?;
            stored.query_row([key], rule).optional()
        };
        Ok(Arc::clone(&self.reads).read(read).await?)
    }
}

fn listed(file: &Connection, query: &AlertQuery) -> rusqlite::Result<Vec<AlertEntry>> {
    let mut stored = file.prepare_cached(&format!(
        "{ALERT} WHERE id < ?1 AND (?2 IS NULL OR store_id = ?2) AND (?3 IS NULL OR severity = ?3) \
         AND (?4 IS NULL OR state = ?4) AND (?5 IS NULL OR kind = ?5) \
         AND (?6 IS NULL OR store_id IN (SELECT value FROM json_each(?6))) ORDER BY id DESC LIMIT ?7"
    ))?;
    let wanted = params![
        query.before.map_or([0xff; 16], |before| before.as_uuid().into_bytes()),
        query.store.map(|store| store.to_string()),
        query.severity.map(Severity::as_str),
        query.state.map(AlertState::as_str),
        query.kind.map(RuleKind::as_str),
        stores_of(&query.scope),
        limit(query.limit + 1),
    ];
    stored.query_map(wanted, alert)?.collect()
}
