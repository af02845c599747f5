//! Receiving, correcting and counting stock, and its policy.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use gondola_inventory_domain::{Command, ProductId, StoreId};
use http::StatusCode;
use kit_core::Caller;
use kit_http::{Json, Problem, Problems};

use super::body::{AddStockRequest, AdjustStockRequest, CountStockRequest, StockPolicyRequest};
use super::sender::Sender;
use super::view::{StockLevelBody, answered, only_level};
use super::{Context, problems};
use crate::use_cases::{ProductRef, StoreCommand, StoreRef};

/// Receive units.
#[utoipa::path(
    post, path = "/api/v1/inventory/stock", tag = "Stock", operation_id = "addStock",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours")),
    request_body = AddStockRequest,
    responses((status = 201, description = "Received", body = StockLevelBody), Problems)
)]
pub(super) async fn add(
    State(context): State<Arc<Context>>,
    sender: Sender,
    Json(body): Json<AddStockRequest>,
) -> Result<Response, Problem> {
    let command = body.command()?;
    let level = context.level(&body.level()?).await?;
    context.change(level, command, sender.by("stock", &body, None), StatusCode::CREATED).await
}

/// Correct stock by a difference.
///
/// Breakage, theft, a sale of an offline till.
#[utoipa::path(
    post, path = "/api/v1/inventory/adjust", tag = "Stock", operation_id = "adjustStock",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours")),
    request_body = AdjustStockRequest,
    responses((status = 200, description = "Corrected", body = StockLevelBody), Problems)
)]
pub(super) async fn adjust(
    State(context): State<Arc<Context>>,
    sender: Sender,
    Json(body): Json<AdjustStockRequest>,
) -> Result<Response, Problem> {
    let command = body.command()?;
    let level = context.level(&body.level()?).await?;
    context.change(level, command, sender.by("adjust", &body, None), StatusCode::OK).await
}

/// Set stock to what was counted on the shelf.
///
/// Movements recorded since `occurredAt` are not undone.
#[utoipa::path(
    post, path = "/api/v1/inventory/count", tag = "Stock", operation_id = "countStock",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours")),
    request_body = CountStockRequest,
    responses((status = 200, description = "Counted", body = StockLevelBody), Problems)
)]
pub(super) async fn count(
    State(context): State<Arc<Context>>,
    sender: Sender,
    Json(body): Json<CountStockRequest>,
) -> Result<Response, Problem> {
    let count = body.count()?;
    let (store, product) = context.level(&body.level()?).await?;
    let placed = context.writes.place_count(store, product, count).await;
    let command = Command::CountStock(placed.map_err(problems::written)?);
    context.change((store, product), command, sender.by("count", &body, None), StatusCode::OK).await
}

/// Change safety stock and reorder point.
#[utoipa::path(
    post, path = "/api/v1/inventory/policy", tag = "Stock", operation_id = "setStockPolicy",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours")),
    request_body = StockPolicyRequest,
    responses((status = 200, description = "Changed", body = StockLevelBody), Problems)
)]
pub(super) async fn set_policy(
    State(context): State<Arc<Context>>,
    sender: Sender,
    Json(body): Json<StockPolicyRequest>,
) -> Result<Response, Problem> {
    let command = body.command()?;
    let level = context.level(&body.level()?).await?;
    context.change(level, command, sender.by("policy", &body, None), StatusCode::OK).await
}

impl Context {
    /// Finds the stock level that a request names.
    pub(super) async fn level(
        &self,
        (store, product): &(StoreRef, ProductRef),
    ) -> Result<(StoreId, ProductId), Problem> {
        Ok((self.store(store).await?, self.product(product).await?))
    }

    /// Executes a command to one stock level and renders it.
    async fn change(
        &self,
        (store, product): (StoreId, ProductId),
        command: Command,
        caller: Caller,
        status: StatusCode,
    ) -> Result<Response, Problem> {
        let command = StoreCommand::single(store, product, command);
        let done = self.writes.execute(command, caller).await.map_err(problems::written)?;
        Ok(answered(status, &done, only_level(&done)?))
    }
}
