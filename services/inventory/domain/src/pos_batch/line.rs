//! One line of a batch of a till.

use kit_core::Timestamp;

use super::POS_AGE_MAX;
use crate::{FUTURE_TOLERANCE, PosLineId, ProductId, StockDelta, TransactionRef};

/// Units of one product that were sold or returned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PosLine {
    /// The till's own name of it, unique within the batch.
    pub id: Option<PosLineId>,
    /// The product.
    pub product: ProductId,
    /// What it changes on the shelf: less than zero for a sale, more for a return; not zero.
    pub change: StockDelta,
    /// When, by the till's clock.
    pub occurred_at: Timestamp,
    /// The receipt.
    pub transaction: TransactionRef,
}

/// A moment that no line can have; the message says what is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PosTimeFault {
    /// It is ahead of the server by more than a clock may be.
    #[error(
        "{at} is more than {seconds} seconds ahead of {now}, the time of the server: set the clock of the till",
        seconds = FUTURE_TOLERANCE.as_secs()
    )]
    Future {
        /// The moment.
        at: Timestamp,
        /// The time of the server.
        now: Timestamp,
    },
    /// It is too long ago.
    #[error(
        "{at} is more than {days} days ago: set the clock of the till, and count the shelf if the sale is really so old",
        days = POS_AGE_MAX.as_secs() / 86_400
    )]
    TooOld {
        /// The moment.
        at: Timestamp,
    },
    /// It is from before the batch was opened.
    #[error("{at} is before {opened_at}, when the batch was opened: set the clock of the till")]
    BeforeOpened {
        /// The moment.
        at: Timestamp,
        /// When the batch was opened.
        opened_at: Timestamp,
    },
}

impl PosLine {
    /// What is wrong with when it happened, for a batch that was opened then and comes now.
    #[must_use]
    pub fn time_fault(&self, opened_at: Option<Timestamp>, now: Timestamp) -> Option<PosTimeFault> {
        let at = self.occurred_at;
        if at > now.after(FUTURE_TOLERANCE) {
            return Some(PosTimeFault::Future { at, now });
        }
        if at.after(POS_AGE_MAX) < now {
            return Some(PosTimeFault::TooOld { at });
        }
        let opened_at = opened_at.filter(|opened_at| at < *opened_at)?;
        Some(PosTimeFault::BeforeOpened { at, opened_at })
    }
}
