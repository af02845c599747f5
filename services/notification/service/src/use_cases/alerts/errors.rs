//! Why a change of a rule or an alert did not happen.

use gondola_notification_domain::alerts::{AlertRefusal, RuleKind};
use gondola_notification_domain::{AlertId, AlertRuleId};
use kit_core::Version;

use crate::use_cases::KeyReused;

/// A change that did not happen.
#[derive(Clone, Debug, thiserror::Error)]
pub enum AlertError {
    /// The domain refused it.
    #[error(transparent)]
    Refused(#[from] AlertRefusal),
    /// There is no such alert, or it is of a store that is none of the caller's.
    #[error("there is no alert {0}; GET /api/v1/alerts lists those there are")]
    UnknownAlert(AlertId),
    /// There is no such rule.
    #[error("there is no alert rule {0}; GET /api/v1/alert-rules lists those there are")]
    UnknownRule(AlertRuleId),
    /// It was for another version than the present one.
    #[error(
        "the rule has version {actual}, not {expected}: read it again and send the change with its present ETag"
    )]
    Changed {
        /// The version that the caller has seen.
        expected: Version,
        /// The present one.
        actual: Version,
    },
    /// A rule keeps its kind.
    #[error(
        "the rule is of the kind {}, which it keeps: make another rule, and disable or remove this one",
        .kind.as_str()
    )]
    OtherKind {
        /// Its kind.
        kind: RuleKind,
    },
    /// Its key was used for another request.
    #[error(transparent)]
    KeyReused(#[from] KeyReused),
    /// There are as many rules as there may be.
    #[error("there are {most} alert rules, the most there may be: remove one first")]
    TooMany {
        /// How many.
        most: usize,
    },
    /// It could not be written.
    #[error("the state of alerts cannot be written: {0}")]
    Failed(String),
}
