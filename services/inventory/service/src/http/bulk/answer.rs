//! The answer to one line of a bulk write.

use std::sync::Arc;

use gondola_inventory_domain::ProductId;
use kit_core::{Timestamp, Version};
use kit_executor::CommandReceipt;
use kit_http::Problem;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::use_cases::{Catalogue, StockAnswer};

/// The answer to one line, in the order of the lines.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct BatchAnswer<'a> {
    /// Number of the line, from 1.
    line: usize,
    /// Status, as the line's own route would have it.
    status: u16,
    /// Stable name of the problem, when it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    /// The problem, when it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<&'a Problem>,
    /// The reservation that it concerns.
    #[serde(skip_serializing_if = "Option::is_none")]
    reservation_id: Option<Uuid>,
    /// Its deadline.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// The product.
    #[serde(skip_serializing_if = "Option::is_none")]
    product_id: Option<Uuid>,
    /// Its SKU, if the catalogue has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    product_sku: Option<Arc<str>>,
    /// Units available after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    available: Option<u32>,
    /// Version of the stock level after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u64>,
    /// Position of the change.
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<u64>,
    /// Whether it repeats the answer to an earlier sending.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    replayed: bool,
}

impl<'a> BatchAnswer<'a> {
    /// A line that was done.
    pub(super) fn done(
        line: usize,
        status: u16,
        done: &CommandReceipt<StockAnswer>,
        catalogue: &Catalogue,
    ) -> Self {
        let mut answer = Self { line, status, ..Self::default() };
        answer.position = Some(done.position.get());
        answer.replayed = done.repeated;
        match &done.answer {
            StockAnswer::Level(level) => {
                answer.about(level.product, level.available(), level.version);
            }
            StockAnswer::Reservation(reservation) => {
                answer.reservation_id = Some(reservation.id.as_uuid());
                answer.expires_at = reservation.expires_at;
                // of a basket only the first: a line of a bulk write makes none
                if let Some(first) = reservation.lines.first() {
                    answer.about(first.product, first.available, first.version);
                }
            }
        }
        let product = answer.product_id.map(ProductId::from_uuid);
        answer.product_sku = product.and_then(|id| Some(catalogue.of_product(id)?.code));
        answer
    }

    fn about(&mut self, product: ProductId, available: u32, version: Version) {
        self.product_id = Some(product.as_uuid());
        self.available = Some(available);
        self.version = Some(version.get());
    }

    /// A line that was not done.
    pub(super) fn failed(line: usize, problem: &'a Problem) -> Self {
        Self {
            line,
            status: problem.status().as_u16(),
            code: Some(problem.code()),
            problem: Some(problem),
            ..Self::default()
        }
    }
}
