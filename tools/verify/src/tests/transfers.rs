//! Transfers between stores: what left must be on its way or accounted for, whatever the streams say.

use super::super::entry::Invariant;
use super::check;
use super::log::{Log, STORE, product_id, reservation_id, store_id};

/// The store that receives.
const OTHER: u128 = 0x6;

/// The only transfer.
const STREAM: &str = "transfer-00000000-0000-0000-0000-0000000000e1";

fn id() -> &'static str {
    &STREAM["transfer-".len()..]
}

impl Log {
    /// One command of the transfer.
    fn told(self, event_type: &'static str, data: &str) -> Self {
        self.command().event_in(STREAM.to_owned(), event_type, data)
    }

    fn asked(self, units: i64) -> Self {
        let (source, destination) = (store_id(STORE), store_id(OTHER));
        let lines = format!(r#"[{{"productId":"{}","quantity":{units}}}]"#, product_id(1));
        let data = format!(
            r#"{{"definition":1,"sourceStoreId":"{source}","destinationStoreId":"{destination}","lines":{lines},"holdUntil":"2027-01-01T00:00:00.000Z"}}"#
        );
        self.told("TransferRequestedEvent", &data)
    }

    /// Units leave the source; reservation 1 holds them.
    fn left(self, units: i64) -> Self {
        let data = format!(
            r#"{{"transferId":"{}","reservationId":"{}","quantity":{units},"toStoreId":"{}"}}"#,
            id(),
            reservation_id(1),
            store_id(OTHER),
        );
        self.command().event(1, "StockTransferredOutEvent", &data)
    }

    /// Units arrive in a store, from the other one.
    fn arrived(self, store: u128, units: i64) -> Self {
        let from = store_id(if store == STORE { OTHER } else { STORE });
        let data =
            format!(r#"{{"transferId":"{}","quantity":{units},"fromStoreId":"{from}"}}"#, id());
        let there = self.in_store(store).command();
        there.event(1, "StockTransferredInEvent", &data).in_store(STORE)
    }

    fn receipt(self, accepted: i64, over: i64, damaged: i64, short: i64) -> Self {
        let product = product_id(1);
        let data = format!(
            r#"{{"lines":[{{"productId":"{product}","accepted":{accepted},"over":{over},"damaged":{damaged},"short":{short}}}]}}"#
        );
        self.told("TransferReceiptOrderedEvent", &data)
    }

    fn received(self) -> Self {
        self.told("TransferReceivedEvent", "{}")
    }
}

/// Six of ten units are sent.
fn sent() -> Log {
    let held = Log::new().add(1, 10).asked(6).reserve(1, &[(1, 6)]).told("TransferHeldEvent", "{}");
    held.told("TransferDispatchOrderedEvent", "{}").left(6).told("TransferDispatchedEvent", "{}")
}

#[track_caller]
fn assert_broken(log: &Log, reason: &str) {
    let violation = check(log).expect_err("the log is broken");
    assert_eq!(violation.invariant, Invariant::I1, "{violation}");
    assert!(violation.message.contains(reason), "{violation}");
}

#[test]
fn units_are_in_a_store_on_their_way_or_accounted_for() {
    let report = check(&sent()).unwrap();
    assert_eq!((report.units.on_hand, report.units.transferred), (4, -6));
    assert_eq!((report.in_transit.units, report.in_transit.open), (6, 1));
    let part = sent().receipt(3, 0, 1, 0).arrived(OTHER, 3).received();
    assert_eq!(check(&part).unwrap().in_transit.units, 2);
    let closed = part.receipt(1, 2, 0, 1).arrived(OTHER, 3).received();
    let report = check(&closed).unwrap();
    let found = report.in_transit;
    assert_eq!((found.units, found.lost, found.over, found.open), (0, 2, 2, 0));
    assert_eq!((report.units.on_hand, report.reservations.transferred), (10, 1));
    let table = report.table("inventory");
    assert!(table.contains(
        "1 in all, 0 of them open: 0 units in transit, 2 lost on the way, 2 found beyond"
    ));
    assert!(table.contains("10 received - 0 committed + 0 adjusted = 10 on hand"), "{table}");
}

#[test]
fn a_step_that_is_done_and_not_told_yet_holds() {
    check(&sent().receipt(3, 0, 0, 0).arrived(OTHER, 3)).unwrap();
    let all = check(&sent().receipt(6, 1, 0, 0).arrived(OTHER, 7)).unwrap().in_transit;
    assert_eq!((all.units, all.over, all.open), (0, 1, 1));
    let ordered = Log::new().add(1, 10).asked(6).reserve(1, &[(1, 6)]);
    check(&ordered.told("TransferDispatchOrderedEvent", "{}").left(6)).unwrap();
    check(&sent().told("TransferReturnOrderedEvent", "{}").arrived(STORE, 6)).unwrap();
}

#[test]
fn units_that_come_back_are_back() {
    let back = sent().told("TransferReturnOrderedEvent", "{}").arrived(STORE, 6);
    let report = check(&back.told("TransferReturnedEvent", "{}")).unwrap();
    assert_eq!((report.units.on_hand, report.in_transit.units), (10, 0));
    let vanished =
        sent().told("TransferReturnOrderedEvent", "{}").told("TransferReturnedEvent", "{}");
    assert_broken(&vanished, "6 of");
}

#[test]
fn a_transfer_that_is_given_up_has_taken_nothing() {
    let given_up = sent().told("TransferCancelledEvent", "{}");
    assert_broken(&given_up, "given up, but 6");
}

#[test]
fn what_is_told_as_sent_has_left() {
    let held = Log::new().add(1, 10).asked(6).reserve(1, &[(1, 6)]);
    assert_broken(&held.told("TransferDispatchedEvent", "{}"), "told as sent, but 0 left");
}

#[test]
fn what_is_told_as_received_has_arrived_once() {
    assert_broken(&sent().receipt(3, 0, 0, 0).received(), "3 of");
    let twice = sent().receipt(3, 0, 0, 0).arrived(OTHER, 3).arrived(OTHER, 3).received();
    assert_broken(&twice, "but 6 arrived");
    assert_broken(&sent().arrived(OTHER, 3), "3 of");
    let too_many = sent().receipt(6, 0, 1, 0).arrived(OTHER, 6).received();
    assert_broken(&too_many, "1 too many");
}

#[test]
fn stores_move_only_what_was_asked_for() {
    let other_units = Log::new().add(1, 10).asked(5).reserve(1, &[(1, 6)]).left(6);
    assert_broken(&other_units, "5 were asked for");
    let unknown = Log::new().add(1, 10).reserve(1, &[(1, 6)]).left(6);
    assert_broken(&unknown, "was asked for");
    assert_broken(&sent().arrived(0x7, 1), "not between");
}
