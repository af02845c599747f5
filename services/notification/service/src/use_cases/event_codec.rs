//! What happened to webhooks as it is stored: JSON shapes with versions.
//!
//! Every shape ever written stays readable: `golden/` holds a sample of each version of each event, for ever.

use std::collections::BTreeSet;
use std::time::Duration;

use gondola_contracts::IntegrationEvent;
use gondola_notification_domain::{
    Description, DisabledReason, EndpointUrl, EventType, EventTypes, Settings, StoreId,
    WebhookEvent, WebhookId, stores,
};
use serde::{Deserialize, Serialize};

/// Version of the shapes that are written.
pub const SCHEMA_VERSION: u16 = 1;

/// What was stored cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{event_type} of version {schema_version} cannot be read: {why}")]
pub struct Unreadable {
    event_type: String,
    schema_version: u16,
    why: String,
}

/// All fields that an event may have.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Data {
    #[serde(skip_serializing_if = "Option::is_none")]
    webhook_id: Option<WebhookId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    event_types: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    store_ids: Option<Vec<StoreId>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    overlap_seconds: Option<u64>,
}

/// An event's data as JSON.
#[must_use]
pub fn encode_event(event: &WebhookEvent) -> String {
    json(&match event {
        WebhookEvent::Registered { id, settings } => {
            Data { webhook_id: Some(*id), ..of_settings(settings) }
        }
        WebhookEvent::Changed { settings } => of_settings(settings),
        WebhookEvent::Enabled | WebhookEvent::Removed => Data::default(),
        WebhookEvent::Disabled { reason } => {
            Data { reason: Some(reason.as_str().to_owned()), ..Data::default() }
        }
        WebhookEvent::SecretRotated { overlap } => {
            Data { overlap_seconds: Some(overlap.as_secs()), ..Data::default() }
        }
    })
}

/// Reads an event of any version that was ever written.
pub fn decode_event(
    event_type: &str,
    schema_version: u16,
    data: &str,
) -> Result<WebhookEvent, Unreadable> {
    let unreadable = |why| Unreadable { event_type: event_type.to_owned(), schema_version, why };
    if schema_version != SCHEMA_VERSION {
        let known = format!("this program reads versions up to {SCHEMA_VERSION}: use a newer one");
        return Err(unreadable(known));
    }
    read(event_type, data).map_err(unreadable)
}

fn read(event_type: &str, data: &str) -> Result<WebhookEvent, String> {
    let data: Data = serde_json::from_str(data).map_err(told)?;
    Ok(match event_type {
        "WebhookRegisteredEvent" => WebhookEvent::Registered {
            id: data.webhook_id.ok_or("it has no webhookId")?,
            settings: settings(data)?,
        },
        "WebhookChangedEvent" => WebhookEvent::Changed { settings: settings(data)? },
        "WebhookEnabledEvent" => WebhookEvent::Enabled,
        "WebhookDisabledEvent" => WebhookEvent::Disabled {
            reason: data.reason.as_deref().and_then(DisabledReason::parse).ok_or("no reason")?,
        },
        "WebhookSecretRotatedEvent" => WebhookEvent::SecretRotated {
            overlap: Duration::from_secs(data.overlap_seconds.ok_or("no overlapSeconds")?),
        },
        "WebhookRemovedEvent" => WebhookEvent::Removed,
        other => return Err(format!("no event of a webhook is called {other:?}")),
    })
}

fn of_settings(settings: &Settings) -> Data {
    let Settings { url, description, event_types, stores } = settings;
    Data {
        url: Some(url.to_string()),
        description: description.as_ref().map(|text| text.as_str().to_owned()),
        event_types: event_types.iter().map(|one| one.to_string()).collect(),
        store_ids: stores.as_ref().map(|stores| stores.iter().copied().collect()),
        ..Data::default()
    }
}

fn settings(data: Data) -> Result<Settings, String> {
    let url = data.url.ok_or("it has no url")?;
    parsed(&url, data.description.as_deref(), &data.event_types, data.store_ids)
}

fn parsed(
    url: &str,
    description: Option<&str>,
    event_types: &[String],
    store_ids: Option<Vec<StoreId>>,
) -> Result<Settings, String> {
    let types = event_types.iter().map(String::as_str);
    Ok(Settings {
        url: EndpointUrl::new(url).map_err(told)?,
        description: description.map(Description::new).transpose().map_err(told)?,
        event_types: EventTypes::among(IntegrationEvent::TYPES, types).map_err(told)?,
        stores: store_ids.map(stores).transpose().map_err(told)?,
    })
}

fn told(error: impl std::error::Error) -> String {
    error.to_string()
}

/// Event types as they stand in a row: a JSON array.
#[must_use]
pub fn encode_types(types: &EventTypes) -> String {
    json(&types.iter().map(EventType::as_str).collect::<Vec<_>>())
}

/// Stores as they stand in a row: a JSON array.
#[must_use]
pub fn encode_stores(stores: &BTreeSet<StoreId>) -> String {
    json(stores)
}

/// Settings from the columns of a row; the error says what is wrong with them.
pub fn decode_settings(
    url: &str,
    description: Option<&str>,
    event_types: &str,
    stores: Option<&str>,
) -> Result<Settings, String> {
    let types: Vec<String> = serde_json::from_str(event_types).map_err(told)?;
    let stores = stores.map(serde_json::from_str).transpose().map_err(told)?;
    parsed(url, description, &types, stores)
}

/// Plain structs and lists of text always serialise.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn full() -> Settings {
        let (types, stores) = (
            r#"["gondola.inventory.inventory-updated.v1"]"#,
            r#"["11111111-1111-1111-1111-111111111111"]"#,
        );
        let (url, what) = ("https://shop.example/hooks/stock", "stock of the web shop");
        decode_settings(url, Some(what), types, Some(stores)).unwrap()
    }

    /// What each sample means.
    fn meaning(event_type: &str) -> WebhookEvent {
        let id = "018f3c2a-7b1e-7000-8000-000000000001".parse().unwrap();
        match event_type {
            "WebhookRegisteredEvent" => WebhookEvent::Registered { id, settings: full() },
            "WebhookChangedEvent" => {
                let settings = Settings { description: None, stores: None, ..full() };
                WebhookEvent::Changed { settings }
            }
            "WebhookEnabledEvent" => WebhookEvent::Enabled,
            "WebhookDisabledEvent" => WebhookEvent::Disabled { reason: DisabledReason::Gone },
            "WebhookSecretRotatedEvent" => {
                WebhookEvent::SecretRotated { overlap: Duration::from_hours(24) }
            }
            "WebhookRemovedEvent" => WebhookEvent::Removed,
            other => panic!("{other} has no meaning here"),
        }
    }

    #[test]
    fn every_sample_is_read_and_written_as_it_is() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
        let mut count = 0;
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let event_type = path.file_name().unwrap().to_str().unwrap().split('.').next().unwrap();
            let data = std::fs::read_to_string(&path).unwrap();
            let meant = meaning(event_type);
            assert_eq!(meant.event_type(), event_type);
            assert_eq!(decode_event(event_type, 1, &data).unwrap(), meant, "{event_type}");
            let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
            assert_eq!(value(&encode_event(&meant)), value(&data), "{event_type}");
            count += 1;
        }
        assert_eq!(count, 6);
    }

    #[test]
    fn what_this_program_does_not_know_is_refused_with_what_to_do() {
        let newer = decode_event("WebhookEnabledEvent", 2, "{}").unwrap_err().to_string();
        assert!(newer.contains("use a newer one"), "{newer}");
        let unknown = decode_event("WebhookBurntEvent", 1, "{}").unwrap_err().to_string();
        assert!(unknown.contains("WebhookBurntEvent"), "{unknown}");
    }
}
