//! Alerts and rules on the wire.

use gondola_notification_domain::alerts::{
    Note, Resolution, RuleKind, RuleSettings, Severity, Subject, Trigger,
};
use gondola_notification_domain::{StoreId, stores};
use kit_core::Timestamp;
use kit_http::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::words::{AlertRuleKind, AlertSeverity, AlertStateWord};
use crate::use_cases::alerts::{AlertEntry, Handled, RuleEntry};

/// What a rule is to watch, and how bad its alerts are.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct AlertRuleSettings {
    /// What it watches; a rule keeps it.
    kind: AlertRuleKind,
    /// From where on it alerts, in the unit of its kind; the usual one of the kind, where this is left out.
    #[schema(maximum = 1_000_000_000)]
    threshold: Option<u64>,
    /// How far a quantity must come back beyond the threshold before an alert is resolved by itself: with a threshold of 10
    /// and 5 here, low stock is over above 15. Between them an alert neither opens nor ends.
    #[serde(default)]
    #[schema(maximum = 1_000_000_000)]
    hysteresis: u64,
    /// Only what is of these stores is watched; everything, where this is left out.
    #[schema(min_items = 1, max_items = 2000)]
    store_ids: Option<Vec<Uuid>>,
    /// How bad its alerts are; as is usual for the kind, where this is left out.
    severity: Option<AlertSeverity>,
    /// Whether it alerts. One that is disabled resolves its alerts.
    #[serde(default = "enabled")]
    #[schema(default = true)]
    enabled: bool,
}

const fn enabled() -> bool {
    true
}

impl AlertRuleSettings {
    pub(super) fn parse(self) -> Result<RuleSettings, Problem> {
        let kind = RuleKind::from(self.kind);
        let trigger = Trigger::new(kind, self.threshold, self.hysteresis).map_err(|error| {
            use gondola_notification_domain::alerts::InvalidTrigger::{Hysteresis, Threshold};
            let field = match error {
                Threshold { .. } => "threshold",
                Hysteresis { .. } => "hysteresis",
            };
            Problem::invalid(field, error.to_string())
        })?;
        let named = self.store_ids.map(|ids| stores(ids.into_iter().map(StoreId::from_uuid)));
        let invalid = |_| {
            let told = "an alert rule names 1 to 2000 stores; leave storeIds out for all of them";
            Problem::invalid("storeIds", told)
        };
        Ok(RuleSettings {
            trigger,
            stores: named.transpose().map_err(invalid)?,
            severity: self.severity.map_or_else(|| kind.usual_severity(), Severity::from),
            is_enabled: self.enabled,
        })
    }
}

/// A rule of alerts.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AlertRuleBody {
    /// Which.
    rule_id: Uuid,
    /// What it watches.
    kind: AlertRuleKind,
    /// From where on it alerts; absent where each stock level has its own, the reorder point.
    #[serde(skip_serializing_if = "Option::is_none")]
    threshold: Option<u64>,
    /// How far a quantity must come back beyond the threshold before an alert is resolved by itself.
    hysteresis: u64,
    /// Only what is of these stores is watched; everything, where this is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    store_ids: Option<Vec<Uuid>>,
    /// How bad its alerts are.
    severity: AlertSeverity,
    /// Whether it alerts.
    enabled: bool,
    /// How often it was decided about; also its `ETag`.
    version: u64,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// By whom.
    updated_by: String,
}

impl From<RuleEntry> for AlertRuleBody {
    fn from(entry: RuleEntry) -> Self {
        let RuleEntry { rule, version, created_at, updated } = entry;
        let stores = rule.settings.stores;
        Self {
            rule_id: rule.id.as_uuid(),
            kind: rule.settings.trigger.kind().into(),
            threshold: rule.settings.trigger.threshold(),
            hysteresis: rule.settings.trigger.hysteresis(),
            store_ids: stores.map(|stores| stores.iter().map(StoreId::as_uuid).collect()),
            severity: rule.settings.severity.into(),
            enabled: rule.settings.is_enabled,
            version: version.get(),
            created_at,
            updated_at: updated.at,
            updated_by: updated.by,
        }
    }
}

/// The rules.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AlertRules {
    /// All of them, the oldest first; at most 100.
    pub(super) items: Vec<AlertRuleBody>,
}

/// An alert.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AlertBody {
    /// Which.
    alert_id: Uuid,
    /// The rule that it is of.
    rule_id: Uuid,
    /// That rule's kind.
    rule: AlertRuleKind,
    /// How bad it is.
    severity: AlertSeverity,
    /// How it stands.
    state: AlertStateWord,
    /// The store that it is about, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    store_id: Option<Uuid>,
    /// The product that it is about, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    product_id: Option<Uuid>,
    /// The saga that it is about, such as a transfer, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    saga_id: Option<Uuid>,
    /// The view that it is about, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    view: Option<String>,
    /// What was measured when it opened, in the unit of the kind.
    quantity: u64,
    /// The threshold that held then.
    threshold: u64,
    /// A sentence about it.
    detail: String,
    /// When it opened.
    #[schema(value_type = String, format = DateTime)]
    opened_at: Timestamp,
    /// When it was acknowledged, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    acknowledged_at: Option<Timestamp>,
    /// By whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    acknowledged_by: Option<String>,
    /// When it was resolved, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    resolved_at: Option<Timestamp>,
    /// By whom; `system:alerts` when it was over by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    resolved_by: Option<String>,
    /// Why it is resolved: `recovered`, `operator`, `rule-ended` or `expired`.
    #[serde(skip_serializing_if = "Option::is_none")]
    resolution: Option<&'static str>,
    /// What was said about it last.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// How many events it has had.
    version: u64,
}

impl From<AlertEntry> for AlertBody {
    fn from(entry: AlertEntry) -> Self {
        let AlertEntry { alert, version, acknowledged, resolved } = entry;
        let (saga_id, view) = match &alert.subject {
            Subject::Saga(saga, _) => (Some(*saga), None),
            Subject::View(name) => (None, Some(name.to_string())),
            _ => (None, None),
        };
        let taken_apart = |handled: Option<Handled>| match handled {
            Some(Handled { at, by }) => (Some(at), Some(by)),
            None => (None, None),
        };
        let (acknowledged_at, acknowledged_by) = taken_apart(acknowledged);
        let (resolved_at, resolved_by) = taken_apart(resolved);
        Self {
            alert_id: alert.id.as_uuid(),
            rule_id: alert.rule.as_uuid(),
            rule: alert.kind.into(),
            severity: alert.severity.into(),
            state: alert.state.into(),
            store_id: alert.subject.store().map(|store| store.as_uuid()),
            product_id: alert.subject.product().map(|product| product.as_uuid()),
            saga_id,
            view,
            quantity: alert.quantity,
            threshold: alert.threshold,
            detail: alert.detail,
            opened_at: alert.opened_at,
            acknowledged_at,
            acknowledged_by,
            resolved_at,
            resolved_by,
            resolution: alert.resolution.map(Resolution::as_str),
            note: alert.note.map(|note| note.as_str().to_owned()),
            version: version.get(),
        }
    }
}

/// What is said about an alert.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct AlertNote {
    /// Text for people.
    #[schema(max_length = 500)]
    note: Option<String>,
}

impl AlertNote {
    pub(super) fn parse(&self) -> Result<Option<Note>, Problem> {
        let note = self.note.as_deref().map(Note::new).transpose();
        note.map_err(|error| Problem::invalid("note", error.to_string()))
    }
}
