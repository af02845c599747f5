//! Integration events of the notification context: alerts.

use kit_core::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// An alert as it is after the event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AlertChangedEvent {
    /// Which alert.
    pub alert_id: Uuid,
    /// The rule that it is of.
    pub rule_id: Uuid,
    /// That rule's kind, such as `low-stock`; a reader may not know the word.
    pub rule: String,
    /// How bad it is.
    pub severity: AlertSeverity,
    /// The store that it is about, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store_id: Option<Uuid>,
    /// The product that it is about, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_id: Option<Uuid>,
    /// The saga that it is about, such as a transfer, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saga_id: Option<Uuid>,
    /// The view that it is about, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub view: Option<String>,
    /// What was measured when it opened: units, percent, hours or times, as the rule has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<u64>,
    /// The threshold that held then, in the same unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<u64>,
    /// When it opened.
    #[schema(value_type = String, format = DateTime)]
    pub opened_at: Timestamp,
    /// A sentence about it, in English.
    pub detail: String,
    /// Why it is resolved, such as `recovered` or `operator`, once it is; a reader may not know the word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution: Option<String>,
    /// What was said when it was acknowledged or resolved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Who did what the event tells of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// How many events the alert has had; of two states the one with the higher version is newer.
    pub version: u64,
}

/// How bad what an alert tells of is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AlertSeverity {
    /// Good to know.
    Info,
    /// Somebody should look at it today.
    Warning,
    /// Somebody should look at it now.
    Critical,
}
