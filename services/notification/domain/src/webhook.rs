//! A webhook: where to, what of, and whether at present.

use std::collections::BTreeSet;

use crate::{Description, EndpointUrl, EventTypes, StoreId, WebhookEvent, WebhookId};

/// Most stores that a webhook names.
pub const STORES_MAX: usize = 2_000;

/// What people decide about a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Where events are sent.
    pub url: EndpointUrl,
    /// What it is for.
    pub description: Option<Description>,
    /// What it is told of.
    pub event_types: EventTypes,
    /// Of events about a store only those of these; `None` for those of all.
    pub stores: Option<BTreeSet<StoreId>>,
}

/// No store is named, or too many are.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a webhook names 1 to {STORES_MAX} stores, got {count}; leave stores out for all of them")]
pub struct InvalidStores {
    count: usize,
}

/// Checks the stores that a webhook is to be limited to.
pub fn stores(
    named: impl IntoIterator<Item = StoreId>,
) -> Result<BTreeSet<StoreId>, InvalidStores> {
    let named: BTreeSet<_> = named.into_iter().collect();
    let count = named.len();
    if (1..=STORES_MAX).contains(&count) { Ok(named) } else { Err(InvalidStores { count }) }
}

impl Settings {
    /// Whether an event is wanted; `store` is the one that it is about, if it is about one. What is about no store is
    /// wanted whatever the stores.
    #[must_use]
    pub fn wants(&self, event_type: &str, store: Option<StoreId>) -> bool {
        let of_store = match (&self.stores, store) {
            (Some(stores), Some(store)) => stores.contains(&store),
            _ => true,
        };
        of_store && self.event_types.contains(event_type)
    }
}

/// Why nothing is sent to a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisabledReason {
    /// An operator said so.
    Operator,
    /// Its receiver answered 410 Gone.
    Gone,
    /// All attempts failed for days.
    Failing,
    /// Too many deliveries wait for it.
    Backlog,
}

impl DisabledReason {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Operator, Self::Gone, Self::Failing, Self::Backlog];

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Gone => "gone",
            Self::Failing => "failing",
            Self::Backlog => "backlog",
        }
    }

    /// The one with this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word)
    }
}

/// Whether events are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// They are.
    Enabled,
    /// They are not. What waits for it goes on waiting; what happens meanwhile it is never told.
    Disabled(DisabledReason),
}

/// A webhook as its events have made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Which.
    pub id: WebhookId,
    /// What people decided about it.
    pub settings: Settings,
    /// Whether events are sent.
    pub status: Status,
}

/// The webhook after an event; `None` once it was removed.
#[must_use]
pub fn evolve(webhook: Option<Webhook>, event: &WebhookEvent) -> Option<Webhook> {
    match (webhook, event) {
        (_, WebhookEvent::Registered { id, settings }) => {
            Some(Webhook { id: *id, settings: settings.clone(), status: Status::Enabled })
        }
        (Some(webhook), WebhookEvent::Changed { settings }) => {
            Some(Webhook { settings: settings.clone(), ..webhook })
        }
        (Some(webhook), WebhookEvent::Enabled) => {
            Some(Webhook { status: Status::Enabled, ..webhook })
        }
        (Some(webhook), WebhookEvent::Disabled { reason }) => {
            Some(Webhook { status: Status::Disabled(*reason), ..webhook })
        }
        (webhook, WebhookEvent::SecretRotated { .. }) => webhook,
        (_, WebhookEvent::Removed) | (None, _) => None,
    }
}
