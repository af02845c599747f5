//! How refusals about sagas look to an operator.

use kit_http::Problem;
use kit_process_manager::DriveError;

use crate::process_managers::sagas::SagaError;

impl From<SagaError> for Problem {
    fn from(error: SagaError) -> Self {
        let detail = error.to_string();
        match error {
            SagaError::Unknown(_) => Self::not_found(detail),
            SagaError::Ended(_) | SagaError::Waiting(_) | SagaError::Final(_) => {
                Self::conflict("saga-state", "Not what the saga is at").detail(detail)
            }
            SagaError::StepUnderWay(step) => {
                Self::conflict("saga-state", "Not what the saga is at")
                    .detail(detail)
                    .with("step", step.number)
            }
            SagaError::Failed(failed) => {
                let problem =
                    Self::conflict("saga-step-failed", "Step failed again").detail(detail);
                match failed {
                    DriveError::Step { step, detail } => {
                        problem.with("step", step).with("lastError", detail)
                    }
                    DriveError::Log(_) => problem,
                }
            }
            SagaError::Transfer(error) => error.into(),
            SagaError::SplitReservation(error) => error.into(),
            SagaError::Checkout(error) => error.into(),
            SagaError::Stocktake(error) => error.into(),
            SagaError::Read(error) => error.into(),
        }
    }
}
