//! How refusals of stocktakes look to a caller.

use gondola_inventory_domain::{ProductId, StocktakeRefusal};
use http::StatusCode;
use kit_http::Problem;

use crate::process_managers::stocktakes::StocktakeError;

/// Most products that a problem names: the first ones say what happened.
const NAMED_MAX: usize = 20;

impl From<StocktakeError> for Problem {
    fn from(error: StocktakeError) -> Self {
        match error {
            StocktakeError::Refused(refusal) => refused(&refusal),
            StocktakeError::ToleranceNotAllowed => {
                Self::new(StatusCode::FORBIDDEN, "forbidden", "Not allowed")
                    .detail(error.to_string())
            }
            StocktakeError::UnknownName(error) => error.into(),
            StocktakeError::Failed(error) => error.into(),
            StocktakeError::Books(error) => error.into(),
            StocktakeError::Read(error) => error.into(),
        }
    }
}

fn refused(refusal: &StocktakeRefusal) -> Problem {
    let (code, detail) = (refusal.code(), refusal.to_string());
    let not_now = || Problem::conflict(code, "Not what the stocktake is at");
    let problem = match refusal {
        StocktakeRefusal::Unknown => return Problem::not_found(detail),
        StocktakeRefusal::Ended(status) => not_now().with("stocktakeStatus", status.as_str()),
        StocktakeRefusal::LineNotNow { product, status } => {
            not_now().with("productId", product.to_string()).with("lineStatus", status.as_str())
        }
        StocktakeRefusal::Exists | StocktakeRefusal::NothingCounted => not_now(),
        StocktakeRefusal::VarianceChanged(products) => {
            let named = products.iter().take(NAMED_MAX).map(ProductId::to_string);
            Problem::conflict(code, "Variance changed")
                .with("productIds", named.collect::<Vec<_>>())
        }
        StocktakeRefusal::Busy => Problem::conflict(code, "Stocktake busy"),
        StocktakeRefusal::NoLine(_)
        | StocktakeRefusal::CountedInFuture { .. }
        | StocktakeRefusal::CountsTogether(_)
        | StocktakeRefusal::TooManyProducts
        | StocktakeRefusal::TooManyCounts
        | StocktakeRefusal::TwiceOnSheet(_)
        | StocktakeRefusal::TooManyUnits(_) => {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, "Not a valid stocktake")
        }
    };
    problem.detail(detail)
}
