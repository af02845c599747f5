//! Failures of a verification: a violated invariant, or something that could not be checked.

use super::entry::Violation;

/// The reason why there is no report.
#[derive(Debug)]
pub enum Failure {
    /// An invariant does not hold.
    Broken(Violation),
    /// It could not be found out.
    Unchecked(anyhow::Error),
}

impl Failure {
    /// Adds the place to an error; a violation names its place itself.
    pub(super) fn context(self, place: impl FnOnce() -> String) -> Self {
        match self {
            Self::Broken(violation) => Self::Broken(violation),
            Self::Unchecked(error) => Self::Unchecked(error.context(place())),
        }
    }
}

impl From<Violation> for Failure {
    fn from(violation: Violation) -> Self {
        Self::Broken(violation)
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Unchecked(error)
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Unchecked(error.into())
    }
}
