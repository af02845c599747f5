//! I1 in business order: the effect that a late fact says is the one that its place in time gives it.

use super::super::entry::Invariant::I1;
use super::log::Log;
use super::{assert_broken, check};

const ADDED: &str = "StockAddedEvent";
const ADJUSTED: &str = "StockAdjustedEvent";

/// Ten, nine of them counted half a minute later, and two sold since; told after that.
fn sold_since(effect: &str) -> Log {
    let log = Log::new().add(1, 10).later(60).reserve(1, &[(1, 2)]).commit(1, &[(1, 2, 0)]);
    let delta = if effect.contains("-1") { -1 } else { 1 };
    let fact = format!(r#""delta":{delta},"counted":9"#);
    log.late(30, ADJUSTED, &fact, effect)
}

#[test]
fn a_late_count_is_proven() {
    let report = check(&sold_since(r#""onHand":-1"#)).unwrap();
    assert_eq!((report.units.on_hand, report.units.adjusted), (7, -1));
    // as if the count had seen what was sold after it
    let wrong = sold_since(r#""onHand":1"#);
    assert_broken(&wrong, I1, 4, "in the order in which things happened 7 are on hand");
}

#[test]
fn what_a_count_has_seen_moves_nothing_and_says_so() {
    let counted = || Log::new().add(1, 10).later(60).count(1, -1, 9);
    let count = counted().occurred_at(2);
    let seen = format!(r#""onHand":0,"includedInCountOf":"{count}""#);
    let report = check(&counted().late(30, ADDED, r#""quantity":5"#, &seen)).unwrap();
    // received less adjusted: the count has five of it already
    let units = report.units;
    assert_eq!((units.received, units.adjusted, units.on_hand), (15, -6, 9));
    let moves = counted().late(30, ADDED, r#""quantity":5"#, r#""onHand":5"#);
    assert_broken(&moves, I1, 3, "a later count has seen it, but it does not say so");
    let early = counted().late(0, ADDED, r#""quantity":5"#, &seen);
    assert_broken(&early, I1, 3, "it says that a count has seen it, but none has");
    let other = format!(r#""onHand":0,"includedInCountOf":"{}""#, counted().occurred_at(1));
    assert_broken(&counted().late(30, ADDED, r#""quantity":5"#, &other), I1, 3, "a later count");
}

#[test]
fn a_shortfall_is_what_was_taken_beyond_and_is_explained_by_what_came_before() {
    let gone = || {
        let left = r#""onHand":-3,"shortfall":2"#;
        Log::new().add(1, 3).later(60).late(0, ADJUSTED, r#""delta":-5"#, left)
    };
    let report = check(&gone()).unwrap();
    assert_eq!((report.units.on_hand, report.units.shortfall), (0, 2));
    assert_eq!((report.units.received, report.units.adjusted), (3, -3));
    let explained = r#""onHand":2,"shortfall":-2"#;
    let report = check(&gone().late(30, ADDED, r#""quantity":4"#, explained)).unwrap();
    assert_eq!((report.units.on_hand, report.units.shortfall), (2, 0));
    let after = gone().late(0, ADDED, r#""quantity":4"#, explained);
    assert_broken(&after, I1, 3, "in the order in which things happened 4 are on hand and 2");
}

#[test]
fn nothing_happens_after_it_is_told() {
    let ahead = Log::new().add(1, 3).late(-5, ADDED, r#""quantity":1"#, r#""onHand":1"#);
    assert_broken(&ahead, I1, 2, "it happened 5000 ms after it was recorded");
}

#[test]
fn a_count_says_how_much_it_changed() {
    let log = Log::new().add(1, 3).later(60);
    let other = log.late(0, ADJUSTED, r#""delta":1,"counted":5"#, r#""onHand":2"#);
    assert_broken(&other, I1, 2, "a count that changed on hand by 2 says 1");
}
