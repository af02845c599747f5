//! An alert, and what people may do with it.

use kit_core::Timestamp;

use super::{Note, RuleKind, Severity, Subject};
use crate::{AlertId, AlertRuleId};

/// How an alert stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertState {
    /// Nobody has seen to it.
    Open,
    /// Somebody sees to it.
    Acknowledged,
    /// It is over.
    Resolved,
}

impl AlertState {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Open, Self::Acknowledged, Self::Resolved];

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Acknowledged => "acknowledged",
            Self::Resolved => "resolved",
        }
    }

    /// The one with this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// Why an alert is resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// What it told of has come back.
    Recovered,
    /// Somebody said so.
    Operator,
    /// Its rule was disabled or removed.
    RuleEnded,
    /// It told of something that was, and days have passed.
    Expired,
}

impl Resolution {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Recovered, Self::Operator, Self::RuleEnded, Self::Expired];

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Recovered => "recovered",
            Self::Operator => "operator",
            Self::RuleEnded => "rule-ended",
            Self::Expired => "expired",
        }
    }

    /// The one with this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|resolution| resolution.as_str() == word)
    }
}

/// An alert as its events have made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// Which.
    pub id: AlertId,
    /// The rule that it is of.
    pub rule: AlertRuleId,
    /// That rule's kind.
    pub kind: RuleKind,
    /// How bad it is.
    pub severity: Severity,
    /// What it is about.
    pub subject: Subject,
    /// What was measured when it opened, in the unit of the kind.
    pub quantity: u64,
    /// The threshold that held then.
    pub threshold: u64,
    /// A sentence about it.
    pub detail: String,
    /// When it opened: the time of the event that crossed.
    pub opened_at: Timestamp,
    /// How it stands.
    pub state: AlertState,
    /// Why it is resolved, once it is.
    pub resolution: Option<Resolution>,
    /// What was said about it last.
    pub note: Option<Note>,
}

/// Say that somebody sees to an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledge {
    /// What that one says.
    pub note: Option<Note>,
}

/// End an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolve {
    /// Why.
    pub resolution: Resolution,
    /// What is said about it.
    pub note: Option<Note>,
}

/// What is wanted of an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AlertCommand {
    /// Somebody sees to it.
    Acknowledge(Acknowledge),
    /// It is over.
    Resolve(Resolve),
}

/// Something that happened to an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AlertEvent {
    /// It opened.
    Opened,
    /// Somebody sees to it.
    Acknowledged {
        /// What that one says.
        note: Option<Note>,
    },
    /// It is over.
    Resolved {
        /// Why.
        resolution: Resolution,
        /// What is said about it.
        note: Option<Note>,
    },
}

/// A command that is not carried out; nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AlertRefusal {
    /// It is over.
    #[error("alert {0} is resolved: there is nothing to see to any more")]
    Resolved(AlertId),
}

/// What a command leads to; nothing where all is as it is wanted already.
pub fn decide(alert: &Alert, command: AlertCommand) -> Result<Option<AlertEvent>, AlertRefusal> {
    match (alert.state, command) {
        (AlertState::Open, AlertCommand::Acknowledge(Acknowledge { note })) => {
            Ok(Some(AlertEvent::Acknowledged { note }))
        }
        (AlertState::Resolved, AlertCommand::Acknowledge(_)) => {
            Err(AlertRefusal::Resolved(alert.id))
        }
        (AlertState::Acknowledged, AlertCommand::Acknowledge(_))
        | (AlertState::Resolved, AlertCommand::Resolve(_)) => Ok(None),
        (_, AlertCommand::Resolve(Resolve { resolution, note })) => {
            Ok(Some(AlertEvent::Resolved { resolution, note }))
        }
    }
}

/// The alert after an event.
#[must_use]
pub fn evolve(alert: Alert, event: &AlertEvent) -> Alert {
    match event {
        AlertEvent::Opened => alert,
        AlertEvent::Acknowledged { note } => {
            Alert { state: AlertState::Acknowledged, note: note.clone(), ..alert }
        }
        AlertEvent::Resolved { resolution, note } => Alert {
            state: AlertState::Resolved,
            resolution: Some(*resolution),
            note: note.clone().or(alert.note),
            ..alert
        },
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn open() -> Alert {
        Alert {
            id: AlertId::from_uuid(Uuid::from_u128(1)),
            rule: AlertRuleId::from_uuid(Uuid::from_u128(2)),
            kind: RuleKind::ViewDrift,
            severity: Severity::Critical,
            subject: Subject::View("stock".into()),
            quantity: 3,
            threshold: 1,
            detail: "3 rows differ".into(),
            opened_at: Timestamp::default(),
            state: AlertState::Open,
            resolution: None,
            note: None,
        }
    }

    fn note(text: &str) -> Note {
        Note::new(text).unwrap()
    }

    fn acknowledge(text: &str) -> AlertCommand {
        AlertCommand::Acknowledge(Acknowledge { note: Some(note(text)) })
    }

    fn resolve(resolution: Resolution, note: Option<Note>) -> AlertCommand {
        AlertCommand::Resolve(Resolve { resolution, note })
    }

    fn name(event: &AlertEvent) -> &'static str {
        match event {
            AlertEvent::Opened => "opened",
            AlertEvent::Acknowledged { .. } => "acknowledged",
            AlertEvent::Resolved { .. } => "resolved",
        }
    }

    /// Given what was wanted before, what a command leads to.
    #[track_caller]
    fn then(given: &[AlertCommand], when: AlertCommand, expected: Option<&str>) -> Alert {
        let mut alert = open();
        let mut happened = None;
        for command in given.iter().cloned().chain([when]) {
            happened = decide(&alert, command).unwrap();
            if let Some(event) = &happened {
                alert = evolve(alert, event);
            }
        }
        assert_eq!(happened.as_ref().map(name), expected);
        alert
    }

    #[test]
    fn an_alert_is_acknowledged_once_and_the_first_note_stays() {
        let seen = then(&[], acknowledge("mine"), Some("acknowledged"));
        assert_eq!((seen.state, seen.note), (AlertState::Acknowledged, Some(note("mine"))));
        let again = then(&[acknowledge("mine")], acknowledge("no, mine"), None);
        assert_eq!(again.note, Some(note("mine")));
    }

    #[test]
    fn an_alert_is_resolved_once_from_either_state() {
        let operator = || resolve(Resolution::Operator, Some(note("reordered")));
        let resolved = "resolved";
        then(&[], operator(), Some(resolved));
        let alert =
            then(&[acknowledge("mine")], resolve(Resolution::Recovered, None), Some(resolved));
        assert_eq!(
            (alert.resolution, alert.note),
            (Some(Resolution::Recovered), Some(note("mine")))
        );
        let alert = then(&[operator()], resolve(Resolution::Recovered, None), None);
        assert_eq!(alert.resolution, Some(Resolution::Operator));
    }

    #[test]
    fn what_is_resolved_cannot_be_acknowledged() {
        let alert = then(&[], resolve(Resolution::Expired, None), Some("resolved"));
        let refused = decide(&alert, acknowledge("late")).unwrap_err();
        assert!(refused.to_string().contains(&alert.id.to_string()), "{refused}");
    }

    #[test]
    fn words_lead_back_to_what_they_mean() {
        for state in AlertState::ALL {
            assert_eq!(AlertState::parse(state.as_str()), Some(state));
        }
        for resolution in Resolution::ALL {
            assert_eq!(Resolution::parse(resolution.as_str()), Some(resolution));
        }
        for severity in Severity::ALL {
            assert_eq!(Severity::parse(severity.as_str()), Some(severity));
        }
        for kind in RuleKind::ALL {
            assert_eq!(RuleKind::parse(kind.as_str()), Some(kind));
        }
    }
}
