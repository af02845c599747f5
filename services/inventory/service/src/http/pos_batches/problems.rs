//! How refusals of batches look to a caller.

use gondola_inventory_domain::{PosBatchRefusal, PosDifference};
use kit_http::Problem;
use serde::Serialize;

use super::faults::Faults;
use crate::process_managers::pos_batches::PosBatchError;

/// A field that differs between what was received and what is sent under the same number.
#[derive(Debug, Serialize)]
struct Difference {
    pointer: String,
    received: Option<String>,
    sent: Option<String>,
}

impl From<PosBatchError> for Problem {
    fn from(error: PosBatchError) -> Self {
        match error {
            PosBatchError::Refused(refusal) => refused(refusal),
            PosBatchError::UnknownName(error) => error.into(),
            PosBatchError::Failed(error) => error.into(),
            PosBatchError::Read(error) => error.into(),
        }
    }
}

fn refused(refusal: PosBatchRefusal) -> Problem {
    let (code, detail) = (refusal.code(), refusal.to_string());
    let mut faults = Faults::default();
    match refusal {
        PosBatchRefusal::Unknown => return Problem::not_found(detail),
        PosBatchRefusal::SequenceReused { differences } => {
            let told = |one: PosDifference| {
                let PosDifference { pointer, received, sent } = one;
                Difference { pointer, received, sent }
            };
            let differences: Vec<_> = differences.into_iter().map(told).collect();
            let problem = Problem::conflict(code, "Sequence used for another batch");
            return problem.detail(detail).with("differences", differences);
        }
        PosBatchRefusal::Sequence(_) => faults.note("/sequence".to_owned(), &detail),
        PosBatchRefusal::LineCount(_) => faults.note("/lines".to_owned(), &detail),
        PosBatchRefusal::Times(times) => {
            for (place, fault) in times {
                faults.note(format!("/lines/{place}/occurredAt"), &fault);
            }
        }
    }
    faults.problem()
}
