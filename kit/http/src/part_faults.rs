//! All faults of a part of a body that a handler reads by itself, such as one of many lines.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::request::Parts;

use crate::fault::pointer_to;
use crate::kept::KeptBody;
use crate::telling::with_found;
use crate::{Fault, FaultCode, Problem};

/// Finds what else is wrong with a part that is refused; nothing where there is no [`Contract`](crate::Contract).
#[derive(Clone, Debug)]
pub struct PartFaults(Option<KeptBody>);

impl PartFaults {
    /// The problem of a part with all that is wrong with it by the schema of this name; pointers begin at the part.
    #[must_use]
    pub fn tell(&self, problem: Problem, schema: &str, part: &[u8]) -> Problem {
        let Some(kept) = &self.0 else { return problem };
        let found = || {
            let part = serde_json::from_slice(part).ok();
            part.and_then(|part| kept.contract().faults_of(schema, &part)).unwrap_or_default()
        };
        let blamed = |field: &str, detail: &str| {
            Fault::in_body(pointer_to(field), FaultCode::Invalid, detail)
        };
        with_found(problem, found, blamed)
    }
}

impl<S: Sync> FromRequestParts<S> for PartFaults {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(parts.extensions.get().cloned()))
    }
}
