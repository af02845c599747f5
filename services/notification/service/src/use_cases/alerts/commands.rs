//! The commands about alerts and rules: from the outside world to the repository.

use std::sync::Arc;

use gondola_notification_domain::alerts::{
    Acknowledge, AlertCommand, Note, Resolution, Resolve, RuleSettings,
};
use gondola_notification_domain::{AlertId, AlertRuleId};
use kit_core::{Actor, Caller, Clock, IdSource, Version};

use super::{
    AlertEntry, AlertError, AlertReadModel, AlertRepository, AlertWanted, RuleEntry, RuleWanted,
};
use crate::use_cases::KeyedId;

/// What the commands work with.
#[derive(Clone)]
pub struct AlertsDeps {
    /// Where rules and alerts are kept.
    pub repository: Arc<dyn AlertRepository>,
    /// Shows those that there are.
    pub read_model: Arc<dyn AlertReadModel>,
    /// The time of day.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn IdSource>,
}

/// Carries out what callers want of alerts and rules.
#[derive(Clone)]
pub struct Alerts(AlertsDeps);

impl Alerts {
    /// With these dependencies.
    #[must_use]
    pub const fn new(deps: AlertsDeps) -> Self {
        Self(deps)
    }

    /// Says that somebody sees to an alert; the first one who says so stays.
    pub async fn acknowledge(
        &self,
        id: AlertId,
        note: Option<Note>,
        caller: Caller,
    ) -> Result<AlertEntry, AlertError> {
        self.perform(id, AlertCommand::Acknowledge(Acknowledge { note }), caller).await
    }

    /// Ends an alert. The rule opens the next one after the quantity has come back and crosses again.
    pub async fn resolve(
        &self,
        id: AlertId,
        note: Option<Note>,
        caller: Caller,
    ) -> Result<AlertEntry, AlertError> {
        let resolution = Resolution::Operator;
        self.perform(id, AlertCommand::Resolve(Resolve { resolution, note }), caller).await
    }

    /// Makes a rule. It looks at what happens from now on. A repetition under the same key changes nothing and gets the rule
    /// as it is; whether it is one comes with it.
    pub async fn make_rule(
        &self,
        settings: RuleSettings,
        caller: Caller,
    ) -> Result<(RuleEntry, bool), AlertError> {
        let keyed = KeyedId::of(&caller);
        if let Some(keyed) = keyed {
            let rules = self.0.read_model.rules().await;
            for entry in rules.map_err(|error| AlertError::Failed(error.to_string()))? {
                if keyed.is_repeated(Some(entry.rule.id.as_uuid()))? {
                    return Ok((entry, true));
                }
            }
        }
        let new = || self.0.ids.next_id(self.0.clock.now());
        let id = AlertRuleId::from_uuid(keyed.map_or_else(new, KeyedId::id));
        let wanted = RuleWanted { is_new: true, ..self.rule(id, Some(settings), caller.actor) };
        Ok((self.decide_rule(wanted).await?, false))
    }

    /// Replaces the settings of a rule but for its kind. They hold for what happens from now on; one that is disabled
    /// resolves its alerts.
    pub async fn change_rule(
        &self,
        id: AlertRuleId,
        settings: RuleSettings,
        expected: Option<Version>,
        actor: Actor,
    ) -> Result<RuleEntry, AlertError> {
        let wanted = RuleWanted { expected, ..self.rule(id, Some(settings), actor) };
        self.decide_rule(wanted).await
    }

    /// Removes a rule and resolves its alerts.
    pub async fn remove_rule(&self, id: AlertRuleId, actor: Actor) -> Result<(), AlertError> {
        self.0.repository.decide_rule(self.rule(id, None, actor)).await.map(drop)
    }

    async fn perform(
        &self,
        id: AlertId,
        command: AlertCommand,
        caller: Caller,
    ) -> Result<AlertEntry, AlertError> {
        let at = self.0.clock.now();
        self.0.repository.perform(AlertWanted { id, command, caller, at }).await
    }

    async fn decide_rule(&self, wanted: RuleWanted) -> Result<RuleEntry, AlertError> {
        let decided = self.0.repository.decide_rule(wanted).await?;
        decided.ok_or_else(|| AlertError::Failed("a rule that was changed is not there".to_owned()))
    }

    fn rule(&self, id: AlertRuleId, settings: Option<RuleSettings>, actor: Actor) -> RuleWanted {
        let at = self.0.clock.now();
        RuleWanted { id, settings, is_new: false, expected: None, actor, at }
    }
}
