//! The empty handler: what HTTP and JSON alone cost on this machine, to compare the real server with.

use std::net::SocketAddr;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reserve {
    store_id: Uuid,
    product_id: Uuid,
    quantity: u32,
    #[expect(dead_code, reason = "read as the real server reads it")]
    reason: Option<String>,
    #[expect(dead_code, reason = "read as the real server reads it")]
    ttl_seconds: Option<u32>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Reserved {
    reservation_id: Uuid,
    status: &'static str,
    store_id: Uuid,
    product_id: Uuid,
    quantity: u32,
    expires_at: &'static str,
    available: u32,
    version: u64,
    position: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Level {
    store_id: Uuid,
    product_id: Uuid,
    on_hand: u32,
    reserved: u32,
    available: u32,
    offered: u32,
    safety_stock: u32,
    reorder_point: u32,
    version: u64,
    position: u64,
    as_of: &'static str,
}

/// Serves handlers that do nothing but read and write the JSON of a reservation and of a stock level, for ever.
pub async fn serve_empty(listen: SocketAddr) -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::bind(listen).await?;
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::warn!(%error, "no TCP_NODELAY");
        }
    });
    axum::serve(listener, routes()).await
}

pub(super) fn routes() -> Router {
    Router::new()
        .route("/health/ready", get(|| async { StatusCode::OK }))
        .route("/api/v1/inventory/reserve", post(reserve))
        .route("/api/v1/inventory/stores/{store}/products/{product}", get(level))
}

async fn reserve(Json(asked): Json<Reserve>) -> (StatusCode, Json<Reserved>) {
    let reserved = Reserved {
        reservation_id: asked.product_id,
        status: "active",
        store_id: asked.store_id,
        product_id: asked.product_id,
        quantity: asked.quantity,
        expires_at: "2026-11-27T00:00:00.000Z",
        available: 123_456,
        version: 1_234,
        position: 1_234_567,
    };
    (StatusCode::CREATED, Json(reserved))
}

async fn level(Path((store_id, product_id)): Path<(Uuid, Uuid)>) -> Json<Level> {
    Json(Level {
        store_id,
        product_id,
        on_hand: 1_000_000,
        reserved: 123_456,
        available: 876_544,
        offered: 876_544,
        safety_stock: 0,
        reorder_point: 0,
        version: 1_234,
        position: 1_234_567,
        as_of: "2026-11-27T00:00:00.000Z",
    })
}
