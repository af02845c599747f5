//! Alerts and rules as they are kept, listed and changed.

use gondola_notification_domain::alerts::{
    Alert, AlertCommand, AlertState, Rule, RuleKind, RuleSettings, Severity,
};
use gondola_notification_domain::{AlertId, AlertRuleId, StoreId};
use kit_core::{Actor, Caller, Scope, Timestamp, Version};

/// When somebody did something, and who.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handled {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: String,
}

/// An alert with what is known of it besides its state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertEntry {
    /// The alert.
    pub alert: Alert,
    /// How many events it has had.
    pub version: Version,
    /// When it was acknowledged, and by whom.
    pub acknowledged: Option<Handled>,
    /// When it was resolved, and by whom.
    pub resolved: Option<Handled>,
}

/// A rule with what is known of it besides its settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleEntry {
    /// The rule.
    pub rule: Rule,
    /// How often it was decided about.
    pub version: Version,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed, and by whom.
    pub updated: Handled,
}

/// Which alerts are listed, newest first; all conditions must hold.
#[derive(Clone, Debug)]
pub struct AlertQuery {
    /// Only those of this store.
    pub store: Option<StoreId>,
    /// Only those as bad as this.
    pub severity: Option<Severity>,
    /// Only those that stand so.
    pub state: Option<AlertState>,
    /// Only those of rules of this kind.
    pub kind: Option<RuleKind>,
    /// Only those within this scope; what is of no store is within that of all only.
    pub scope: Scope,
    /// Only those that are older than this one.
    pub before: Option<AlertId>,
    /// The most of them.
    pub limit: usize,
}

/// A change of an alert that is wanted.
#[derive(Clone, Debug)]
pub struct AlertWanted {
    /// Of which alert.
    pub id: AlertId,
    /// What.
    pub command: AlertCommand,
    /// Who wants it, and what that one may change.
    pub caller: Caller,
    /// When.
    pub at: Timestamp,
}

/// A change of a rule that is wanted.
#[derive(Clone, Debug)]
pub struct RuleWanted {
    /// Of which rule.
    pub id: AlertRuleId,
    /// What holds from now on; `None` to remove it.
    pub settings: Option<RuleSettings>,
    /// Whether it is to be made.
    pub is_new: bool,
    /// The version that it is for; any, where none is said.
    pub expected: Option<Version>,
    /// Who wants it.
    pub actor: Actor,
    /// When.
    pub at: Timestamp,
}

/// How many alerts are not resolved, of one kind and severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlertTally {
    /// The kind.
    pub kind: RuleKind,
    /// The severity.
    pub severity: Severity,
    /// How many.
    pub count: u64,
}
