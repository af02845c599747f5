//! I4: each reservation is made once and ends once, in time, with the units that it held.

use super::super::entry::Invariant::{I2, I3, I4};
use super::log::Log;
use super::{assert_broken, check};

fn reserved() -> Log {
    Log::new().add(1, 50).add(2, 50).reserve(1, &[(1, 5)])
}

#[test]
fn a_reservation_ends_once() {
    let ended = || reserved().commit(1, &[(1, 5, 0)]);
    assert!(check(&ended()).is_ok());
    assert_broken(&ended().commit(1, &[(1, 5, 0)]), I4, 5, "ended here already: it was committed");
    assert_broken(&ended().release(1, 1, 5, "cancelled"), I4, 5, "it was committed");
    assert_broken(&ended().later(300).release(1, 1, 5, "expired"), I4, 5, "it was committed");
    assert_broken(&ended().extend(1, 1, 600), I4, 5, "it was committed");
    let expired = || reserved().later(300).release(1, 1, 5, "expired");
    assert!(check(&expired()).is_ok());
    assert_broken(&expired().release(1, 1, 5, "expired"), I4, 5, "it was expired");
}

#[test]
fn only_what_was_made_ends_and_only_where_it_was_made() {
    assert_broken(&reserved().commit(9, &[(1, 5, 0)]), I4, 4, "was never made here");
    assert_broken(&reserved().commit(1, &[(2, 5, 0)]), I4, 4, "was never made here");
    assert_broken(&reserved().extend(9, 1, 600), I4, 4, "was never made here");
}

/// The deadline is 300 seconds after the reservation; commands are a second apart.
#[test]
fn the_deadline_is_half_open() {
    let at = |seconds: i64| reserved().later(seconds - 1);
    assert!(check(&at(299).commit(1, &[(1, 5, 0)])).is_ok());
    assert_broken(&at(300).commit(1, &[(1, 5, 0)]), I4, 4, "was committed 0 ms after its deadline");
    assert!(check(&at(300).release(1, 1, 5, "expired")).is_ok());
    assert_broken(
        &at(299).release(1, 1, 5, "expired"),
        I4,
        4,
        "expired 1000 ms before its deadline",
    );
    for cause in ["cancelled", "partialCommit", "shortage"] {
        assert!(check(&at(299).release(1, 1, 5, cause)).is_ok());
        assert_broken(&at(300).release(1, 1, 5, cause), I4, 4, "after its deadline");
    }
    assert!(check(&at(299).extend(1, 1, 60).later(58).commit(1, &[(1, 5, 0)])).is_ok());
    assert_broken(&at(300).extend(1, 1, 60), I4, 4, "was extended 0 ms after its deadline");
}

#[test]
fn an_extension_never_shortens_and_has_bounds() {
    assert_broken(&reserved().extend(1, 1, 299), I4, 4, "was extended to 0 ms before its deadline");
    assert_broken(&reserved().extend(1, 1, 100), I4, 4, "199000 ms before its deadline");
    assert!(check(&reserved().extend(1, 1, 7_776_000)).is_ok());
    assert_broken(&reserved().extend(1, 1, 7_776_001), I4, 4, "outside 1 second to 90 days");
}

#[test]
fn a_promise_begins_when_it_is_recorded() {
    let early = reserved().damage(3, |event| {
        let data = event.data.replace("2025-11-27T00:00:03.000Z", "2025-11-27T00:00:02.000Z");
        event.data = data;
    });
    assert_broken(&early, I4, 3, "begins at another time than it was recorded");
}

#[test]
fn an_ending_covers_all_units_of_the_line() {
    assert!(check(&reserved().commit(1, &[(1, 2, 3)])).is_ok());
    assert_broken(
        &reserved().commit(1, &[(1, 2, 2)]),
        I4,
        4,
        "held 5 here, but 4 were committed or returned and 0 kept",
    );
    assert_broken(&reserved().commit(1, &[(1, 6, 0)]), I4, 4, "held 5 here, but 6 were committed");
    assert_broken(
        &reserved().release(1, 1, 4, "cancelled"),
        I4,
        4,
        "held 5 here, but 4 were cancelled",
    );
}

#[test]
fn a_line_goes_on_with_what_it_keeps() {
    let sold = || reserved().commit_keeping(1, (1, 2, 3));
    let report = check(&sold()).unwrap();
    assert_eq!((report.reservations.active, report.units.reserved), (1, 3));
    assert!(check(&sold().commit(1, &[(1, 3, 0)])).is_ok());
    assert_broken(&sold().commit(1, &[(1, 5, 0)]), I4, 5, "held 3 here, but 5 were committed");
    assert_broken(&reserved().commit_keeping(1, (1, 2, 2)), I4, 4, "held 5 here, but 2 were");
    assert_broken(&reserved().commit_keeping(1, (1, 2, -1)), I2, 4, "kept is -1");
    let given_back = || sold().release_keeping(1, (1, 1, 2), "cancelled");
    assert!(check(&given_back().later(300).release(1, 1, 2, "expired")).is_ok());
    assert_broken(&given_back().release(1, 1, 3, "cancelled"), I4, 6, "held 2 here, but 3 were");
    for cause in ["partialCommit", "shortage"] {
        let kept = sold().release_keeping(1, (1, 1, 2), cause);
        assert_broken(&kept, I4, 5, "and keeps 2 all the same");
    }
}

#[test]
fn an_id_is_made_once() {
    assert_broken(&reserved().reserve(1, &[(1, 5)]), I4, 4, "was made before");
    assert_broken(&reserved().reserve(1, &[(2, 5)]), I4, 4, "was made before");
    let ended = || reserved().commit(1, &[(1, 5, 0)]);
    assert_broken(&ended().reserve(1, &[(1, 5)]), I4, 5, "was made before");
    // ids are kept from being used again for 30 days after the deadline, 300 seconds after they were made
    let days = 30 * 86_400 + 300;
    assert_broken(&ended().later(days - 3).reserve(1, &[(1, 5)]), I4, 5, "was made before");
    let again = check(&ended().later(days - 2).reserve(1, &[(1, 5), (2, 5)])).unwrap();
    assert_eq!((again.reservations.made, again.reservations.active), (2, 2));
    assert_broken(&reserved().later(days).reserve(1, &[(1, 5)]), I4, 4, "was made before");
}

#[test]
fn the_lines_of_a_basket_are_of_one_store_and_of_different_products() {
    let basket = || Log::new().add(1, 50).add(2, 50).reserve(1, &[(1, 5), (2, 5)]);
    assert!(check(&basket()).is_ok());
    assert_broken(&basket().reserved(1, 1, 5), I3, 5, "changes the stock level twice");
    assert_broken(&basket().in_store(6).reserved(1, 1, 5), I3, 5, "changes two stores");
}

#[test]
fn each_line_of_a_basket_ends_once() {
    let basket = || Log::new().add(1, 50).add(2, 50).reserve(1, &[(1, 5), (2, 6)]);
    let sold = || basket().commit_part(1, &[(1, 5, 0)], &[(2, 6)]);
    assert!(check(&sold()).is_ok());
    assert_broken(&sold().release(1, 2, 6, "cancelled"), I4, 7, "it was left out of the sale");
    let report = check(&basket().release(1, 2, 6, "cancelled")).unwrap();
    assert_eq!((report.reservations.cancelled, report.reservations.active), (1, 1));
}
