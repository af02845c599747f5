//! A rule: what it watches, where, and how bad it is.

use std::collections::BTreeSet;

use super::{Measured, Observation, RuleKind, Severity, Trigger};
use crate::{AlertRuleId, StoreId};

/// What people decide about a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSettings {
    /// When it alerts.
    pub trigger: Trigger,
    /// Only what is of these stores; `None` for everything, also what is of no store.
    pub stores: Option<BTreeSet<StoreId>>,
    /// How bad its alerts are.
    pub severity: Severity,
    /// Whether it alerts.
    pub is_enabled: bool,
}

impl RuleSettings {
    /// The rule of a kind that there is unless people decide otherwise.
    #[must_use]
    pub const fn usual(kind: RuleKind) -> Self {
        let trigger = Trigger::usual(kind);
        Self { trigger, stores: None, severity: kind.usual_severity(), is_enabled: true }
    }
}

/// A rule as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Which.
    pub id: AlertRuleId,
    /// What people decided about it.
    pub settings: RuleSettings,
}

impl Rule {
    /// What it makes of an observation; `None` when it does not watch that, or is disabled.
    #[must_use]
    pub fn measure(&self, observation: &Observation) -> Option<Measured> {
        let RuleSettings { trigger, stores, is_enabled, .. } = &self.settings;
        let measured = trigger.measure(observation).filter(|_| *is_enabled)?;
        let is_watched = stores.as_ref().is_none_or(|stores| {
            measured.subject.store().is_some_and(|store| stores.contains(&store))
        });
        is_watched.then_some(measured)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_rule_watches_its_stores_while_it_is_enabled() {
        let [own, other] = [1, 2].map(|number| StoreId::from_uuid(Uuid::from_u128(number)));
        let mut settings = RuleSettings::usual(RuleKind::RefusalRate);
        settings.stores = Some([own].into());
        let mut rule = Rule { id: AlertRuleId::from_uuid(Uuid::nil()), settings };
        let watches = |rule: &Rule, store| {
            rule.measure(&Observation::Refusals { store, percent: 50 }).is_some()
        };
        assert!(watches(&rule, own) && !watches(&rule, other));
        rule.settings.is_enabled = false;
        assert!(!watches(&rule, own));
    }

    #[test]
    fn a_rule_of_some_stores_does_not_watch_what_is_of_none() {
        let drift = Observation::Drift { view: "stock".into(), rows: 3 };
        let mut settings = RuleSettings::usual(RuleKind::ViewDrift);
        let rule = |settings: &RuleSettings| Rule {
            id: AlertRuleId::from_uuid(Uuid::nil()),
            settings: settings.clone(),
        };
        assert!(rule(&settings).measure(&drift).is_some());
        settings.stores = Some([StoreId::from_uuid(Uuid::nil())].into());
        assert!(rule(&settings).measure(&drift).is_none());
    }
}
