//! The notification service in another process, asked by HTTP to keep, to let go and to drop confirmations.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use gondola_inventory_domain::{CheckoutId, PositiveQuantity, TransactionRef};
use kit_http_client::ServiceClient;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::use_cases::{ConfirmationAnswer, OrderConfirmations, PreparedConfirmation};

/// The routes of the notification service that checkouts ask.
const PREPARE: &str = "/api/v1/order-confirmations/prepare";
const COMMIT: &str = "/api/v1/order-confirmations/commit";
const DROP: &str = "/api/v1/order-confirmations/drop";

/// Longest wait for an answer, which comes after a flush of a disk; the step is tried again afterwards.
const ANSWER_WAIT: Duration = Duration::from_secs(1);

/// The notification service, as this context asks it.
pub struct HttpOrderConfirmations(ServiceClient);

impl HttpOrderConfirmations {
    /// Asks by a client of the notification service.
    #[must_use]
    pub fn new(client: ServiceClient) -> Arc<Self> {
        Arc::new(Self(client))
    }

    async fn ask(
        &self,
        path: &'static str,
        wanted: &impl Serialize,
    ) -> Result<ConfirmationAnswer, String> {
        let Answer { status, detail } =
            self.0.ask(path, wanted, ANSWER_WAIT).await.map_err(|error| error.to_string())?;
        Ok(match status {
            Status::Taken => ConfirmationAnswer::Taken,
            Status::Refused => ConfirmationAnswer::Refused(detail.unwrap_or_default()),
        })
    }

    /// The same of what must be done: a refusal is an error.
    async fn insist(&self, path: &'static str, wanted: &impl Serialize) -> Result<(), String> {
        match self.ask(path, wanted).await? {
            ConfirmationAnswer::Taken => Ok(()),
            ConfirmationAnswer::Refused(why) => Err(why),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Prepare {
    checkout_id: Uuid,
    store_id: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_id: Option<String>,
    lines: Vec<Line>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    product_id: Uuid,
    quantity: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Commit {
    checkout_id: Uuid,
    transaction_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Drop {
    checkout_id: Uuid,
}

#[derive(Deserialize)]
struct Answer {
    status: Status,
    detail: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Status {
    Taken,
    Refused,
}

impl From<PreparedConfirmation> for Prepare {
    fn from(wanted: PreparedConfirmation) -> Self {
        let PreparedConfirmation { checkout, store, order, lines } = wanted;
        let lines = lines.into_iter().map(|(product, quantity)| Line {
            product_id: product.as_uuid(),
            quantity: PositiveQuantity::get(quantity),
        });
        Self {
            checkout_id: checkout.as_uuid(),
            store_id: store.as_uuid(),
            order_id: order.map(|order| order.to_string()),
            lines: lines.collect(),
        }
    }
}

#[async_trait]
impl OrderConfirmations for HttpOrderConfirmations {
    async fn prepare(&self, wanted: PreparedConfirmation) -> Result<ConfirmationAnswer, String> {
        self.ask(PREPARE, &Prepare::from(wanted)).await
    }

    async fn commit(&self, id: CheckoutId, sale: TransactionRef) -> Result<(), String> {
        let (checkout_id, transaction_id) = (id.as_uuid(), sale.to_string());
        self.insist(COMMIT, &Commit { checkout_id, transaction_id }).await
    }

    async fn drop_prepared(&self, id: CheckoutId) -> Result<(), String> {
        self.insist(DROP, &Drop { checkout_id: id.as_uuid() }).await
    }
}
