//! Why units that are held for somebody are given back.

/// Why a checkout is rolled back, or the parts of a split reservation are released.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EndCause {
    /// Somebody wanted it.
    Requested,
    /// The deadline had passed.
    Expired,
}
