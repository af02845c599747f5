//! Order confirmations for an inventory in another process, which asks as its checkouts go on.

use gondola_contracts::ConfirmedLine;
use kit_http::{Json, Problem, Problems};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Context, Here};
use crate::use_cases::{ConfirmationAnswer, ConfirmationRequest, PreparedConfirmation};

const TAG: &str = "Order confirmations";

/// Lines of a confirmation: as many as a checkout has at most.
const LINES_MAX: usize = 500;

/// What an order's confirmation will say.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PrepareOrderConfirmation {
    /// The checkout that it is of; of each there is one confirmation, for ever.
    checkout_id: Uuid,
    /// The store that serves it.
    store_id: Uuid,
    /// The order, if it is known.
    #[schema(max_length = 100)]
    order_id: Option<String>,
    /// 1 to 500 lines.
    #[schema(min_items = 1, max_items = 500)]
    lines: Vec<OrderConfirmationLine>,
}

/// How many of a product.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct OrderConfirmationLine {
    /// The product.
    product_id: Uuid,
    /// Units.
    #[schema(minimum = 1)]
    quantity: u32,
}

/// A sale whose confirmation is let go.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct CommitOrderConfirmation {
    /// The checkout that it is of.
    checkout_id: Uuid,
    /// The sale.
    #[schema(min_length = 1, max_length = 100)]
    transaction_id: String,
}

/// A checkout that came to nothing.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct DropOrderConfirmation {
    /// The checkout that it is of.
    checkout_id: Uuid,
}

/// Whether it was done.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct OrderConfirmationAnswer {
    status: OrderConfirmationStatus,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum OrderConfirmationStatus {
    /// It is on disk.
    Taken,
    /// It is not, and never will be.
    Refused,
}

impl From<ConfirmationAnswer> for OrderConfirmationAnswer {
    fn from(answer: ConfirmationAnswer) -> Self {
        match answer {
            ConfirmationAnswer::Taken => {
                Self { status: OrderConfirmationStatus::Taken, detail: None }
            }
            ConfirmationAnswer::Refused(why) => {
                Self { status: OrderConfirmationStatus::Refused, detail: Some(why) }
            }
        }
    }
}

impl PrepareOrderConfirmation {
    fn parse(self) -> Result<PreparedConfirmation, Problem> {
        let Self { checkout_id, store_id, order_id, lines } = self;
        if lines.is_empty() || lines.len() > LINES_MAX {
            let detail = format!("it has {} lines, and must have 1 to {LINES_MAX}", lines.len());
            return Err(Problem::invalid("lines", detail));
        }
        if lines.iter().any(|line| line.quantity == 0) {
            return Err(Problem::invalid("quantity", "a line must be of one unit at least"));
        }
        check_name("orderId", order_id.as_deref())?;
        let line = |line: OrderConfirmationLine| {
            let OrderConfirmationLine { product_id, quantity } = line;
            ConfirmedLine { product_id, quantity }
        };
        let lines = lines.into_iter().map(line).collect();
        Ok(PreparedConfirmation { checkout_id, store_id, order_id, lines })
    }
}

/// Refuses what cannot be the name of an order or a sale.
fn check_name(field: &str, name: Option<&str>) -> Result<(), Problem> {
    let length = name.map_or(1, |name| name.chars().count());
    if (1..=100).contains(&length) {
        return Ok(());
    }
    Err(Problem::invalid(field, format!("it has {length} characters, and must have 1 to 100")))
}

async fn perform(
    context: &Context,
    wanted: ConfirmationRequest,
) -> Result<Json<OrderConfirmationAnswer>, Problem> {
    Ok(Json(context.order_confirmations.perform(wanted).await?.into()))
}

/// Keeps the confirmation of a checkout, and sends nothing yet; `refused` where nobody is to be told of it, and after it was
/// dropped.
///
/// For the inventory, as a step of its checkouts. It is done once, however often it comes, and answered as the first time.
#[utoipa::path(
    post, path = "/api/v1/order-confirmations/prepare", tag = TAG, request_body = PrepareOrderConfirmation,
    responses((status = 200, description = "Whether it is kept", body = OrderConfirmationAnswer), Problems)
)]
pub(super) async fn prepare_order_confirmation(
    Here(context): Here<Context>,
    Json(body): Json<PrepareOrderConfirmation>,
) -> Result<Json<OrderConfirmationAnswer>, Problem> {
    perform(&context, ConfirmationRequest::Prepare(body.parse()?)).await
}

/// Lets a confirmation that is kept go: it is delivered from now on to all who want it.
///
/// It is done once, however often it comes; `refused` where it is not kept.
#[utoipa::path(
    post, path = "/api/v1/order-confirmations/commit", tag = TAG, request_body = CommitOrderConfirmation,
    responses((status = 200, description = "Whether it was let go", body = OrderConfirmationAnswer), Problems)
)]
pub(super) async fn commit_order_confirmation(
    Here(context): Here<Context>,
    Json(body): Json<CommitOrderConfirmation>,
) -> Result<Json<OrderConfirmationAnswer>, Problem> {
    let CommitOrderConfirmation { checkout_id, transaction_id } = body;
    check_name("transactionId", Some(&transaction_id))?;
    perform(&context, ConfirmationRequest::Commit { checkout_id, transaction_id }).await
}

/// Drops a confirmation, also before it was prepared: from then on it is refused. One that was let go stays so.
#[utoipa::path(
    post, path = "/api/v1/order-confirmations/drop", tag = TAG, request_body = DropOrderConfirmation,
    responses((status = 200, description = "It is dropped", body = OrderConfirmationAnswer), Problems)
)]
pub(super) async fn drop_order_confirmation(
    Here(context): Here<Context>,
    Json(body): Json<DropOrderConfirmation>,
) -> Result<Json<OrderConfirmationAnswer>, Problem> {
    let DropOrderConfirmation { checkout_id } = body;
    perform(&context, ConfirmationRequest::Drop { checkout_id }).await
}
