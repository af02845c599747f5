//! How a caller names an entry of the catalogue.

use gondola_store_domain::Aggregate;

/// How a caller names an entry of the catalogue.
#[derive(Clone, Debug, PartialEq)]
pub enum Named<A: Aggregate> {
    /// By id.
    Id(A::Id),
    /// By store code, SKU, or the code of its kind.
    Code(A::Code),
}

impl<A: Aggregate> Named<A> {
    /// Reads a name: a UUID is an id, another usable text a code; `None` when it can be neither.
    pub fn parse(text: &str) -> Option<Self> {
        let id = text.parse().ok().map(Self::Id);
        id.or_else(|| text.parse().ok().map(Self::Code))
    }

    /// The id, where it is named by that.
    pub(super) const fn id(&self) -> Option<A::Id> {
        match self {
            Self::Id(id) => Some(*id),
            Self::Code(_) => None,
        }
    }

    /// The code, where it is named by that.
    pub(super) const fn code(&self) -> Option<&A::Code> {
        match self {
            Self::Id(_) => None,
            Self::Code(code) => Some(code),
        }
    }
}
