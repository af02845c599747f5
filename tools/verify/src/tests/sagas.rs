//! Sagas: each is committed whole or leaves nothing behind, by what it tells and by what the stores did for it.

mod checkouts;
mod split_reservations;

use uuid::Uuid;

use super::super::entry::Invariant;
use super::super::report::Report;
use super::check;
use super::log::{Log, product_id};

/// The sale of every saga.
const SALE: &str = "T-1";

impl Log {
    /// A command in one store, with the lines of a reservation in it.
    fn does(
        self,
        store: u128,
        lines: &[(u128, i64)],
        each: impl Fn(Log, u128, i64) -> Log,
    ) -> Self {
        let log = self.in_store(store).command();
        lines.iter().fold(log, |log, (product, units)| each(log, *product, *units))
    }

    fn holds(self, store: u128, reservation: Uuid, lines: &[(u128, i64)]) -> Self {
        self.does(store, lines, |log, product, units| log.reserved_as(reservation, product, units))
    }

    fn sells(self, store: u128, reservation: Uuid, lines: &[(u128, i64)]) -> Self {
        self.does(store, lines, |log, product, units| {
            let data = format!(
                r#"{{"reservationId":"{reservation}","quantity":{units},"returned":0,"transactionId":"{SALE}"}}"#
            );
            log.event(product, "StockCommittedEvent", &data)
        })
    }

    fn releases(self, store: u128, reservation: Uuid, lines: &[(u128, i64)]) -> Self {
        self.ends(store, reservation, lines, "cancelled")
    }

    fn ends(self, store: u128, reservation: Uuid, lines: &[(u128, i64)], cause: &str) -> Self {
        self.does(store, lines, |log, product, units| {
            let data = format!(
                r#"{{"reservationId":"{reservation}","quantity":{units},"cause":"{cause}"}}"#
            );
            log.event(product, "StockReleasedEvent", &data)
        })
    }

    fn takes_back(self, store: u128, lines: &[(u128, i64)]) -> Self {
        self.does(store, lines, |log, product, units| {
            log.event(product, "StockAddedEvent", &format!(r#"{{"quantity":{units}}}"#))
        })
    }
}

/// A product and units of it, as a saga asks for them.
fn asked(lines: &[(u128, i64)]) -> String {
    let line = |(product, units): &(u128, i64)| {
        format!(r#"{{"productId":"{}","quantity":{units}}}"#, product_id(*product))
    };
    lines.iter().map(line).collect::<Vec<_>>().join(",")
}

/// A log holds up to each of its events: a step may be done and not told yet. The report of all of it.
#[track_caller]
fn assert_holds(log: impl Fn() -> Log) -> Report {
    let all = log();
    // an append is whole or not there
    let command = |event: usize| all.events[event].metadata.causation_id;
    let ends = |events: &usize| *events == 0 || command(events - 1) != command(*events);
    for events in (0..all.events.len()).filter(ends) {
        let report = check(&log().until(events));
        report.unwrap_or_else(|violation| panic!("after {events} events: {violation}"));
    }
    check(&all).unwrap()
}

/// A log is found broken for what is said.
#[track_caller]
fn assert_broken(log: &Log, reason: &str) {
    let violation = check(log).expect_err("the log is broken");
    assert_eq!(violation.invariant, Invariant::I8, "{violation}");
    assert!(violation.message.contains(reason), "{violation}");
    assert!(violation.to_string().starts_with("I8 (sagas are all or nothing) does not hold"));
}

#[test]
fn logs_without_sagas_prove_nothing_of_them() {
    let report = check(&Log::new().add(1, 1)).unwrap();
    assert!(!report.checked.contains(&Invariant::I8));
    assert!(!report.table("inventory").contains("split baskets"));
}

#[test]
fn a_store_that_acts_for_no_saga_is_found() {
    for actor in ["system:checkouts", "system:split-reservations"] {
        let nobody = Uuid::from_u128(7);
        let log = Log::new().add(1, 5).by(Some((actor, nobody)));
        assert_broken(&log.holds(super::log::STORE, nobody, &[(1, 2)]), "no saga");
    }
}

#[test]
fn a_stream_with_another_name_or_event_or_version_is_not_skipped() {
    let stream = format!("checkout-{}", Uuid::from_u128(7));
    let log = |name| Log::new().command().event_in(stream.clone(), name, "{}");
    for log in [
        log("CheckoutForgottenEvent"),
        log("CheckoutRequestedEvent"),
        log("CheckoutStoreAcceptedEvent").damage(1, |event| event.schema_version = 2),
        log("CheckoutStoreAcceptedEvent").damage(1, |event| event.stream = "checkout-7".to_owned()),
    ] {
        assert_eq!(check(&log).unwrap_err().invariant, Invariant::I5);
    }
}
