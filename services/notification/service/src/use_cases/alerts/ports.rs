//! Ports: where rules and alerts are kept, and how what no log tells is measured and observed.

use async_trait::async_trait;
use gondola_notification_domain::alerts::Observation;
use gondola_notification_domain::{AlertId, AlertRuleId};
use kit_core::{Scope, Timestamp};
use kit_service::{ReadError, Slice};

use super::{
    AlertEntry, AlertError, AlertQuery, AlertTally, AlertWanted, RuleEntry, RuleWanted, StoreHolds,
};

/// Keeps rules and alerts. A change is on disk when it is answered; an alert and its event change together.
#[async_trait]
pub trait AlertRepository: Send + Sync {
    /// Carries out what is wanted of an alert, if the domain grants it and the caller may.
    async fn perform(&self, wanted: AlertWanted) -> Result<AlertEntry, AlertError>;

    /// Makes, changes or removes a rule; `None` when it is removed. One that is disabled or removed resolves its alerts.
    async fn decide_rule(&self, wanted: RuleWanted) -> Result<Option<RuleEntry>, AlertError>;

    /// Looks at what changes with time alone, forgets what is older than it is kept, and counts the rest.
    async fn sweep(&self, now: Timestamp) -> Result<Vec<AlertTally>, AlertError>;
}

/// Takes what is observed elsewhere than in a log: how far a view differs from it, what share of holds was refused.
///
/// The same may be told again and again, as it is now: only a crossing leads to anything.
#[async_trait]
pub trait Observations: Send + Sync {
    /// Has the rules look at it; alerts are on disk when it is answered.
    async fn observe(&self, seen: Observation, at: Timestamp) -> Result<(), AlertError>;
}

/// A copy of stock levels that was compared with the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DriftSeen {
    /// What it is called.
    pub view: Box<str>,
    /// Rows that are known to differ.
    pub rows: u64,
}

/// What was measured since the last question.
#[derive(Clone, Debug, Default)]
pub struct MeasuredNow {
    /// Holds of each store that had any.
    pub holds: Vec<StoreHolds>,
    /// Copies as they were found, oldest first.
    pub drifts: Vec<DriftSeen>,
}

/// What no log tells and only the process knows in which it happens.
pub trait Measurements: Send + Sync {
    /// What was measured since the last question; it is asked every 5 s, by one.
    fn take(&self) -> MeasuredNow;
}

/// Shows rules and alerts as they are.
#[async_trait]
pub trait AlertReadModel: Send + Sync {
    /// Some alerts, newest first.
    async fn alerts(&self, query: AlertQuery) -> Result<Slice<AlertEntry, AlertId>, ReadError>;

    /// One within a scope.
    async fn alert(&self, id: AlertId, scope: &Scope) -> Result<Option<AlertEntry>, ReadError>;

    /// All rules, by kind and age.
    async fn rules(&self) -> Result<Vec<RuleEntry>, ReadError>;

    /// One.
    async fn rule(&self, id: AlertRuleId) -> Result<Option<RuleEntry>, ReadError>;
}
