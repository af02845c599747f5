//! Claims: each reservation has one, where it belongs.

use super::super::entry::Invariant;
use super::log::Log;
use super::{assert_broken, check};

fn baskets() -> Log {
    Log::new().add(1, 10).add(2, 10).reserve(1, &[(1, 2), (2, 3)]).reserve(2, &[(1, 1)])
}

#[test]
fn a_reservation_without_a_claim_is_found_at_its_first_line() {
    check(&baskets()).unwrap();
    let lost = baskets().damage(4, |event| event.claims.clear());
    assert_broken(&lost, Invariant::I3, 3, "has no claim");
    let lost = baskets().damage(5, |event| event.claims.clear());
    assert_broken(&lost, Invariant::I3, 5, "has no claim");
}

#[test]
fn the_claim_of_another_reservation_is_of_no_use() {
    let other =
        baskets().damage(5, |event| event.claims[0] = super::log::reservation_id(7).to_string());
    assert_broken(&other, Invariant::I3, 5, "has no claim");
}

#[test]
fn a_claim_before_the_last_event_of_its_command_is_found() {
    let early = baskets()
        .damage(3, |event| event.claims.push(super::log::reservation_id(1).to_string()))
        .damage(4, |event| event.claims.clear());
    assert_broken(&early, Invariant::I3, 4, "not the last of its command");
}
