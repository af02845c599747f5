//! How a split reservation stands, as one word.

use std::fmt;

/// How a split reservation stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SplitStatus {
    /// It is asked for, and its parts are being held.
    #[default]
    Requested,
    /// All parts are held.
    Active,
    /// Its parts are being sold.
    Committing,
    /// All parts are sold.
    Committed,
    /// What is held is being released, and what was sold returned.
    Releasing,
    /// It was given up: nothing is held.
    Released,
    /// Its deadline passed: nothing is held.
    Expired,
    /// A part had ended when all were to be sold: nothing is held, and nothing is sold.
    Revoked,
    /// A store refused its part, or the stores have not enough: nothing is held.
    Refused,
}

impl SplitStatus {
    /// Its name for people and machines.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Active => "active",
            Self::Committing => "committing",
            Self::Committed => "committed",
            Self::Releasing => "releasing",
            Self::Released => "released",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::Refused => "refused",
        }
    }
}

impl fmt::Display for SplitStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
