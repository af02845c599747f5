//! A reservation as a whole: its lines in one store, their status, and which change of it is a repetition.

use kit_core::Timestamp;

use crate::{Customer, Part, ProductId, ReleaseCause, ReservationChange, ReservationId, StoreId};

/// Units of one or more products of one store, reserved together until a deadline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reservation {
    /// Its id.
    pub id: ReservationId,
    /// The store.
    pub store: StoreId,
    /// From when on.
    pub created_at: Timestamp,
    /// Its deadline.
    pub expires_at: Timestamp,
    /// The order that it is for.
    pub order: Option<String>,
    /// The customer that it is for, or who bought.
    pub customer: Option<Customer>,
    /// The lines, at least one.
    pub lines: Vec<ReservationLine>,
}

/// One product of a reservation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReservationLine {
    /// The product.
    pub product: ProductId,
    /// Units reserved at first.
    pub quantity: u32,
    /// Units sold.
    pub committed: u32,
    /// Units still held; none once the line has ended.
    pub held: u32,
    /// The latest sale of it.
    pub transaction: Option<String>,
    /// Status of the line.
    pub status: LineStatus,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// Status of a line of a reservation, or of the whole reservation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineStatus {
    /// The units are held.
    Active,
    /// The sale happened.
    Committed,
    /// It ended without a sale.
    Released(ReleaseCause),
    /// The units left for another store.
    Transferred,
}

impl LineStatus {
    /// Rank of the line's ending; the greatest of all lines is the ending of the whole reservation.
    const fn weight(self) -> u8 {
        match self {
            Self::Transferred => 6,
            Self::Committed => 5,
            Self::Released(ReleaseCause::Expired) => 4,
            Self::Released(ReleaseCause::Cancelled) => 3,
            Self::Released(ReleaseCause::Shortage) => 2,
            Self::Released(ReleaseCause::PartialCommit) => 1,
            Self::Active => 0,
        }
    }
}

impl Reservation {
    /// Status of the whole reservation: active while any line is, else sold if any line was.
    #[must_use]
    pub fn status(&self, now: Timestamp) -> LineStatus {
        if self.ends(now).any(|end| end == LineStatus::Active) {
            LineStatus::Active
        } else {
            self.main_end(now)
        }
    }

    /// The sale that ended it, or the latest one of it so far.
    #[must_use]
    pub fn transaction(&self) -> Option<&str> {
        let sold = self.lines.iter().filter(|line| line.transaction.is_some());
        let latest = sold.max_by_key(|line| (line.status == LineStatus::Committed, line.ended_at));
        latest.and_then(|line| line.transaction.as_deref())
    }

    /// How each line stands: the deadline decides, whether or not the sweeper has run.
    fn ends(&self, now: Timestamp) -> impl Iterator<Item = LineStatus> {
        let overdue = self.expires_at <= now;
        self.lines.iter().map(move |line| match line.status {
            LineStatus::Active if overdue => LineStatus::Released(ReleaseCause::Expired),
            status => status,
        })
    }

    /// Among the ends of its lines the one that says most about why the reservation cannot be changed any more.
    #[must_use]
    pub fn main_end(&self, now: Timestamp) -> LineStatus {
        self.ends(now).max_by_key(|status| status.weight()).unwrap_or(LineStatus::Active)
    }

    /// Whether a change that was refused was done already: the same sale, or a release of all of what was released.
    #[must_use]
    pub fn is_repetition(&self, change: &ReservationChange, now: Timestamp) -> bool {
        match (change, self.status(now)) {
            (ReservationChange::Commit { transaction, .. }, LineStatus::Committed) => {
                self.transaction() == Some(transaction.as_str())
            }
            (ReservationChange::Release { part: Part::All, .. }, LineStatus::Released(cause)) => {
                cause == ReleaseCause::Cancelled
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TimeToLive;
    use crate::testing::{at, now, reservation, transaction};

    const CANCELLED: LineStatus = LineStatus::Released(ReleaseCause::Cancelled);
    const EXPIRED: LineStatus = LineStatus::Released(ReleaseCause::Expired);
    const REVOKED: LineStatus = LineStatus::Released(ReleaseCause::Shortage);
    const NOT_SOLD: LineStatus = LineStatus::Released(ReleaseCause::PartialCommit);

    /// A reservation until one minute after [`now`] whose lines stand like this; sold ones by `sale`.
    fn given<const N: usize>(lines: [LineStatus; N]) -> Reservation {
        let line = |(number, status): (u128, LineStatus)| ReservationLine {
            product: ProductId::from_uuid(uuid::Uuid::from_u128(number)),
            quantity: 1,
            committed: u32::from(status == LineStatus::Committed),
            held: u32::from(status == LineStatus::Active),
            transaction: (status == LineStatus::Committed).then(|| "sale".to_owned()),
            status,
            ended_at: (status != LineStatus::Active).then(now),
        };
        Reservation {
            id: reservation(1),
            store: StoreId::from_uuid(uuid::Uuid::from_u128(7)),
            created_at: now(),
            expires_at: at(60_000),
            order: None,
            customer: None,
            lines: (1..).zip(lines).map(line).collect(),
        }
    }

    fn commit(by: &str) -> ReservationChange {
        let transaction = transaction(by);
        ReservationChange::Commit {
            transaction,
            customer: None,
            sold: Part::All,
            keep_remainder: false,
            occurred_at: None,
        }
    }

    const RELEASE: ReservationChange = ReservationChange::Release { part: Part::All, reason: None };

    #[test]
    fn one_active_line_keeps_it_active_and_after_that_one_sold_line_makes_it_sold() {
        for (lines, stands) in [
            ([LineStatus::Active, LineStatus::Committed], LineStatus::Active),
            ([NOT_SOLD, LineStatus::Committed], LineStatus::Committed),
            ([REVOKED, LineStatus::Active], LineStatus::Active),
            ([CANCELLED, REVOKED], CANCELLED),
            ([REVOKED, CANCELLED], CANCELLED),
            ([REVOKED, EXPIRED], EXPIRED),
        ] {
            assert_eq!(given(lines).status(at(59_999)), stands, "{lines:?}");
        }
    }

    #[test]
    fn from_its_deadline_on_it_is_expired_but_a_sale_stays_one() {
        for moment in [60_000, 60_001] {
            assert_eq!(given([REVOKED, LineStatus::Active]).status(at(moment)), EXPIRED);
            assert_eq!(given([LineStatus::Committed]).status(at(moment)), LineStatus::Committed);
            assert_eq!(given([CANCELLED]).status(at(moment)), CANCELLED);
        }
    }

    #[test]
    fn the_end_that_says_most_is_told() {
        for (lines, told) in [
            ([LineStatus::Committed, EXPIRED], LineStatus::Committed),
            ([REVOKED, EXPIRED], EXPIRED),
            ([REVOKED, CANCELLED], CANCELLED),
            ([LineStatus::Active, REVOKED], REVOKED),
            ([LineStatus::Active, LineStatus::Active], LineStatus::Active),
        ] {
            assert_eq!(given(lines).main_end(at(59_999)), told, "{lines:?}");
        }
        assert_eq!(given([LineStatus::Active, REVOKED]).main_end(at(60_000)), EXPIRED);
    }

    #[test]
    fn the_same_sale_again_is_a_repetition_and_another_one_is_not() {
        let sold = given([LineStatus::Committed, NOT_SOLD]);
        assert!(sold.is_repetition(&commit("sale"), now()));
        assert!(!sold.is_repetition(&commit("other"), now()));
        assert!(!sold.is_repetition(&RELEASE, now()));
        assert!(!given([CANCELLED]).is_repetition(&commit("sale"), now()));
    }

    #[test]
    fn only_a_release_that_somebody_asked_for_is_repeated() {
        assert!(given([CANCELLED]).is_repetition(&RELEASE, now()));
        assert!(given([REVOKED, CANCELLED]).is_repetition(&RELEASE, now()));
        assert!(!given([REVOKED]).is_repetition(&RELEASE, now()));
        assert!(!given([LineStatus::Active]).is_repetition(&RELEASE, at(60_000)));
    }

    #[test]
    fn a_release_of_some_units_is_no_repetition() {
        let some = ReservationChange::Release {
            part: Part::Units(crate::testing::positive(1)),
            reason: None,
        };
        assert!(!given([CANCELLED]).is_repetition(&some, now()));
    }

    #[test]
    fn the_latest_sale_of_it_is_told() {
        let mut sold = given([LineStatus::Committed, LineStatus::Committed, LineStatus::Active]);
        assert_eq!(sold.transaction(), Some("sale"));
        sold.lines[1].transaction = Some("later sale".to_owned());
        sold.lines[1].ended_at = Some(at(1));
        assert_eq!(sold.transaction(), Some("later sale"));
        assert_eq!(given([LineStatus::Active]).transaction(), None);
    }

    #[test]
    fn an_extension_is_never_a_repetition() {
        let extend = ReservationChange::Extend { ttl: TimeToLive::default() };
        for lines in [[LineStatus::Active], [CANCELLED], [LineStatus::Committed]] {
            assert!(!given(lines).is_repetition(&extend, now()), "{lines:?}");
        }
    }
}
