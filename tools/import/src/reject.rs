//! The reason why a line is rejected.

use gondola_inventory_domain::Refusal;

/// The reason why a line is rejected: a stable code and a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reject {
    /// The kind of trouble, for counting.
    pub(super) code: &'static str,
    /// What is wrong with this line, and what to do.
    pub(super) reason: String,
}

impl Reject {
    /// A reason.
    pub(super) fn new(code: &'static str, reason: impl Into<String>) -> Self {
        Self { code, reason: reason.into() }
    }

    /// A change that the stock level refuses.
    pub(super) fn refused(refusal: &Refusal) -> Self {
        Self::new(refusal.code(), refusal.to_string())
    }

    /// A value that is not usable.
    pub(super) fn invalid(error: &impl std::fmt::Display) -> Self {
        Self::new("invalid-value", error.to_string())
    }
}
