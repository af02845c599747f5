//! What an alert says to people.

use super::{Measured, Observation, RuleKind};

/// A sentence about what was measured, in English, for lists and messages.
#[must_use]
pub fn detail(kind: RuleKind, measured: &Measured, observation: &Observation) -> String {
    let Measured { quantity, threshold, .. } = measured;
    match (kind, observation) {
        (RuleKind::LowStock, _) => {
            format!("{quantity} available, which is at or below the threshold of {threshold}")
        }
        (RuleKind::OutOfStock, _) if *quantity == 0 => "none is available any more".to_owned(),
        (RuleKind::OutOfStock, _) => {
            format!("{quantity} available, which counts as out of stock up to {threshold}")
        }
        (RuleKind::BackInStock, _) => format!("{quantity} available again"),
        (RuleKind::LargeAdjustment, Observation::Stock { adjusted: Some(by), .. }) => {
            format!("the units on hand were corrected by {by:+}, which is {threshold} or more")
        }
        (RuleKind::LargeAdjustment, _) => format!("{quantity} units were corrected"),
        (RuleKind::RefusalRate, _) => {
            format!(
                "{quantity} % of the holds of the last minutes were refused, which is {threshold} % or more"
            )
        }
        (RuleKind::Shortfall, _) => {
            format!("{quantity} units were sold or moved that were not there")
        }
        (RuleKind::TransferOverdue, _) => {
            format!(
                "the transfer has been in transit for {quantity} h, which is {threshold} h or more"
            )
        }
        (RuleKind::SagaDelayed, Observation::Saga { failure: Some(failure), .. }) => {
            format!("a step has failed {quantity} times, lastly: {failure}")
        }
        (RuleKind::SagaDelayed, _) => format!("a step has failed {quantity} times"),
        (RuleKind::ViewDrift, _) => format!("{quantity} rows of the view differ from the log"),
    }
}
