//! Refusals as problems.

use gondola_notification_domain::alerts::AlertRefusal;
use http::StatusCode;
use kit_http::Problem;

use crate::use_cases::alerts::AlertError;

impl From<AlertError> for Problem {
    fn from(error: AlertError) -> Self {
        let detail = error.to_string();
        match error {
            AlertError::UnknownAlert(_) => {
                Self::new(StatusCode::NOT_FOUND, "alert-not-found", "Not found").detail(detail)
            }
            AlertError::UnknownRule(_) => {
                Self::new(StatusCode::NOT_FOUND, "alert-rule-not-found", "Not found").detail(detail)
            }
            AlertError::Refused(AlertRefusal::Resolved(_)) => {
                Self::conflict("alert-resolved", "The alert is resolved").detail(detail)
            }
            AlertError::KeyReused(_) => Self::idempotency_key_reused(detail),
            AlertError::Changed { actual, .. } => {
                Self::precondition_failed(detail).with("version", actual.get())
            }
            AlertError::OtherKind { .. } => Self::invalid("kind", detail),
            AlertError::TooMany { .. } => {
                Self::conflict("too-many-alert-rules", "Too many alert rules").detail(detail)
            }
            AlertError::Failed(_) => Self::internal(detail),
        }
    }
}
