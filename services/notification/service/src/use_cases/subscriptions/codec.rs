//! The settings of a subscription as they stand in its row: JSON whose fields are only ever added to.

use std::time::Duration;

use gondola_contracts::IntegrationEvent;
use gondola_notification_domain::{
    Channel, EventType, EventTypes, Language, QuietHours, Recipient, Severity, StoreId,
    SubscriptionSettings, stores,
};
use kit_core::TimeZone;
use serde::{Deserialize, Serialize};

/// What a row has of the settings, as words and numbers.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredSettings {
    channel: String,
    address: String,
    language: String,
    event_types: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    store_ids: Option<Vec<StoreId>>,
    minimum_severity: String,
    time_zone: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    quiet_from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quiet_until: Option<String>,
    grouping_seconds: u64,
}

/// Settings as JSON.
#[must_use]
pub fn encode_subscription(settings: &SubscriptionSettings) -> String {
    let quiet = settings.quiet_hours;
    let stored = StoredSettings {
        channel: settings.recipient.channel().as_str().to_owned(),
        address: settings.recipient.reveal().to_owned(),
        language: settings.language.as_str().to_owned(),
        event_types: settings.event_types.iter().map(|one| one.to_string()).collect(),
        store_ids: settings.stores.as_ref().map(|stores| stores.iter().copied().collect()),
        minimum_severity: settings.minimum_severity.as_str().to_owned(),
        time_zone: settings.time_zone.as_str().to_owned(),
        quiet_from: quiet.map(|hours| hours.from().to_string()),
        quiet_until: quiet.map(|hours| hours.until().to_string()),
        grouping_seconds: settings.grouping.as_secs(),
    };
    // plain text, numbers and lists of them always serialise
    serde_json::to_string(&stored).unwrap_or_default()
}

/// Settings from JSON; the error says what is wrong with it. An event type that this program does not know, since a later
/// one has written it, is left out as long as there are others.
pub fn decode_subscription(json: &str) -> Result<SubscriptionSettings, String> {
    let stored: StoredSettings = serde_json::from_str(json).map_err(told)?;
    let channel = Channel::parse(&stored.channel).ok_or("no such channel")?;
    let known = stored.event_types.iter().map(String::as_str);
    let known = known.filter(|one| EventType::among(IntegrationEvent::TYPES, one).is_some());
    let quiet_hours = match (stored.quiet_from, stored.quiet_until) {
        (Some(from), Some(until)) => {
            let (from, until) = (from.parse().map_err(told)?, until.parse().map_err(told)?);
            Some(QuietHours::new(from, until).map_err(told)?)
        }
        _ => None,
    };
    Ok(SubscriptionSettings {
        recipient: Recipient::new(channel, &stored.address).map_err(told)?,
        language: Language::parse(&stored.language).ok_or("no such language")?,
        event_types: EventTypes::among(IntegrationEvent::TYPES, known).map_err(told)?,
        stores: stored.store_ids.map(stores).transpose().map_err(told)?,
        minimum_severity: Severity::parse(&stored.minimum_severity).ok_or("no such severity")?,
        time_zone: TimeZone::new(&stored.time_zone).map_err(told)?,
        quiet_hours,
        grouping: Duration::from_secs(stored.grouping_seconds),
    })
}

fn told(error: impl std::error::Error) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows that were written are read for ever.
    const FULL: &str = r#"{"channel":"email","address":"ana@shop.example","language":"pt","eventTypes":["gondola.inventory.inventory-updated.v1"],"storeIds":["11111111-1111-1111-1111-111111111111"],"minimumSeverity":"warning","timeZone":"America/Sao_Paulo","quietFrom":"22:00","quietUntil":"07:00","groupingSeconds":600}"#;
    const LEAST: &str = r#"{"channel":"sms","address":"+5511987654321","language":"es","eventTypes":["gondola.inventory.inventory-updated.v1"],"minimumSeverity":"info","timeZone":"UTC","groupingSeconds":0}"#;

    #[test]
    fn settings_are_written_as_they_were_ever_written_and_read_back() {
        for json in [FULL, LEAST] {
            assert_eq!(encode_subscription(&decode_subscription(json).unwrap()), json);
        }
    }

    #[test]
    fn an_event_type_of_a_later_program_is_left_out() {
        let later = LEAST.replace(r#"["gondola"#, r#"["gondola.later.v9","gondola"#);
        assert_eq!(encode_subscription(&decode_subscription(&later).unwrap()), LEAST);
        let nothing_else = LEAST.replace("inventory-updated.v1", "later.v9");
        assert!(decode_subscription(&nothing_else).is_err());
    }
}
