//! Sending once more what has ended.

use gondola_notification_domain::{DeliveryId, WebhookId};
use kit_core::Timestamp;
use kit_http::{Json, Path, Problem, Problems};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::delivery_body::DeliveryStateWord;
use super::{Context, problems};
use crate::http::Here;
use crate::use_cases::Range;

const TAG: &str = "Webhooks";

/// What was made due.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Replayed {
    /// How many are sent once more; one that waits anyway is not counted.
    replayed: usize,
    /// Whether there may be more than one request takes, which is 10,000: send it again.
    has_more: bool,
}

impl Replayed {
    /// So many, and perhaps more.
    pub(in crate::http) const fn new(replayed: usize, has_more: bool) -> Self {
        Self { replayed, has_more }
    }
}

/// Which deliveries are sent once more.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ReplayDeliveries {
    /// Made at this moment or later.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// Made before this moment; now, unless said.
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    /// Those that stand so: `dead`, unless said.
    #[serde(default = "dead")]
    state: DeliveryStateWord,
}

const fn dead() -> DeliveryStateWord {
    DeliveryStateWord::Dead
}

/// Sends one delivery once more, with the id that it had: at once, and with all attempts that a new one has.
#[utoipa::path(
    post, path = "/api/v1/webhooks/{webhookId}/deliveries/{deliveryId}/replay", tag = TAG,
    operation_id = "replayWebhookDelivery",
    params(
        ("webhookId" = uuid::Uuid, Path, description = "To which webhook"),
        ("deliveryId" = uuid::Uuid, Path, description = "Which"),
    ),
    responses((status = 200, description = "It is due", body = Replayed), Problems)
)]
pub(super) async fn replay_delivery(
    Here(context): Here<Context>,
    Path((webhook, id)): Path<(WebhookId, DeliveryId)>,
) -> Result<Json<Replayed>, Problem> {
    let found = context.read_model.delivery(webhook, id).await?;
    found.ok_or_else(|| problems::unknown_delivery(webhook, id))?;
    let replayed = context.webhooks.replay_one(webhook, id).await?;
    Ok(Json(Replayed { replayed, has_more: false }))
}

/// Sends the deliveries of a time once more, such as those that were given up while a receiver was away.
#[utoipa::path(
    post, path = "/api/v1/webhooks/{webhookId}/replay", tag = TAG, request_body = ReplayDeliveries,
    operation_id = "replayWebhookDeliveries",
    params(("webhookId" = uuid::Uuid, Path, description = "Which")),
    responses((status = 200, description = "They are due", body = Replayed), Problems)
)]
pub(super) async fn replay_deliveries(
    Here(context): Here<Context>,
    Path(webhook): Path<WebhookId>,
    Json(body): Json<ReplayDeliveries>,
) -> Result<Json<Replayed>, Problem> {
    let ReplayDeliveries { since, until, state } = body;
    if state == DeliveryStateWord::Pending {
        return Err(Problem::invalid(
            "state",
            "what is pending is sent anyway: say dead or delivered",
        ));
    }
    context.webhook(webhook).await?;
    let range = Range { state: state.state(), since, until };
    let (replayed, has_more) = context.webhooks.replay_range(webhook, range).await?;
    Ok(Json(Replayed { replayed, has_more }))
}
