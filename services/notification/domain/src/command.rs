//! What can be wanted of a webhook, and what that leads to.

use std::time::Duration;

use crate::{DisabledReason, Refusal, Settings, Status, Webhook, WebhookEvent, WebhookId};

/// Begin to tell somebody of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Register {
    /// Where and what of.
    pub settings: Settings,
    /// Whether at once.
    pub is_enabled: bool,
}

/// Have other settings, and be enabled or disabled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// All settings that hold from now on.
    pub settings: Settings,
    /// Whether events are sent.
    pub is_enabled: bool,
}

/// Sign with a new secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RotateSecret {
    /// How long the present secret is used as well.
    pub overlap: Duration,
}

/// Send nothing any more, for a reason that the deliveries show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disable {
    /// That reason.
    pub reason: DisabledReason,
}

/// Forget it, its secrets and its deliveries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remove;

/// What is wanted of a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WebhookCommand {
    /// Begin.
    Register(Register),
    /// Change.
    Change(Change),
    /// Change the secret.
    RotateSecret(RotateSecret),
    /// Pause.
    Disable(Disable),
    /// End.
    Remove(Remove),
}

/// What a command leads to; nothing where all is as it is wanted already.
pub fn decide(
    id: WebhookId,
    webhook: Option<&Webhook>,
    command: WebhookCommand,
) -> Result<Vec<WebhookEvent>, Refusal> {
    let Some(webhook) = webhook else {
        let WebhookCommand::Register(Register { settings, is_enabled }) = command else {
            return Err(Refusal::NotFound(id));
        };
        let registered = WebhookEvent::Registered { id, settings };
        let disabled = disabled_by_operator(is_enabled);
        return Ok([registered].into_iter().chain(disabled).collect());
    };
    Ok(match command {
        WebhookCommand::Register(_) => return Err(Refusal::AlreadyRegistered(id)),
        WebhookCommand::Change(Change { settings, is_enabled }) => {
            let changed =
                (settings != webhook.settings).then_some(WebhookEvent::Changed { settings });
            let switched = match (webhook.status, is_enabled) {
                (Status::Enabled, false) => disabled_by_operator(false),
                (Status::Disabled(_), true) => Some(WebhookEvent::Enabled),
                _ => None,
            };
            changed.into_iter().chain(switched).collect()
        }
        WebhookCommand::RotateSecret(RotateSecret { overlap }) => {
            vec![WebhookEvent::SecretRotated { overlap }]
        }
        WebhookCommand::Disable(Disable { reason }) => match webhook.status {
            Status::Enabled => vec![WebhookEvent::Disabled { reason }],
            Status::Disabled(_) => Vec::new(),
        },
        WebhookCommand::Remove(Remove) => vec![WebhookEvent::Removed],
    })
}

fn disabled_by_operator(is_enabled: bool) -> Option<WebhookEvent> {
    (!is_enabled).then_some(WebhookEvent::Disabled { reason: DisabledReason::Operator })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{EndpointUrl, EventTypes, StoreId, evolve, stores};

    const TYPES: [&str; 2] = ["level.v1", "product.v1"];

    fn id() -> WebhookId {
        WebhookId::from_uuid(uuid::Uuid::from_u128(7))
    }

    fn settings(url: &str) -> Settings {
        Settings {
            url: EndpointUrl::new(url).unwrap(),
            description: None,
            event_types: EventTypes::among(&TYPES, TYPES).unwrap(),
            stores: None,
        }
    }

    fn register(is_enabled: bool) -> WebhookCommand {
        WebhookCommand::Register(Register { settings: settings("https://a.example"), is_enabled })
    }

    fn change(url: &str, is_enabled: bool) -> WebhookCommand {
        WebhookCommand::Change(Change { settings: settings(url), is_enabled })
    }

    fn disable(reason: DisabledReason) -> WebhookCommand {
        WebhookCommand::Disable(Disable { reason })
    }

    /// Given what was wanted before, what a command leads to.
    #[track_caller]
    fn then(given: &[WebhookCommand], when: WebhookCommand, expected: &[&str]) -> Option<Webhook> {
        let mut webhook = None;
        let mut happened = Vec::new();
        for command in given.iter().cloned().chain([when]) {
            happened = decide(id(), webhook.as_ref(), command).unwrap();
            webhook = happened.iter().fold(webhook, evolve);
        }
        let names: Vec<_> = happened.iter().map(WebhookEvent::event_type).collect();
        assert_eq!(names, expected);
        webhook
    }

    #[test]
    fn a_webhook_is_registered_enabled_or_not() {
        let enabled = then(&[], register(true), &["WebhookRegisteredEvent"]).unwrap();
        assert_eq!(enabled.status, Status::Enabled);
        let both = ["WebhookRegisteredEvent", "WebhookDisabledEvent"];
        let disabled = then(&[], register(false), &both).unwrap();
        assert_eq!(disabled.status, Status::Disabled(DisabledReason::Operator));
        let again = decide(id(), Some(&enabled), register(true));
        assert_eq!(again, Err(Refusal::AlreadyRegistered(id())));
    }

    #[test]
    fn a_change_says_what_changes_and_nothing_else() {
        let given = [register(true)];
        then(&given, change("https://a.example", true), &[]);
        let moved = then(&given, change("https://b.example", true), &["WebhookChangedEvent"]);
        assert_eq!(moved.unwrap().settings.url.as_str(), "https://b.example");
        then(&given, change("https://a.example", false), &["WebhookDisabledEvent"]);
        let both = ["WebhookChangedEvent", "WebhookDisabledEvent"];
        then(&given, change("https://b.example", false), &both);
    }

    #[test]
    fn an_operator_enables_what_was_disabled_for_whatever_reason() {
        for reason in DisabledReason::ALL {
            let given = [register(true), disable(reason)];
            let enabled = then(&given, change("https://a.example", true), &["WebhookEnabledEvent"]);
            assert_eq!(enabled.unwrap().status, Status::Enabled);
            assert_eq!(DisabledReason::parse(reason.as_str()), Some(reason));
        }
    }

    #[test]
    fn the_first_reason_for_being_disabled_stays() {
        let given = [register(true), disable(DisabledReason::Gone)];
        let webhook = then(&given, disable(DisabledReason::Failing), &[]);
        assert_eq!(webhook.unwrap().status, Status::Disabled(DisabledReason::Gone));
    }

    #[test]
    fn what_was_removed_is_not_found() {
        let given = [register(true)];
        let removed = then(&given, WebhookCommand::Remove(Remove), &["WebhookRemovedEvent"]);
        assert_eq!(removed, None);
        for command in [disable(DisabledReason::Gone), WebhookCommand::Remove(Remove)] {
            assert_eq!(decide(id(), None, command), Err(Refusal::NotFound(id())));
        }
    }

    #[test]
    fn a_rotation_changes_no_setting() {
        let rotate = WebhookCommand::RotateSecret(RotateSecret { overlap: Duration::ZERO });
        let before = then(&[], register(true), &["WebhookRegisteredEvent"]);
        let after = then(&[register(true)], rotate, &["WebhookSecretRotatedEvent"]);
        assert_eq!(before, after);
    }

    #[test]
    fn stores_limit_what_is_about_stores() {
        let store = |number| StoreId::from_uuid(uuid::Uuid::from_u128(number));
        let mut settings = settings("https://a.example");
        assert!(settings.wants("level.v1", Some(store(2))));
        settings.stores = Some(stores([store(1)]).unwrap());
        assert!(settings.wants("level.v1", Some(store(1))));
        assert!(!settings.wants("level.v1", Some(store(2))));
        assert!(settings.wants("product.v1", None));
        assert!(!settings.wants("other.v1", Some(store(1))));
        assert!(stores([]).unwrap_err().to_string().contains("got 0"));
    }
}
