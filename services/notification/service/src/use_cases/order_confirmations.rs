//! Order confirmations: kept for a checkout until it is committed or rolled back, and delivered only after its commit.

use std::sync::Arc;

use async_trait::async_trait;
use gondola_contracts::{CloudEvent, ConfirmedLine, IntegrationEvent, OrderConfirmedEvent, topics};
use gondola_notification_domain::StoreId;
use kit_core::{Clock, IdSource, Position, Timestamp, Version};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{News, Senders, WriteError};

/// What an order's confirmation will say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PreparedConfirmation {
    /// The checkout that it is of; of each there is one confirmation.
    pub checkout_id: Uuid,
    /// The store that serves it.
    pub store_id: Uuid,
    /// The order, if it is known.
    pub order_id: Option<String>,
    /// How many of which.
    pub lines: Vec<ConfirmedLine>,
}

/// Whether a confirmation was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfirmationAnswer {
    /// It is on disk, and there is somebody to deliver it to.
    Taken,
    /// It is not, and never will be, with the reason for people.
    Refused(String),
}

/// What is wanted of a confirmation. Each is done once, however often it comes, and answered as the first time.
#[derive(Clone, Debug)]
pub enum ConfirmationRequest {
    /// It is kept, and nothing is sent; refused where nobody is to be told of it, and after it was dropped.
    Prepare(PreparedConfirmation),
    /// It is delivered from now on to all who want it then; refused where it is not kept.
    Commit {
        /// The checkout that it is of.
        checkout_id: Uuid,
        /// The sale.
        transaction_id: String,
    },
    /// It is dropped, also before it was prepared: from then on it is refused.
    Drop {
        /// The checkout that it is of.
        checkout_id: Uuid,
    },
}

/// Keeps confirmations. What was answered is on disk; a commit and its deliveries are written together.
#[async_trait]
pub trait ConfirmationRepository: Send + Sync {
    /// Carries out what is wanted.
    async fn confirm(
        &self,
        wanted: ConfirmationRequest,
        now: Timestamp,
        ids: Arc<dyn IdSource>,
    ) -> Result<ConfirmationAnswer, WriteError>;
}

/// What confirmations work with.
#[derive(Clone)]
pub struct OrderConfirmationsDeps {
    /// Where they are kept.
    pub repository: Arc<dyn ConfirmationRepository>,
    /// The time of day.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn IdSource>,
    /// Woken when something has become due.
    pub senders: Senders,
}

/// Takes confirmations of checkouts, lets them go and drops them.
#[derive(Clone)]
pub struct OrderConfirmations(OrderConfirmationsDeps);

impl OrderConfirmations {
    /// With these dependencies.
    #[must_use]
    pub const fn new(deps: OrderConfirmationsDeps) -> Self {
        Self(deps)
    }

    /// Carries out what is wanted.
    pub async fn perform(
        &self,
        wanted: ConfirmationRequest,
    ) -> Result<ConfirmationAnswer, WriteError> {
        let OrderConfirmationsDeps { repository, clock, ids, senders } = &self.0;
        let is_commit = matches!(wanted, ConfirmationRequest::Commit { .. });
        let answer = repository.confirm(wanted, clock.now(), Arc::clone(ids)).await?;
        if is_commit {
            senders.wake();
        }
        Ok(answer)
    }
}

impl PreparedConfirmation {
    /// What receivers are told of it; it is the one of this number among those that were committed.
    pub(crate) fn news(self, transaction_id: String, sequence: u64, now: Timestamp) -> News {
        let Self { checkout_id, store_id, order_id, lines } = self;
        let event = OrderConfirmedEvent { checkout_id, store_id, order_id, transaction_id, lines };
        let told = CloudEvent {
            id: checkout_id,
            time: now,
            incarnation: None,
            position: Position::new(sequence),
            // prepared, then committed
            stream_version: Version::new(2),
            correlation_id: checkout_id,
            event: IntegrationEvent::OrderConfirmed(event),
        };
        News {
            event_id: told.id,
            event_type: topics::ORDER_CONFIRMED.into(),
            subject: told.event.subject().into(),
            store: Some(StoreId::from_uuid(store_id)),
            payload: told.to_json().into(),
        }
    }
}
