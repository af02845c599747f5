//! The refusals of commands about a store or product.

use crate::{Aggregate, Gtin};

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
            Self::NotFound { .. } => A::NOT_FOUND_CODE,
        }
    }
}
