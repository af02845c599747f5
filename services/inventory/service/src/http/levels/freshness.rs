//! How fresh an answer must be, as a query says it.

use kit_core::{Position, Timestamp};
use kit_http::Problem;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::use_cases::Freshness;

/// How fresh an answer about one stock level must be, or of which past moment: at most one of the four, except that
/// `asOf` and `effectiveAt` go together.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FreshnessQuery {
    /// `strong` asks the stock level itself, behind every earlier change.
    #[param(inline)]
    consistency: Option<Consistency>,
    /// Wait (at most 2 s) until the answer includes this position.
    min_position: Option<u64>,
    /// As it was known at this past moment, RFC 3339: by what was recorded then.
    #[param(value_type = Option<String>, format = DateTime)]
    as_of: Option<Timestamp>,
    /// As it was at this past moment of business time, RFC 3339, by all that is known now, or with `asOf` by what was
    /// known then.
    #[param(value_type = Option<String>, format = DateTime)]
    effective_at: Option<Timestamp>,
}

/// How consistent an answer must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Consistency {
    /// Every change that was answered before; the same as leaving it out.
    Eventual,
    /// From the stock level itself.
    Strong,
}

impl FreshnessQuery {
    /// The one wish among them; without any, the caller's own changes.
    pub(super) fn freshness(&self) -> Result<Freshness, Problem> {
        let strong = matches!(self.consistency, Some(Consistency::Strong));
        match (strong, self.min_position, self.as_of, self.effective_at) {
            (false, None, None, None) => Ok(Freshness::Own),
            (true, None, None, None) => Ok(Freshness::Strong),
            (false, Some(position), None, None) => Ok(Freshness::AtLeast(Position::new(position))),
            (false, None, Some(at), None) => Ok(Freshness::AsOf(at)),
            (false, None, as_of, Some(at)) => Ok(Freshness::EffectiveAt { at, as_of }),
            _ => Err(Problem::invalid(
                "consistency",
                "give at most one of consistency=strong, minPosition and a past moment \
                 (asOf, effectiveAt or both)",
            )),
        }
    }
}
