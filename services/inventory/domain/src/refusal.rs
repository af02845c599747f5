//! The refusals of a stock level.

use kit_core::Timestamp;

use crate::{PositiveQuantity, ReservationId, StockDelta, StockQuantity};

/// A command that the rules do not allow; the message has the numbers and says what to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// More units requested than are available to promise.
    #[error(
        "{requested} requested, but {offered} can be promised ({available} available, {kept} of them kept as \
         safety stock): ask for less, or try another store",
        kept = available.saturating_sub(*offered)
    )]
    InsufficientStock {
        /// Units requested.
        requested: PositiveQuantity,
        /// Units on hand without an active hold.
        available: StockQuantity,
        /// Available units without the safety stock.
        offered: StockQuantity,
    },
    /// The id names an active hold here already.
    #[error(
        "reservation {reservation_id} is already active here: commit, extend or release it, \
         or choose a new id"
    )]
    ReservationExists {
        /// The reservation.
        reservation_id: ReservationId,
    },
    /// The id names no active hold here: never made, or ended already.
    #[error("reservation {reservation_id} is not active here: reserve again with a new id")]
    ReservationNotActive {
        /// The reservation.
        reservation_id: ReservationId,
    },
    /// The deadline has passed.
    #[error("reservation {reservation_id} expired at {expires_at}: reserve again with a new id")]
    ReservationExpired {
        /// The reservation.
        reservation_id: ReservationId,
        /// Its deadline.
        expires_at: Timestamp,
    },
    /// More units sold than held.
    #[error(
        "reservation {reservation_id} holds {held}, but {requested} are to be committed: \
         commit at most {held} and reserve the rest"
    )]
    CommitExceedsHold {
        /// The reservation.
        reservation_id: ReservationId,
        /// Units to be committed.
        requested: StockQuantity,
        /// Units that it holds.
        held: PositiveQuantity,
    },
    /// More units given back than held.
    #[error(
        "reservation {reservation_id} holds {held}, but {requested} are to be released: \
         release at most {held}, or name no quantity to release all of it"
    )]
    ReleaseExceedsHold {
        /// The reservation.
        reservation_id: ReservationId,
        /// Units to be released.
        requested: StockQuantity,
        /// Units that it holds.
        held: PositiveQuantity,
    },
    /// A correction would leave fewer units than are held.
    #[error(
        "{on_hand_after} would be on hand, but {reserved} are reserved, {shortage} too many: release \
         reservations first, or have the newest ones revoked"
    )]
    BelowReserved {
        /// Units on hand after the correction.
        on_hand_after: StockQuantity,
        /// Units of the active holds.
        reserved: StockQuantity,
        /// Held units that would not be on hand.
        shortage: StockQuantity,
    },
    /// A change would lead below zero or above the most that a stock level can have.
    #[error(
        "a change of {delta} with {on_hand} on hand leads outside 0 to {max}: check the quantity, \
         or count the shelf and report the count",
        max = StockQuantity::UNITS_MAX
    )]
    OnHandOutOfRange {
        /// Units on hand now.
        on_hand: StockQuantity,
        /// The requested change of the units on hand.
        delta: StockDelta,
    },
    /// A late fact would take more than there was when it happened.
    #[error(
        "{units} of the units were not on hand at {occurred_at}, as far as is known now: check the time and the \
         quantity, tell what arrived before, or say alreadyLeft if they have left all the same",
        units = missing.get()
    )]
    NotOnHandThen {
        /// When they are said to have gone.
        occurred_at: Timestamp,
        /// The shortfall that it would leave.
        missing: StockDelta,
    },
    /// The fact happened before everything that the state remembers. Callers never see it: it is asked again, with a
    /// [`crate::LookBack`].
    #[error("it happened at {before}, and too much was recorded meanwhile to place it: try again")]
    HistoryNeeded {
        /// When it happened.
        before: Timestamp,
    },
    /// An adjustment of zero.
    #[error(
        "an adjustment of 0 changes nothing: give the difference, or report a count to confirm the stock"
    )]
    NothingToAdjust,
    /// Business time lies in the future.
    #[error("it cannot have occurred at {occurred_at}, now is {now}: check the sender's clock")]
    OccurredInFuture {
        /// Business time of the request.
        occurred_at: Timestamp,
        /// The server's time.
        now: Timestamp,
    },
    /// The stock level has its maximum number of holds.
    #[error(
        "{limit} reservations are active here, no more can be kept: try again when some have ended"
    )]
    TooManyHolds {
        /// The most holds.
        limit: usize,
    },
}

impl Refusal {
    /// The stable name of the refusal, for machines.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::InsufficientStock { .. } => "insufficient-stock",
            Self::ReservationExists { .. } => "reservation-exists",
            Self::ReservationNotActive { .. } => "reservation-not-active",
            Self::ReservationExpired { .. } => "reservation-expired",
            Self::CommitExceedsHold { .. } => "commit-exceeds-hold",
            Self::ReleaseExceedsHold { .. } => "release-exceeds-hold",
            Self::BelowReserved { .. } => "below-reserved",
            Self::OnHandOutOfRange { .. } => "quantity-out-of-range",
            Self::NotOnHandThen { .. } => "not-on-hand-then",
            Self::HistoryNeeded { .. } => "concurrency-conflict",
            Self::NothingToAdjust => "nothing-to-adjust",
            Self::OccurredInFuture { .. } => "occurred-in-future",
            Self::TooManyHolds { .. } => "too-many-holds",
        }
    }

    /// Rank among the refused lines of a basket: the refusal with the greatest is reported first.
    #[must_use]
    pub const fn weight(&self) -> u8 {
        match self {
            Self::ReservationExpired { .. } => 2,
            Self::ReservationNotActive { .. } => 1,
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, delta, positive, quantity, reservation};

    #[track_caller]
    fn check(refusal: Refusal, code: &str, message: &str) {
        assert_eq!(refusal.code(), code);
        assert_eq!(refusal.to_string(), message);
    }

    #[test]
    fn refusals_about_stock_give_the_numbers_and_what_to_do() {
        check(
            Refusal::InsufficientStock {
                requested: positive(5),
                available: quantity(4),
                offered: quantity(3),
            },
            "insufficient-stock",
            "5 requested, but 3 can be promised (4 available, 1 of them kept as safety stock): \
             ask for less, or try another store",
        );
        check(
            Refusal::BelowReserved {
                on_hand_after: quantity(1),
                reserved: quantity(3),
                shortage: quantity(2),
            },
            "below-reserved",
            "1 would be on hand, but 3 are reserved, 2 too many: release reservations first, \
             or have the newest ones revoked",
        );
        check(
            Refusal::OnHandOutOfRange { on_hand: quantity(3), delta: delta(-8) },
            "quantity-out-of-range",
            "a change of -8 with 3 on hand leads outside 0 to 1000000000: check the quantity, \
             or count the shelf and report the count",
        );
        check(
            Refusal::NotOnHandThen { occurred_at: at(0), missing: delta(2) },
            "not-on-hand-then",
            "2 of the units were not on hand at 2026-11-18T11:06:40.000Z, as far as is known now: check the time \
             and the quantity, tell what arrived before, or say alreadyLeft if they have left all the same",
        );
        check(
            Refusal::HistoryNeeded { before: at(0) },
            "concurrency-conflict",
            "it happened at 2026-11-18T11:06:40.000Z, and too much was recorded meanwhile to place it: try again",
        );
        check(
            Refusal::NothingToAdjust,
            "nothing-to-adjust",
            "an adjustment of 0 changes nothing: give the difference, \
             or report a count to confirm the stock",
        );
        check(
            Refusal::OccurredInFuture { occurred_at: at(1), now: at(0) },
            "occurred-in-future",
            "it cannot have occurred at 2026-11-18T11:06:40.001Z, now is 2026-11-18T11:06:40.000Z: \
             check the sender's clock",
        );
        check(
            Refusal::TooManyHolds { limit: 5 },
            "too-many-holds",
            "5 reservations are active here, no more can be kept: try again when some have ended",
        );
    }

    #[test]
    fn refusals_about_reservations_name_them_and_say_what_to_do() {
        let reservation_id = reservation(1);
        check(
            Refusal::ReservationExists { reservation_id },
            "reservation-exists",
            "reservation 00000000-0000-0000-0000-000000000001 is already active here: \
             commit, extend or release it, or choose a new id",
        );
        check(
            Refusal::ReservationNotActive { reservation_id },
            "reservation-not-active",
            "reservation 00000000-0000-0000-0000-000000000001 is not active here: \
             reserve again with a new id",
        );
        check(
            Refusal::ReservationExpired { reservation_id, expires_at: at(0) },
            "reservation-expired",
            "reservation 00000000-0000-0000-0000-000000000001 expired at 2026-11-18T11:06:40.000Z: \
             reserve again with a new id",
        );
        check(
            Refusal::CommitExceedsHold {
                reservation_id,
                requested: quantity(4),
                held: positive(3),
            },
            "commit-exceeds-hold",
            "reservation 00000000-0000-0000-0000-000000000001 holds 3, but 4 are to be committed: \
             commit at most 3 and reserve the rest",
        );
        check(
            Refusal::ReleaseExceedsHold {
                reservation_id,
                requested: quantity(4),
                held: positive(3),
            },
            "release-exceeds-hold",
            "reservation 00000000-0000-0000-0000-000000000001 holds 3, but 4 are to be released: \
             release at most 3, or name no quantity to release all of it",
        );
    }
}
