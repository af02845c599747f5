//! An event as a subscription is told of it: how much it matters, and what it says.

use std::sync::Arc;

use gondola_notification_domain::Severity;
use serde::Deserialize;
use uuid::Uuid;

use crate::use_cases::News;

/// The type of the one event that is no integration event: somebody tries a subscription out.
pub const TEST_EVENT: &str = "gondola.notification.test";

/// An event that a notification tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The event's id.
    pub event_id: Uuid,
    /// Its type.
    pub event_type: Arc<str>,
    /// How much it matters.
    pub severity: Severity,
    /// The event as JSON.
    pub payload: Arc<str>,
}

/// Where an event says how much it matters, if it does.
#[derive(Deserialize)]
struct Told {
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    severity: Option<String>,
}

impl Notice {
    /// An event from a log. One that does not say how much it matters, or says it with a word that is not known, is good
    /// to know and no more.
    #[must_use]
    pub fn of(news: &News) -> Self {
        let told = serde_json::from_str::<Told>(&news.payload).ok();
        let severity = told.and_then(|told| Severity::parse(&told.data.severity?));
        Self {
            event_id: news.event_id,
            event_type: Arc::clone(&news.event_type),
            severity: severity.unwrap_or(Severity::Info),
            payload: Arc::clone(&news.payload),
        }
    }

    /// What a subscription is tried out with.
    #[must_use]
    pub fn test(id: Uuid, at: kit_core::Timestamp) -> Self {
        Self {
            event_id: id,
            event_type: TEST_EVENT.into(),
            severity: Severity::Info,
            payload: format!(r#"{{"time":"{at}","data":{{}}}}"#).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn severity(data: &str) -> Severity {
        let news = News {
            event_id: Uuid::from_u128(1),
            event_type: "gondola.notification.alert-opened.v1".into(),
            subject: "1".into(),
            store: None,
            payload: format!(r#"{{"data":{data}}}"#).into(),
        };
        Notice::of(&news).severity
    }

    #[test]
    fn an_alert_says_how_much_it_matters_and_other_events_are_good_to_know() {
        assert_eq!(severity(r#"{"severity":"critical"}"#), Severity::Critical);
        assert_eq!(severity(r#"{"severity":"warning"}"#), Severity::Warning);
        assert_eq!(severity(r#"{"severity":"of a later release"}"#), Severity::Info);
        assert_eq!(severity(r#"{"available":7}"#), Severity::Info);
    }
}
