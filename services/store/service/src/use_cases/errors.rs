//! What can go wrong with a command.

use gondola_store_domain::{Aggregate, Refusal};
use kit_core::Version;
use kit_executor::Rejection;
use kit_service::{CommandError, ReadError};

use super::decider::CatalogueRefusal;

/// A command that was not executed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum WriteError<A: Aggregate> {
    /// A rule of the domain.
    #[error(transparent)]
    Refused(Refusal<A>),
    /// It has changed since the caller saw it.
    #[error(
        "version {expected} was expected, the present one is {actual}; read it again, then decide"
    )]
    Changed {
        /// The version that the caller has seen.
        expected: Version,
        /// The version it has.
        actual: Version,
    },
    /// Not executed for another reason than a rule.
    #[error(transparent)]
    Failed(#[from] CommandError),
    /// A question that the command needed an answer to failed.
    #[error(transparent)]
    Read(#[from] ReadError),
}

impl<A: Aggregate> From<Rejection<CatalogueRefusal<A>>> for WriteError<A> {
    fn from(rejection: Rejection<CatalogueRefusal<A>>) -> Self {
        match CommandError::or_refusal(rejection) {
            Ok(CatalogueRefusal::Rule(refusal)) => Self::Refused(refusal),
            Ok(CatalogueRefusal::Changed { expected, actual }) => {
                Self::Changed { expected, actual }
            }
            Ok(CatalogueRefusal::GtinTaken | CatalogueRefusal::Moved) => {
                Self::Failed(CommandError::Conflict { tries: 1 })
            }
            Err(error) => Self::Failed(error),
        }
    }
}
