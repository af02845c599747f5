//! A subscription: who is told of what, in which way, and when.

use std::collections::BTreeSet;
use std::time::Duration;

use kit_core::{TimeZone, Timestamp};

use crate::{EventTypes, Language, QuietHours, Recipient, Severity, StoreId, SubscriptionId};

/// Longest time for which events are gathered to one message: a day.
pub const GROUPING_MAX: Duration = Duration::from_hours(24);

/// What people decide about a subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionSettings {
    /// Who is told, and by which channel.
    pub recipient: Recipient,
    /// In which language.
    pub language: Language,
    /// Of what.
    pub event_types: EventTypes,
    /// Of events about a store only those of these; `None` for those of all.
    pub stores: Option<BTreeSet<StoreId>>,
    /// Of nothing that matters less.
    pub minimum_severity: Severity,
    /// Where the person's clock is: quiet hours and the times in messages are of it.
    pub time_zone: TimeZone,
    /// When nothing is sent that is not critical.
    pub quiet_hours: Option<QuietHours>,
    /// How long events are gathered to one message; zero for a message of each.
    pub grouping: Duration,
}

/// A subscription with its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Which.
    pub id: SubscriptionId,
    /// What was decided about it.
    pub settings: SubscriptionSettings,
}

/// When an event is to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// Not before this moment.
    pub at: Timestamp,
    /// Whether it may go with others in one message.
    pub is_grouped: bool,
}

/// Why nothing can be done to a subscription.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubscriptionRefusal {
    /// There is none of this id.
    #[error("there is no subscription {0}")]
    NotFound(SubscriptionId),
}

/// The time to gather events is too long.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("events are gathered for 0 to {} seconds, got {seconds}", GROUPING_MAX.as_secs())]
pub struct InvalidGrouping {
    seconds: u64,
}

/// Checks for how long events are to be gathered.
pub const fn grouping(seconds: u64) -> Result<Duration, InvalidGrouping> {
    if seconds <= GROUPING_MAX.as_secs() {
        Ok(Duration::from_secs(seconds))
    } else {
        Err(InvalidGrouping { seconds })
    }
}

impl SubscriptionSettings {
    /// Whether an event is wanted; `store` is the one that it is about, if it is about one. What is about no store is
    /// wanted whatever the stores.
    #[must_use]
    pub fn wants(&self, event_type: &str, store: Option<StoreId>, severity: Severity) -> bool {
        let of_store = match (&self.stores, store) {
            (Some(stores), Some(store)) => stores.contains(&store),
            _ => true,
        };
        of_store && severity >= self.minimum_severity && self.event_types.contains(event_type)
    }

    /// When an event that comes now is told: what is critical at once and alone, the rest after the time for which events
    /// are gathered, and not in quiet hours.
    #[must_use]
    pub fn due(&self, severity: Severity, now: Timestamp) -> Due {
        if severity == Severity::Critical {
            return Due { at: now, is_grouped: false };
        }
        let at = self.release(now.after(self.grouping), severity);
        Due { at, is_grouped: !self.grouping.is_zero() }
    }

    /// The first moment from `at` on at which something of this severity may be sent.
    #[must_use]
    pub fn release(&self, at: Timestamp, severity: Severity) -> Timestamp {
        match self.quiet_hours {
            Some(quiet) if severity < Severity::Critical => quiet.release(at, &self.time_zone),
            _ => at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Channel, stores};

    const TYPES: [&str; 2] = ["level.v1", "alert.v1"];

    fn settings() -> SubscriptionSettings {
        let quiet = QuietHours::new("22:00".parse().unwrap(), "07:00".parse().unwrap());
        SubscriptionSettings {
            recipient: Recipient::new(Channel::Email, "ana@shop.example").unwrap(),
            language: Language::Portuguese,
            event_types: EventTypes::among(&TYPES, ["alert.v1"]).unwrap(),
            stores: None,
            minimum_severity: Severity::Info,
            time_zone: TimeZone::new("America/Sao_Paulo").unwrap(),
            quiet_hours: Some(quiet.unwrap()),
            grouping: Duration::from_mins(10),
        }
    }

    /// When an event of a severity comes, when is it told, and may it go with others?
    #[track_caller]
    fn then(severity: Severity, when: &str, at: &str, is_grouped: bool) {
        let due = settings().due(severity, when.parse().unwrap());
        assert_eq!(due, Due { at: at.parse().unwrap(), is_grouped });
    }

    #[test]
    fn events_are_gathered_for_a_while_and_kept_over_the_night() {
        then(Severity::Info, "2026-11-28T15:00:00Z", "2026-11-28T15:10:00Z", true);
        // what would be sent in quiet hours waits, though it came before them
        then(Severity::Warning, "2026-11-28T00:55:00Z", "2026-11-28T10:00:00Z", true);
        then(Severity::Info, "2026-11-28T03:00:00Z", "2026-11-28T10:00:00Z", true);
        then(Severity::Info, "2026-11-28T09:55:00Z", "2026-11-28T10:05:00Z", true);
    }

    #[test]
    fn what_is_critical_waits_for_nothing_and_goes_alone() {
        for when in ["2026-11-28T15:00:00Z", "2026-11-28T03:00:00Z"] {
            then(Severity::Critical, when, when, false);
        }
    }

    #[test]
    fn without_grouping_each_event_is_a_message() {
        let alone = SubscriptionSettings { grouping: Duration::ZERO, ..settings() };
        let now = "2026-11-28T15:00:00Z".parse().unwrap();
        assert_eq!(alone.due(Severity::Info, now), Due { at: now, is_grouped: false });
    }

    #[test]
    fn type_store_and_severity_must_fit() {
        let store = |number| StoreId::from_uuid(uuid::Uuid::from_u128(number));
        let mut settings = settings();
        assert!(settings.wants("alert.v1", Some(store(1)), Severity::Info));
        assert!(!settings.wants("level.v1", Some(store(1)), Severity::Info));
        settings.minimum_severity = Severity::Warning;
        assert!(!settings.wants("alert.v1", None, Severity::Info));
        assert!(settings.wants("alert.v1", None, Severity::Critical));
        settings.stores = Some(stores([store(1)]).unwrap());
        assert!(settings.wants("alert.v1", Some(store(1)), Severity::Warning));
        assert!(!settings.wants("alert.v1", Some(store(2)), Severity::Warning));
        assert!(settings.wants("alert.v1", None, Severity::Warning));
    }

    #[test]
    fn events_are_gathered_for_a_day_at_most() {
        assert_eq!(grouping(86_400), Ok(GROUPING_MAX));
        assert!(grouping(86_401).unwrap_err().to_string().contains("86401"));
    }
}
