//! Refusals as problems.

use gondola_store_domain::Refusal;
use kit_http::Problem;

use super::{Resource, not_found};
use crate::use_cases::WriteError;

impl<A: Resource> From<WriteError<A>> for Problem {
    fn from(error: WriteError<A>) -> Self {
        let detail = error.to_string();
        match error {
            WriteError::Refused(refusal) => refused(&refusal),
            WriteError::Changed { actual, .. } => {
                Self::precondition_failed(detail).with("version", actual.get())
            }
            WriteError::Failed(error) => error.into(),
            WriteError::Read(error) => error.into(),
        }
    }
}

fn refused<A: Resource>(refusal: &Refusal<A>) -> Problem {
    let detail = refusal.to_string();
    match refusal {
        Refusal::AlreadyRegistered { id, code } => {
            let problem = Problem::conflict(refusal.code(), A::ALREADY_REGISTERED).detail(detail);
            let problem = problem.with(A::ID_MEMBER, id.to_string());
            problem.with(A::CODE_MEMBER, code.to_string())
        }
        Refusal::GtinTaken { gtin, holder } => {
            let problem = Problem::conflict(refusal.code(), "Barcode taken").detail(detail);
            problem.with(A::ID_MEMBER, holder.to_string()).with("gtin", gtin.as_str())
        }
        Refusal::ParentNotFound { parent } => {
            let problem = Problem::conflict(refusal.code(), "Parent not found").detail(detail);
            problem.with("parent", parent.to_string())
        }
        Refusal::Circle { .. } => Problem::conflict(refusal.code(), "Below itself").detail(detail),
        Refusal::TooDeep { .. } => Problem::conflict(refusal.code(), "Too far down").detail(detail),
        Refusal::InUse { children, products, offers, .. } => {
            let problem = Problem::conflict(refusal.code(), "Still in use").detail(detail);
            if A::IS_TREE {
                problem.with("children", *children).with("products", *products)
            } else {
                problem.with("offers", *offers)
            }
        }
        Refusal::PreferredTaken { supplier } => {
            let problem =
                Problem::conflict(refusal.code(), "Another one is preferred").detail(detail);
            problem.with("supplierCode", supplier.as_str())
        }
        Refusal::SupplierUnavailable { supplier } => {
            let problem =
                Problem::conflict(refusal.code(), "Supplier not available").detail(detail);
            problem.with("supplierCode", supplier.to_string())
        }
        Refusal::NotFound { .. } => not_found::<A>(detail),
    }
}
