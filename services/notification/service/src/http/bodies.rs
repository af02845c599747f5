//! Webhooks on the wire.

use std::time::Duration;

use gondola_contracts::IntegrationEvent;
use gondola_notification_domain::{
    Change, Description, EndpointUrl, EventType, EventTypes, Settings, Status, StoreId, stores,
};
use kit_core::Timestamp;
use kit_http::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::use_cases::{OVERLAP_MAX, OVERLAP_USUAL, Secret, WebhookEntry, Webhooks};

/// Where events are to be sent, and which.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct WebhookSettings {
    /// An address with `https`, reached from the public internet: no user, password or fragment.
    #[schema(max_length = 1024, example = "https://shop.example/hooks/stock")]
    url: String,
    /// What it is for.
    #[schema(max_length = 200)]
    description: Option<String>,
    /// The types of events that are sent, as `asyncapi.json` has them.
    #[schema(min_items = 1, example = json!(["gondola.inventory.inventory-updated.v1"]))]
    event_types: Vec<String>,
    /// Of events about a store only those of these stores are sent; those of all, where this is left out.
    #[schema(min_items = 1, max_items = 2000)]
    store_ids: Option<Vec<Uuid>>,
    /// Whether events are sent.
    #[serde(default = "enabled")]
    #[schema(default = true)]
    enabled: bool,
}

const fn enabled() -> bool {
    true
}

impl WebhookSettings {
    /// The settings, if they are such; the address must be one that may be reached.
    pub(super) fn parse(self, webhooks: &Webhooks) -> Result<Change, Problem> {
        let url = EndpointUrl::new(&self.url)
            .map_err(|error| Problem::invalid("url", error.to_string()))?;
        webhooks.check_url(url.as_str()).map_err(|why| Problem::invalid("url", why))?;
        let description = self.description.as_deref().map(Description::new).transpose();
        let types = self.event_types.iter().map(String::as_str);
        let named = self.store_ids.map(|ids| stores(ids.into_iter().map(StoreId::from_uuid)));
        let settings = Settings {
            url,
            description: description
                .map_err(|error| Problem::invalid("description", error.to_string()))?,
            event_types: EventTypes::among(IntegrationEvent::TYPES, types)
                .map_err(|error| Problem::invalid("eventTypes", error.to_string()))?,
            stores: named
                .transpose()
                .map_err(|error| Problem::invalid("storeIds", error.to_string()))?,
        };
        Ok(Change { settings, is_enabled: self.enabled })
    }
}

/// Whether events are sent to a webhook.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum WebhookStatus {
    /// They are.
    Enabled,
    /// They are not; `disabledReason` says why.
    Disabled,
}

/// A webhook.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct WebhookBody {
    /// Which.
    webhook_id: Uuid,
    /// Where events are sent.
    url: String,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// The types of events that are sent.
    event_types: Vec<&'static str>,
    /// Of events about a store only those of these stores are sent; those of all, where this is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    store_ids: Option<Vec<Uuid>>,
    /// Whether events are sent.
    status: WebhookStatus,
    /// Why not: `operator`, `gone` (it answered 410), `failing` (for five days) or `backlog` (too much waited for it).
    #[serde(skip_serializing_if = "Option::is_none")]
    disabled_reason: Option<&'static str>,
    /// Since when every attempt has failed; absent after a success.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    failing_since: Option<Timestamp>,
    /// How many changes it has had; also its `ETag`.
    version: u64,
    /// When it was registered.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// Until when messages are signed with the secret before the present one as well.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    previous_secret_valid_until: Option<Timestamp>,
    /// What messages are signed with: shown when it is made and never again. Its receiver needs it to know them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    secret: Option<String>,
}

impl WebhookBody {
    /// A webhook, without its secret.
    pub(super) fn of(entry: &WebhookEntry) -> Self {
        let settings = &entry.webhook.settings;
        let ids = |stores: &std::collections::BTreeSet<StoreId>| {
            stores.iter().map(StoreId::as_uuid).collect()
        };
        let (status, disabled_reason) = match entry.webhook.status {
            Status::Enabled => (WebhookStatus::Enabled, None),
            Status::Disabled(reason) => (WebhookStatus::Disabled, Some(reason.as_str())),
        };
        Self {
            webhook_id: entry.webhook.id.as_uuid(),
            url: settings.url.to_string(),
            description: settings.description.as_ref().map(|text| text.as_str().to_owned()),
            event_types: settings.event_types.iter().map(EventType::as_str).collect(),
            store_ids: settings.stores.as_ref().map(ids),
            status,
            disabled_reason,
            failing_since: entry.failing_since,
            version: entry.version.get(),
            created_at: entry.created_at,
            updated_at: entry.updated_at,
            previous_secret_valid_until: entry.previous_secret_valid_until,
            secret: None,
        }
    }

    /// The same with its new secret.
    pub(super) fn with_secret(entry: &WebhookEntry, secret: &Secret) -> Self {
        Self { secret: Some(secret.reveal().to_owned()), ..Self::of(entry) }
    }
}

/// How a secret is rotated.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RotateWebhookSecret {
    /// How long messages are signed with the present secret as well: a day, unless said.
    #[schema(minimum = 0, maximum = 604_800)]
    overlap_seconds: Option<u64>,
}

impl RotateWebhookSecret {
    pub(super) fn overlap(&self) -> Result<Duration, Problem> {
        let overlap = self.overlap_seconds.map_or(OVERLAP_USUAL, Duration::from_secs);
        if overlap <= OVERLAP_MAX {
            return Ok(overlap);
        }
        let most = OVERLAP_MAX.as_secs();
        let told = format!("an overlap is 0 to {most} seconds, got {}", overlap.as_secs());
        Err(Problem::invalid("overlapSeconds", told))
    }
}

/// What happened to a webhook, newest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct WebhookHistory {
    /// At most 200 of them.
    pub(super) items: Vec<WebhookHistoryItem>,
}

/// Something that happened to a webhook.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct WebhookHistoryItem {
    /// The version of the webhook after it.
    pub(super) version: u64,
    /// What happened.
    #[schema(example = "WebhookDisabledEvent")]
    pub(super) event_type: String,
    /// What changed; never a secret.
    #[schema(value_type = Object)]
    pub(super) data: serde_json::Value,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub(super) recorded_at: Timestamp,
    /// By whom.
    pub(super) actor: String,
}
