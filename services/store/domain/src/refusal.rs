//! The refusals of commands about an entry of the catalogue.

use crate::{Aggregate, Gtin, SupplierCode};

/// The command breaks a rule; nothing happened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal<A: Aggregate> {
    /// It exists: the id is taken, or the code is.
    #[error(
        "{noun} {id} is already registered with {code_noun} {code}; update it instead",
        noun = A::NOUN,
        code_noun = A::CODE_NOUN
    )]
    AlreadyRegistered {
        /// The one that exists.
        id: A::Id,
        /// The code it has.
        code: A::Code,
    },
    /// Another one has the number of its barcode.
    #[error(
        "{noun} {holder} has the gtin {gtin}, whatever its leading zeros; correct one of them, or take it from that \
         one first",
        noun = A::NOUN
    )]
    GtinTaken {
        /// The barcode that was given.
        gtin: Gtin,
        /// The one that has it.
        holder: A::Id,
    },
    /// It is to stand below one that is not there.
    #[error(
        "{noun} {parent}, which it is to stand below, is not registered or was removed; register it first, or bring it back",
        noun = A::NOUN
    )]
    ParentNotFound {
        /// The code that was given.
        parent: A::Code,
    },
    /// It is to stand below itself.
    #[error(
        "{noun} {code} cannot stand below {parent}, which is it or is below it; move that one first",
        noun = A::NOUN
    )]
    Circle {
        /// The code of the one that is to be moved.
        code: A::Code,
        /// The code of the one that it is to stand below.
        parent: A::Code,
    },
    /// It is to stand too far below the top.
    #[error(
        "nothing can stand below {noun} {parent}: a tree has at most {max} levels",
        noun = A::NOUN,
        max = crate::DEPTH_MAX
    )]
    TooDeep {
        /// The code of the one that it is to stand below.
        parent: A::Code,
    },
    /// It is to be removed, and others need it.
    #[error(
        "{noun} {code} cannot be removed: {children} others stand directly below it, {products} products name it, and it has \
         {offers} offers; move or withdraw them first",
        noun = A::NOUN
    )]
    InUse {
        /// The code of the one that is to be removed.
        code: A::Code,
        /// How many of its kind stand directly below it.
        children: u64,
        /// How many products name it.
        products: u64,
        /// How many offers it has that are not withdrawn.
        offers: u64,
    },
    /// It is to be the preferred one of its product, and another one is.
    #[error(
        "supplier {supplier} is the preferred one of this product; take that from its offer first, or leave preferred out here"
    )]
    PreferredTaken {
        /// The code of the supplier that is preferred.
        supplier: String,
    },
    /// It is to be an offer of a supplier that is not there.
    #[error(
        "supplier {supplier} is not registered or was removed; register it first, or make it active"
    )]
    SupplierUnavailable {
        /// The code that was given.
        supplier: SupplierCode,
    },
    /// It does not exist.
    #[error("{noun} {id} is not registered; register it first", noun = A::NOUN)]
    NotFound {
        /// The one that was meant.
        id: A::Id,
    },
}

impl<A: Aggregate> Refusal<A> {
    /// The stable name of the rule, for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::AlreadyRegistered { .. } => A::ALREADY_REGISTERED_CODE,
            Self::GtinTaken { .. } => "gtin-taken",
            Self::ParentNotFound { .. } => "parent-not-found",
            Self::Circle { .. } => "parent-circle",
            Self::TooDeep { .. } => "parent-too-deep",
            Self::InUse { .. } => "in-use",
            Self::PreferredTaken { .. } => "preferred-taken",
            Self::SupplierUnavailable { .. } => "supplier-unavailable",
            Self::NotFound { .. } => A::NOT_FOUND_CODE,
        }
    }
}
