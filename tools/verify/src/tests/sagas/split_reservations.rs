//! Split reservations: one in two stores, of which the first has two products.

use uuid::Uuid;

use super::super::log::{Log, STORE, store_id};
use super::{SALE, asked, assert_broken, assert_holds};

/// The store of the second part.
const OTHER: u128 = 0x6;

/// The only one.
const ID: Uuid = Uuid::from_u128(0xF1);

/// Store and lines of each part.
const PARTS: [(u128, &[(u128, i64)]); 2] = [(STORE, &[(1, 2), (2, 3)]), (OTHER, &[(1, 4)])];

fn reservation(part: usize) -> Uuid {
    Uuid::new_v5(&ID, format!("part/{part}").as_bytes())
}

impl Log {
    /// The split reservation tells of a part, or of all.
    fn tells(self, event: &'static str, data: &str) -> Self {
        self.command().event_in(format!("split-reservation-{ID}"), event, data)
    }

    fn tells_of(self, event: &'static str, part: usize) -> Self {
        let detail = if event.contains("Refused") || event.contains("Revoked") {
            r#","detail":"not active""#
        } else {
            ""
        };
        self.tells(event, &format!(r#"{{"part":{part}{detail}}}"#))
    }

    fn hold(self, part: usize) -> Self {
        self.holds(PARTS[part].0, reservation(part), PARTS[part].1)
    }

    fn held(self, part: usize) -> Self {
        self.hold(part).tells_of("SplitReservationPartHeldEvent", part)
    }

    fn sell(self, part: usize) -> Self {
        self.sells(PARTS[part].0, reservation(part), PARTS[part].1)
    }

    fn sold(self, part: usize) -> Self {
        self.sell(part).tells_of("SplitReservationPartCommittedEvent", part)
    }

    fn free(self, part: usize) -> Self {
        self.releases(PARTS[part].0, reservation(part), PARTS[part].1)
    }

    fn freed(self, part: usize) -> Self {
        self.free(part).tells_of("SplitReservationPartReleasedEvent", part)
    }

    fn back(self, part: usize) -> Self {
        self.takes_back(PARTS[part].0, PARTS[part].1)
    }

    fn order_sale(self) -> Self {
        let data = format!(r#"{{"transactionId":"{SALE}"}}"#);
        self.tells("SplitReservationCommitOrderedEvent", &data)
    }

    fn refused(self, part: usize) -> Self {
        self.tells_of("SplitReservationPartRefusedEvent", part)
    }

    fn revoked(self, part: usize) -> Self {
        self.tells_of("SplitReservationPartRevokedEvent", part)
    }

    fn give_up(self) -> Self {
        self.tells("SplitReservationReleaseOrderedEvent", r#"{"cause":"requested"}"#)
    }
}

fn parts() -> String {
    let part = |(store, lines): &(u128, &[(u128, i64)])| {
        format!(r#"{{"storeId":"{}","lines":[{}]}}"#, store_id(*store), asked(lines))
    };
    PARTS.iter().map(part).collect::<Vec<_>>().join(",")
}

fn requested_by(definition: u16) -> Log {
    let stock = Log::new().add(1, 10).add(2, 10).in_store(OTHER).add(1, 10);
    let data = format!(
        r#"{{"definition":{definition},"ttlSeconds":60,"expiresAt":"2027-01-01T00:00:00.000Z","parts":[{}]}}"#,
        parts()
    );
    let by = stock.by(Some(("system:split-reservations", ID)));
    by.tells("SplitReservationRequestedEvent", &data)
}

fn requested() -> Log {
    requested_by(2)
}

fn active() -> Log {
    requested().held(0).held(1)
}

/// By somebody else, in between.
fn by_others(log: Log, what: impl Fn(Log) -> Log) -> Log {
    what(log.by(None)).by(Some(("system:split-reservations", ID)))
}

#[test]
fn one_that_is_sold_whole_or_given_back_whole_holds() {
    let report = assert_holds(|| active().order_sale().sold(0).sold(1));
    let found = report.sagas.split_reservations;
    assert_eq!((found.committed, found.given_up, found.open), (1, 0, 0));
    let table = report.table("inventory");
    assert!(table.contains("split baskets 1 committed, 0 given up, 0 open"), "{table}");
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["sagas"]["splitReservations"]["committed"], 1);
    assert_eq!(json["checked"].as_array().unwrap().last().unwrap(), "I8");

    let given_up = |log: fn() -> Log| {
        let found = assert_holds(log).sagas.split_reservations;
        assert_eq!((found.committed, found.given_up, found.open), (0, 1, 0));
    };
    given_up(|| active().give_up().freed(0).freed(1));
    given_up(|| requested().held(0).refused(1).freed(0));
    given_up(|| requested().refused(0));
    given_up(|| {
        requested().hold(0).give_up().tells_of("SplitReservationPartHeldEvent", 0).freed(0)
    });
    let returned = || {
        let sold = active().order_sale().sold(0);
        let short = by_others(sold, |log| log.ends(OTHER, reservation(1), PARTS[1].1, "shortage"));
        let released = short.revoked(1).tells_of("SplitReservationPartReleasedEvent", 1);
        released.back(0).tells_of("SplitReservationPartReturnedEvent", 0)
    };
    given_up(returned);
}

/// Of one product of the first part nothing is left, the other is still held.
fn partly_revoked(definition: u16) -> Log {
    let active = requested_by(definition).held(0).held(1);
    let short = by_others(active, |log| log.ends(STORE, reservation(0), &[(1, 2)], "shortage"));
    short.order_sale().revoked(0).freed(1)
}

#[test]
fn a_part_that_cannot_be_sold_is_released_since_the_second_definition() {
    let found = assert_holds(|| partly_revoked(1)).sagas.split_reservations;
    assert_eq!((found.given_up, found.open), (1, 0), "as it was decided then");
    let found = assert_holds(|| partly_revoked(2)).sagas.split_reservations;
    assert_eq!((found.given_up, found.open), (0, 1));
    let released = || {
        let log = partly_revoked(2).releases(STORE, reservation(0), &[(2, 3)]);
        log.tells_of("SplitReservationPartReleasedEvent", 0)
    };
    let found = assert_holds(released).sagas.split_reservations;
    assert_eq!((found.given_up, found.open), (1, 0));
    let kept = partly_revoked(2).tells_of("SplitReservationPartReleasedEvent", 0);
    assert_broken(&kept, "stay held");
}

/// Others may end what it holds: by its id, by a count, by the deadline.
#[test]
fn what_others_do_is_not_its_doing() {
    let log = || {
        let sold = by_others(active(), |log| log.sell(0));
        sold.order_sale().revoked(0).tells_of("SplitReservationPartReleasedEvent", 0).freed(1)
    };
    assert_eq!(assert_holds(log).sagas.split_reservations.given_up, 1);
}

#[test]
fn stores_may_be_looked_for_again() {
    let log = || {
        let refused = requested().held(0).refused(1).freed(0);
        let store = store_id(STORE);
        let data =
            format!(r#"{{"parts":[{{"storeId":"{store}","lines":[{}]}}]}}"#, asked(&[(1, 6)]));
        let planned = refused.tells("SplitReservationPlannedEvent", &data);
        let held = planned.holds(STORE, reservation(2), &[(1, 6)]);
        let held = held.tells_of("SplitReservationPartHeldEvent", 2);
        // another try of the part that was told as refused succeeds late
        let late = held.hold(1).tells_of("SplitReservationPartHeldEvent", 1);
        let late = late.freed(1).order_sale();
        let sold = late.sells(STORE, reservation(2), &[(1, 6)]);
        sold.tells_of("SplitReservationPartCommittedEvent", 2)
    };
    assert_eq!(assert_holds(log).sagas.split_reservations.committed, 1);
}

#[test]
fn half_a_sale_is_found() {
    let half = active().order_sale().sells(STORE, reservation(0), &[(1, 2)]);
    let half = half.tells_of("SplitReservationPartCommittedEvent", 0);
    assert_broken(&half, "are sold in");
    let none = active().order_sale().tells_of("SplitReservationPartCommittedEvent", 0);
    assert_broken(&none, "but 0 are");
    let less = active().order_sale().sells(STORE, reservation(0), &[(1, 1)]);
    assert!(super::check(&less).is_err(), "a hold ends once, and whole");
}

#[test]
fn a_sale_before_all_is_held_is_found() {
    assert_broken(&requested().held(0).order_sale(), "part 1 is not held");
    let unheld = requested().tells_of("SplitReservationPartHeldEvent", 0);
    assert_broken(&unheld, "but 0 are");
    assert_broken(&requested().held(0).sell(0), "sells units that are told as held, sale on: None");
    let other = active().tells("SplitReservationCommitOrderedEvent", r#"{"transactionId":"T-2"}"#);
    assert_broken(&other.sell(0), "sells units");
}

#[test]
fn what_is_sold_after_it_was_given_up_is_found() {
    assert_broken(&active().give_up().sell(0), "sells units");
    assert_broken(&active().give_up().order_sale(), "given up or sold before");
    let revoked = active().order_sale().revoked(1);
    assert_broken(&revoked.sell(0), "sells units");
    assert_broken(&active().order_sale().sold(0).give_up(), "its sale was ordered before");
    assert_broken(&active().order_sale().sell(0).revoked(0), "2 of");
}

#[test]
fn what_stays_held_after_its_end_is_found() {
    let kept = active().give_up().tells_of("SplitReservationPartReleasedEvent", 0);
    assert_broken(&kept, "stay held");
    // told as refused, but its store holds it
    assert_broken(&requested().held(0).hold(1).refused(1).freed(0), "stay held");
    // never to be tried after another was refused
    assert_broken(&requested().refused(0).hold(1), "holds units");
    let again = active().give_up().freed(0).freed(1);
    assert_broken(&again.holds(STORE, reservation(9), &[(1, 2)]), "no part of it");
}

#[test]
fn what_is_not_returned_in_full_is_found() {
    let undone = || active().order_sale().sold(0).revoked(1).freed(1);
    let told = undone().tells_of("SplitReservationPartReturnedEvent", 0);
    assert_broken(&told, "but 0 are");
    let part = undone().takes_back(STORE, &[(1, 2)]);
    assert_broken(&part.tells_of("SplitReservationPartReturnedEvent", 0), "but 0 are");
    assert_broken(&undone().takes_back(STORE, &[(1, 1)]), "1 of");
    assert_broken(&undone().back(0).back(0), "4 of");
    assert_broken(&active().order_sale().sold(0).back(0), "takes back");
    assert_broken(&active().back(0), "no part of it");
}

#[test]
fn a_store_does_what_was_asked_of_it() {
    assert_broken(&requested().holds(STORE, reservation(0), &[(1, 3)]), "2 were asked for");
    let other = by_others(requested(), |log| log.in_store(STORE).add(7, 5));
    assert_broken(&other.holds(STORE, reservation(0), &[(7, 3)]), "was not asked for");
    assert_broken(&requested().holds(OTHER, reservation(0), &[(1, 2)]), "was asked");
}

#[test]
fn two_steps_that_are_not_told_are_found() {
    assert_broken(&requested().hold(0).hold(1), "2 of its steps");
}
