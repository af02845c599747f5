//! The refusals of a transfer.

use kit_core::Timestamp;

use super::{RECEIPTS_MAX, TransferStatus};
use crate::{ProductId, Reference, TransferId};

/// A command that the rules of transfers do not allow; the message says what to do next.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransferRefusal {
    /// No transfer has this id.
    #[error("no such transfer is known: check the id")]
    Unknown,
    /// Another transfer has this id.
    #[error("this transfer has begun already")]
    Exists,
    /// Another transfer has this reference.
    #[error(
        "reference {:?} is that of transfer {transfer}: give each transfer a reference of its own", reference.as_str()
    )]
    ReferenceTaken {
        /// The reference.
        reference: Reference,
        /// The transfer that has it.
        transfer: TransferId,
    },
    /// Source and destination are one store.
    #[error("a transfer goes from one store to another: name two stores")]
    SameStore,
    /// What is wanted does not follow on what it is.
    #[error("a transfer that is {status} cannot be {wanted}")]
    NotNow {
        /// What it is.
        status: TransferStatus,
        /// What is wanted.
        wanted: &'static str,
    },
    /// A step of it has not ended.
    #[error("a step of the transfer is under way: try again when it has ended")]
    Busy,
    /// A line names nothing that was sent.
    #[error("product {0} is no line of the transfer: name only what was sent")]
    NoSuchLine(ProductId),
    /// A product comes twice.
    #[error("product {0} comes twice: name each product once")]
    Twice(ProductId),
    /// More is accounted for than is in transit.
    #[error(
        "{accounted} of product {product} are accounted for, but {in_transit} are in transit: \
         what arrived beyond what was sent is \"over\""
    )]
    MoreThanInTransit {
        /// The product.
        product: ProductId,
        /// Units that are accepted, damaged or short.
        accounted: u64,
        /// Units in transit.
        in_transit: u32,
    },
    /// More would go on the shelf at once than a stock level can have.
    #[error("too many units of product {0} arrive at once: check the quantities")]
    TooMany(ProductId),
    /// A receipt says nothing.
    #[error(
        "a receipt tells of at least one unit: give the quantities of what arrived or will not"
    )]
    NothingReceived,
    /// It would have happened in the future.
    #[error("it cannot have occurred at {occurred_at}, now is {now}: check the sender's clock")]
    OccurredInFuture {
        /// The caller's time.
        occurred_at: Timestamp,
        /// The server's time.
        now: Timestamp,
    },
    /// It has as many receipts as it may.
    #[error(
        "a transfer has at most {RECEIPTS_MAX} receipts: receive the rest together, or return it"
    )]
    TooManyReceipts,
}

impl TransferRefusal {
    /// The stable name of the refusal, for machines.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "not-found",
            Self::Exists | Self::NotNow { .. } => "transfer-state",
            Self::ReferenceTaken { .. } => "transfer-reference-taken",
            Self::Busy => "transfer-busy",
            Self::OccurredInFuture { .. } => "occurred-in-future",
            Self::SameStore
            | Self::NoSuchLine(_)
            | Self::Twice(_)
            | Self::MoreThanInTransit { .. }
            | Self::TooMany(_)
            | Self::NothingReceived
            | Self::TooManyReceipts => "invalid-transfer",
        }
    }
}
