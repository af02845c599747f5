//! Why there is no principal.

/// Why a caller is not known; the words are for it to read, and tell nothing that it could not know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It has shown nothing.
    #[error("no credential was sent")]
    Missing,
    /// What it has shown cannot be read.
    #[error("the credential cannot be read: {0}")]
    Malformed(&'static str),
    /// There is no such key, or it was revoked, or its secret is another.
    #[error("the API key is not valid: it is unknown or was revoked")]
    InvalidKey,
    /// The key's time is over.
    #[error("the API key has expired")]
    ExpiredKey,
    /// The token does not hold.
    #[error("the token is not valid: {0}")]
    InvalidToken(&'static str),
    /// Credentials of this kind are not taken here.
    #[error("{0} are not accepted here")]
    NotAccepted(&'static str),
    /// The keys of the issuer have never been fetched so far.
    #[error("tokens cannot be verified now: the keys of their issuer could not be fetched")]
    NoIssuerKeys,
}

impl Refused {
    /// A word for metrics.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Malformed(_) => "malformed",
            Self::InvalidKey => "invalid_key",
            Self::ExpiredKey => "expired_key",
            Self::InvalidToken(_) => "invalid_token",
            Self::NotAccepted(_) => "not_accepted",
            Self::NoIssuerKeys => "no_issuer_keys",
        }
    }
}
