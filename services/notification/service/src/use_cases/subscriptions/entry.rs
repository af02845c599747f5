//! Subscriptions as they are kept and changed.

use gondola_notification_domain::{
    NotificationId, Subscription, SubscriptionId, SubscriptionRefusal, SubscriptionSettings,
};
use kit_core::{Actor, Timestamp, Version};

use crate::use_cases::KeyReused;

/// A subscription with what is known of it besides its settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionEntry {
    /// The subscription.
    pub subscription: Subscription,
    /// How often it was written.
    pub version: Version,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// By whom.
    pub updated_by: String,
}

/// What is to become of a subscription.
#[derive(Clone, Debug)]
pub enum SubscriptionWrite {
    /// It begins.
    Create(SubscriptionSettings),
    /// Other settings hold from now on, also for what waits.
    Change(SubscriptionSettings),
    /// It is forgotten with its address and its notifications.
    Delete,
    /// It gets a message that says that it would get one.
    Test(NotificationId),
}

/// A write that is wanted.
#[derive(Clone, Debug)]
pub struct WantedSubscription {
    /// Of which subscription.
    pub id: SubscriptionId,
    /// What.
    pub write: SubscriptionWrite,
    /// The version that it is for; any, where none is said.
    pub expected: Option<Version>,
    /// Who wants it.
    pub actor: Actor,
    /// When.
    pub at: Timestamp,
}

/// A write that did not happen.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SubscriptionError {
    /// The domain refused it.
    #[error(transparent)]
    Refused(#[from] SubscriptionRefusal),
    /// Its key was used for another request.
    #[error(transparent)]
    KeyReused(#[from] KeyReused),
    /// It was for another version than the present one.
    #[error(
        "the subscription has version {actual}, not {expected}: read it again and send the change with its present ETag"
    )]
    Changed {
        /// The version that the caller has seen.
        expected: Version,
        /// The present one.
        actual: Version,
    },
    /// There are as many subscriptions as there may be.
    #[error("there are {most} subscriptions, the most there may be: delete one first")]
    TooMany {
        /// How many.
        most: usize,
    },
    /// It could not be written.
    #[error("the state of subscriptions cannot be written: {0}")]
    Failed(String),
}
