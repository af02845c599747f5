//! Receiving what a till sold while it was offline.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use gondola_inventory_domain::{
    POS_LINES_MAX, POS_SEQUENCE_MAX, PosBatchTerms, PosLine, StoreId, TillId,
};
use http::header::LOCATION;
use http::{HeaderValue, StatusCode};
use kit_core::Timestamp;
use kit_http::{CallerHeaders, Json, Problem, Problems, mark_replayed};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::body::PosBatchBody;
use super::faults::Faults;
use super::line::{PosBatchLine, ReadLine};
use crate::http::AppState;
use crate::http::names::store_ref;
use crate::use_cases::{ProductRef, UnknownName};

/// Longest body: the most lines, with names as long as they may be.
pub(in crate::http) const BODY_BYTES_MAX: usize = 1024 * 1024;

/// What a till sold while it was offline, under a number of its own.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "storeCode": "SP-PAULISTA", "tillId": "3", "sequence": 18, "openedAt": "2026-11-27T10:00:00Z",
    "lines": [
        {"lineId": "1", "productSku": "PROD123456", "quantity": 2, "occurredAt": "2026-11-27T10:15:30Z", "transactionId": "R-4711"},
        {"lineId": "2", "productSku": "PROD123457", "quantity": 1, "type": "return", "occurredAt": "2026-11-27T10:16:02Z", "transactionId": "R-4712"}
    ]
}))]
pub(in crate::http) struct PosBatchRequest {
    /// The store, by id; this or `storeCode`.
    #[serde(skip_serializing_if = "Option::is_none")]
    store_id: Option<Uuid>,
    /// The store, by its code in the catalogue.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64)]
    store_code: Option<String>,
    /// The till, by the name that the store gives it.
    #[schema(min_length = 1, max_length = 64)]
    till_id: String,
    /// The till's number of the batch: 1, 2, 3, each used once. They may come late and in any order.
    #[schema(minimum = 1, maximum = 1_000_000_000_000_u64)]
    sequence: u64,
    /// When the till began it; no line is from before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    opened_at: Option<Timestamp>,
    /// 1 to 2000 lines.
    #[schema(min_items = 1, max_items = 2000)]
    lines: Vec<PosBatchLine>,
}

impl PosBatchRequest {
    /// What is sent, or all that is wrong with it.
    async fn read(&self, state: &AppState, store: StoreId) -> Result<PosBatchTerms, Problem> {
        let mut faults = Faults::default();
        let till = faults.take(|| "/tillId".to_owned(), TillId::new(&self.till_id));
        if !(1..=POS_SEQUENCE_MAX).contains(&self.sequence) {
            let range = format!("a sequence is 1 to {POS_SEQUENCE_MAX}, not {}", self.sequence);
            faults.note("/sequence".to_owned(), &range);
        }
        let count = self.lines.len();
        if !(1..=POS_LINES_MAX).contains(&count) {
            let range = format!("a batch has 1 to {POS_LINES_MAX} lines, not {count}");
            faults.note("/lines".to_owned(), &range);
            return Err(faults.problem());
        }
        self.check_ids(&mut faults);
        let read = self.lines.iter().enumerate();
        let read: Vec<_> = read.map(|(place, line)| line.read(place, &mut faults)).collect();
        let lines = look_up(state, read, &mut faults).await?;
        let Some(till) = till.filter(|_| faults.is_none()) else {
            // one answer tells all: moments too, which are judged when it is received otherwise
            let now = state.pos_batches.now();
            for (place, line) in &lines {
                if let Some(fault) = line.time_fault(self.opened_at, now) {
                    faults.note(format!("/lines/{place}/occurredAt"), &fault);
                }
            }
            return Err(faults.problem());
        };
        let lines = lines.into_iter().map(|(_, line)| line).collect();
        let (sequence, opened_at) = (self.sequence, self.opened_at);
        Ok(PosBatchTerms { store, till, sequence, opened_at, lines })
    }

    /// A line that comes twice would be sold twice.
    fn check_ids(&self, faults: &mut Faults) {
        let mut places = HashMap::new();
        for (place, line) in self.lines.iter().enumerate() {
            let Some(id) = line.line_id() else { continue };
            if let Some(first) = places.insert(id, place) {
                let detail =
                    format!("line {first} has the same lineId: give each line one of its own");
                faults.note(format!("/lines/{place}/lineId"), &detail);
            }
        }
    }
}

/// Finds the products of lines that could be read, and gives those lines with their places.
async fn look_up(
    state: &AppState,
    read: Vec<Option<ReadLine>>,
    faults: &mut Faults,
) -> Result<Vec<(usize, PosLine)>, Problem> {
    let named: Vec<ProductRef> = read.iter().flatten().map(|line| line.product().clone()).collect();
    let mut found = state.catalogue.products(&named).await.into_iter();
    let mut lines = Vec::with_capacity(read.len());
    for (place, line) in read.into_iter().enumerate() {
        let Some(line) = line else { continue };
        match found.next() {
            Some(Ok(product)) => lines.push((place, line.of(product))),
            Some(Err(filling @ UnknownName::Filling)) => return Err(filling.into()),
            Some(Err(unknown)) => faults.note(format!("/lines/{place}/productSku"), &unknown),
            None => {}
        }
    }
    Ok(lines)
}

/// Merge what a till sold while it was offline.
///
/// A batch is received whole or refused whole, with every fault in `errors`. Its lines take effect at their own times: in
/// whatever order batches come and however often, the stock is the same in the end. They tell what has happened, so that
/// nothing is refused for what the books say: what they lacked is told in `shortfalls`, line by line. 201 says that it is
/// merged, 200 that it was received before, 202 that merging goes on: look at `Location`. 409 says that the till has sent
/// something else under this number, and where that differs. No `Idempotency-Key` is needed: the number is one, for ever.
#[utoipa::path(
    post, path = "/api/v1/inventory/pos-batches", tag = "Tills", operation_id = "uploadPosBatch",
    request_body = PosBatchRequest,
    responses(
        (status = 200, description = "Received before; as it stands by now", body = PosBatchBody),
        (status = 201, description = "Merged", body = PosBatchBody),
        (status = 202, description = "Received, and still being merged", body = PosBatchBody),
        Problems
    )
)]
pub(in crate::http) async fn upload_pos_batch(
    State(state): State<Arc<AppState>>,
    headers: CallerHeaders,
    Json(body): Json<PosBatchRequest>,
) -> Result<Response, Problem> {
    let caller = headers.caller(&body);
    let store = store_ref(body.store_id, body.store_code.as_deref())?;
    let store = state.catalogue.store(&store, &caller.scope).await?;
    let terms = body.read(&state, store).await?;
    let done = state.pos_batches.receive(terms, caller).await?;
    let answer = PosBatchBody::of(&done.answer, done.position, &state.catalogue)
        .ok_or_else(|| Problem::internal("a batch that was received is not there"))?;
    let status = match (done.answer.batch.is_merged(), done.repeated) {
        (false, _) => StatusCode::ACCEPTED,
        (true, true) => StatusCode::OK,
        (true, false) => StatusCode::CREATED,
    };
    let mut response = (status, Json(answer)).into_response();
    let headers = response.headers_mut();
    if done.repeated {
        mark_replayed(headers);
    }
    let place = format!("/api/v1/inventory/pos-batches/{}", done.answer.id);
    // ids are visible ASCII
    if let Ok(place) = HeaderValue::try_from(place) {
        headers.insert(LOCATION, place);
    }
    Ok(response)
}
