//! Refusals and failures as problems.

use std::time::Duration;

use gondola_store_domain::Refusal;
use kit_event_store::StoreError;
use kit_http::Problem;

use crate::use_cases::{ReadError, WriteError};

/// When to try again after the catalogue was too busy.
const RETRY_AFTER: Duration = Duration::from_secs(1);

impl From<WriteError> for Problem {
    fn from(error: WriteError) -> Self {
        let detail = error.to_string();
        match error {
            WriteError::Refused(refusal) => refused(&refusal),
            WriteError::Changed { actual, .. } => {
                Self::precondition_failed(detail).with("version", actual.get())
            }
            WriteError::KeyReused => Self::idempotency_key_reused(detail),
            WriteError::Conflict(_) => Self::concurrency_conflict(detail),
            WriteError::Overloaded => Self::unavailable(detail, RETRY_AFTER),
            WriteError::Store(error) => store(&error),
        }
    }
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Behind { .. } | ReadError::Overloaded => {
                Self::unavailable(error.to_string(), RETRY_AFTER)
            }
            ReadError::BeyondEnd { .. } => Self::invalid("minPosition", error.to_string()),
            ReadError::Store(error) => store(&error),
            ReadError::View(_) => Self::internal(error),
        }
    }
}

fn refused(refusal: &Refusal) -> Problem {
    let (code, detail) = (refusal.code(), refusal.to_string());
    let conflict = |title| Problem::conflict(code, title).detail(&detail);
    match refusal {
        Refusal::StoreAlreadyRegistered { store_id, code } => {
            let problem = conflict("Store already registered");
            problem.with("storeId", store_id).with("storeCode", code.as_str())
        }
        Refusal::ProductAlreadyRegistered { product_id, sku } => {
            let problem = conflict("Product already registered");
            problem.with("productId", product_id).with("productSku", sku.as_str())
        }
        Refusal::StoreNotFound { .. } | Refusal::ProductNotFound { .. } => {
            Problem::not_found(detail)
        }
    }
}

/// An unknown outcome is told as such: the caller must not take it for a failure.
fn store(error: &StoreError) -> Problem {
    match error {
        StoreError::Unavailable(_) | StoreError::Stopped(_) => {
            Problem::unavailable("the catalogue cannot be changed or read now", RETRY_AFTER)
        }
        StoreError::Unknown { .. } => Problem::outcome_unknown(RETRY_AFTER),
        StoreError::Corrupt(_) => Problem::internal(error),
    }
}
