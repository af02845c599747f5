//! Refusals as problems.

use gondola_store_domain::Refusal;
use kit_http::Problem;

use crate::use_cases::WriteError;

impl From<WriteError> for Problem {
    fn from(error: WriteError) -> Self {
        let detail = error.to_string();
        match error {
            WriteError::Refused(refusal) => refused(&refusal),
            WriteError::Changed { actual, .. } => {
                Self::precondition_failed(detail).with("version", actual.get())
            }
            WriteError::Failed(error) => error.into(),
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
