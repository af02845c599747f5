//! Checkouts: two products of one store, with a confirmation.

use uuid::Uuid;

use super::super::log::{Log, STORE, store_id};
use super::{SALE, asked, assert_broken, assert_holds};

/// The only one.
const ID: Uuid = Uuid::from_u128(0xF2);

const LINES: &[(u128, i64)] = &[(1, 2), (2, 3)];

fn reservation() -> Uuid {
    Uuid::new_v5(&ID, b"reservation")
}

impl Log {
    /// The checkout tells something.
    fn says(self, event: &'static str) -> Self {
        let data = match event {
            _ if event.contains("Refused") || event.contains("Revoked") => {
                r#"{"detail":"no"}"#.to_owned()
            }
            "CheckoutCommitOrderedEvent" => format!(r#"{{"transactionId":"{SALE}"}}"#),
            "CheckoutRollbackOrderedEvent" => r#"{"cause":"expired"}"#.to_owned(),
            _ => "{}".to_owned(),
        };
        self.command().event_in(format!("checkout-{ID}"), event, &data)
    }

    fn holds_all(self) -> Self {
        self.holds(STORE, reservation(), LINES)
    }

    fn sells_all(self) -> Self {
        self.sells(STORE, reservation(), LINES)
    }

    fn releases_all(self) -> Self {
        self.releases(STORE, reservation(), LINES)
    }
}

/// It begins, with a confirmation that is asked for or not.
fn begun(confirmation: &str) -> Log {
    let data = format!(
        r#"{{"definition":1,"storeId":"{}","lines":[{}],"ttlSeconds":60,"expiresAt":"2027-01-01T00:00:00.000Z","confirmation":"{confirmation}"}}"#,
        store_id(STORE),
        asked(LINES)
    );
    let stock = Log::new().add(1, 10).add(2, 10).by(Some(("system:checkouts", ID)));
    stock.command().event_in(format!("checkout-{ID}"), "CheckoutRequestedEvent", &data)
}

fn accepted() -> Log {
    begun("asked").says("CheckoutStoreAcceptedEvent")
}

fn reserved() -> Log {
    accepted().holds_all().says("CheckoutStockReservedEvent")
}

fn ordered() -> Log {
    reserved().says("CheckoutConfirmationPreparedEvent").says("CheckoutCommitOrderedEvent")
}

fn sold() -> Log {
    ordered().sells_all().says("CheckoutStockCommittedEvent")
}

fn rolled_back(log: Log) -> Log {
    log.releases_all().says("CheckoutStockReleasedEvent")
}

#[track_caller]
fn assert_ends(log: fn() -> Log, is_committed: bool) {
    let report = assert_holds(log);
    let found = report.sagas.checkouts;
    let expected = (usize::from(is_committed), usize::from(!is_committed), 0);
    assert_eq!((found.committed, found.given_up, found.open), expected);
}

#[test]
fn one_that_is_committed_or_rolled_back_in_all_holds() {
    assert_ends(|| sold().says("CheckoutConfirmationCommittedEvent"), true);
    let alone = || {
        let held = begun("notServed").says("CheckoutStoreAcceptedEvent").holds_all();
        let held = held.says("CheckoutStockReservedEvent").says("CheckoutCommitOrderedEvent");
        held.sells_all().says("CheckoutStockCommittedEvent")
    };
    assert_ends(alone, true);
    assert_ends(|| begun("asked").says("CheckoutStoreRefusedEvent"), false);
    assert_ends(|| accepted().says("CheckoutStockRefusedEvent"), false);
    let refused = || {
        let refused = rolled_back(reserved().says("CheckoutConfirmationRefusedEvent"));
        refused.says("CheckoutConfirmationDroppedEvent")
    };
    assert_ends(refused, false);
    let expired = || {
        let expired = reserved().says("CheckoutConfirmationPreparedEvent");
        rolled_back(expired.says("CheckoutRollbackOrderedEvent"))
            .says("CheckoutConfirmationDroppedEvent")
    };
    assert_ends(expired, false);
    let revoked = || {
        let short = ordered().by(None).ends(STORE, reservation(), &[(1, 2)], "shortage");
        let short = short.by(Some(("system:checkouts", ID))).says("CheckoutStockRevokedEvent");
        let released = short.releases(STORE, reservation(), &[(2, 3)]);
        released.says("CheckoutStockReleasedEvent").says("CheckoutConfirmationDroppedEvent")
    };
    assert_ends(revoked, false);
    // what has reached its deadline is free: its release is refused, and nobody may have swept it yet
    let run_out = || {
        let expired = reserved().later(300).says("CheckoutRollbackOrderedEvent");
        expired.says("CheckoutStockReleasedEvent").says("CheckoutConfirmationDroppedEvent")
    };
    assert_ends(run_out, false);
    let late = || {
        let refused = accepted().says("CheckoutStockRefusedEvent").holds_all();
        rolled_back(refused.says("CheckoutStockReservedEvent"))
    };
    assert_ends(late, false);
}

#[test]
fn one_that_is_under_way_is_open() {
    for log in [begun("asked"), reserved(), ordered(), sold()] {
        let report = super::check(&log).unwrap();
        assert_eq!(report.sagas.checkouts.open, 1);
        assert_eq!(report.sagas.checkouts.all(), 1);
    }
    let kept = rolled_back(reserved().says("CheckoutConfirmationRefusedEvent"));
    assert_eq!(super::check(&kept).unwrap().sagas.checkouts.open, 1, "to be dropped");
}

#[test]
fn half_a_checkout_is_found() {
    let part = ordered().sells(STORE, reservation(), &[(1, 2)]);
    assert_broken(&part.says("CheckoutStockCommittedEvent"), "are sold in");
    let unsold = ordered().says("CheckoutConfirmationCommittedEvent");
    assert_broken(&unsold, "confirmed, but its units are not sold");
    assert_broken(
        &sold().says("CheckoutConfirmationDroppedEvent"),
        "dropped, but its units are sold",
    );
    assert_broken(&sold().says("CheckoutRollbackOrderedEvent"), "its commit was ordered before");
    let unprepared = reserved().says("CheckoutCommitOrderedEvent");
    assert_broken(&unprepared, "not all have accepted it");
    let twice = sold().says("CheckoutConfirmationCommittedEvent");
    assert_broken(&twice.says("CheckoutConfirmationCommittedEvent"), "was Committed");
    assert_broken(&sold().takes_back(STORE, LINES), "not its own");
}

#[test]
fn what_stays_held_or_is_sold_after_a_roll_back_is_found() {
    let kept = reserved().says("CheckoutConfirmationRefusedEvent");
    assert_broken(&kept.says("CheckoutStockReleasedEvent"), "stay held");
    assert_broken(&accepted().holds_all().says("CheckoutStockRefusedEvent"), "stay held");
    let expired = reserved().says("CheckoutRollbackOrderedEvent");
    assert_broken(&expired.sells_all(), "sells units");
    assert_broken(&begun("asked").holds_all(), "holds units");
    let refused = begun("asked").says("CheckoutStoreRefusedEvent");
    assert_broken(&refused.holds_all(), "holds units");
}
