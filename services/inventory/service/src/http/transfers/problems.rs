//! How refusals of transfers look to a caller.

use gondola_inventory_domain::TransferRefusal;
use http::StatusCode;
use kit_http::Problem;

use crate::process_managers::transfers::TransferError;

impl From<TransferError> for Problem {
    fn from(error: TransferError) -> Self {
        match error {
            TransferError::Refused(refusal) => refused(&refusal),
            TransferError::UnknownName(error) => error.into(),
            TransferError::InvalidLines(error) => Self::invalid("lines", error.to_string()),
            TransferError::Failed(error) => error.into(),
            TransferError::Read(error) => error.into(),
        }
    }
}

fn refused(refusal: &TransferRefusal) -> Problem {
    let (code, detail) = (refusal.code(), refusal.to_string());
    let unprocessable = |title| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, title);
    let problem = match refusal {
        TransferRefusal::Unknown => return Problem::not_found(detail),
        TransferRefusal::Exists => Problem::conflict(code, "Not what the transfer is at"),
        TransferRefusal::NotNow { status, .. } => {
            Problem::conflict(code, "Not what the transfer is at")
                .with("transferStatus", status.as_str())
        }
        TransferRefusal::ReferenceTaken { transfer, .. } => {
            Problem::conflict(code, "Reference taken").with("transferId", transfer.to_string())
        }
        TransferRefusal::Busy => Problem::conflict(code, "Transfer busy"),
        TransferRefusal::OccurredInFuture { .. } => unprocessable("Time in the future"),
        _ => unprocessable("Not a valid transfer"),
    };
    problem.detail(detail)
}
