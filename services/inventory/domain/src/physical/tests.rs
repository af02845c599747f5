//! Facts in every order of being told: what is on hand follows the order in which they happened.

use crate::testing::{
    add, added, adjust, adjust_or_revoke, adjusted, already_left, at, commit, committed, count,
    counted, delta, given, happened, included, late, quantity, reserve, reserved, revoked,
    with_effect,
};
use crate::{
    Command, Event, Inventory, LookBacks, OnShortage, Refusal, decide, decide_with, evolve,
};

/// Tells facts one after the other, a second apart, and gives the stock level after all of them.
#[track_caller]
fn told(commands: impl IntoIterator<Item = Command>) -> Inventory {
    let tell = |level: Inventory, (second, command): (i64, Command)| {
        let events = decide(&level, &command, at(second * 1_000)).unwrap();
        events.iter().fold(level, evolve)
    };
    (0..).zip(commands).fold(Inventory::default(), tell)
}

/// On hand and shortfall after facts were told.
#[track_caller]
fn stock<const N: usize>(commands: [Command; N]) -> (u32, u32) {
    let level = told(commands);
    (level.on_hand().get(), level.shortfall().get())
}

#[test]
fn a_count_that_is_repeated_or_older_than_the_latest_moves_nothing() {
    let second = || happened(count(12), -1_000);
    let counts = [happened(add(10), -9_000), happened(count(12), -2_000), second(), second()];
    assert_eq!(stock(counts), (12, 0));
    assert_eq!(stock([happened(count(40), -1_000), happened(count(50), -2_000)]), (40, 0));
}

#[test]
fn a_late_count_has_seen_what_happened_before_it_and_not_what_happened_after_it() {
    assert_eq!(stock([happened(add(100), -2_000), happened(count(95), -1_000)]), (95, 0));
    let sold_since = [happened(add(100), -5_000), reserve(1, 3), commit(1)];
    let [receipt, hold, sale] = sold_since;
    assert_eq!(stock([receipt, hold, sale, happened(count(90), -1_000)]), (87, 0));
}

#[test]
fn what_is_told_after_a_count_that_has_seen_it_is_recorded_and_moves_nothing() {
    let history = || [added(57), counted(-7, 50)];
    given(history())
        .at(1_000)
        .when(happened(adjust(-2), -1))
        .then([included(adjusted(-2), -1, 0)])
        .on_hand(50);
    given(history())
        .at(1_000)
        .when(happened(add(9), -1))
        .then([included(added(9), -1, 0)])
        .on_hand(50);
    given(history())
        .at(1_000)
        .when(happened(count(60), -1))
        .then([included(counted(0, 60), -1, 0)])
        .on_hand(50);
    // more than there ever was: it moves nothing, so nothing is missing
    given(history()).at(1_000).when(happened(adjust(-900), -1)).granted().on_hand(50);
}

#[test]
fn a_sale_that_a_count_has_seen_ends_its_hold_and_leaves_what_is_on_hand() {
    given([added(9), reserved(1, 3, 300), counted(-3, 6)])
        .at(1_000)
        .when(happened(commit(1), -1))
        .then([included(committed(1, 3, 0), -1, 0)])
        .on_hand(6)
        .reserved(0);
}

#[test]
fn what_happened_at_the_moment_of_a_count_counts_as_told() {
    // told before it: the count has seen it; told after it: the count has not
    given([added(5), counted(3, 8)]).when(add(2)).then([added(2)]).on_hand(10);
    given([added(5), counted(3, 8)])
        .at(1_000)
        .when(happened(add(2), 0))
        .then([late(added(2), 0, 2, 0)])
        .on_hand(10);
}

#[test]
fn a_late_delivery_explains_the_shortfall_of_a_sale_after_it() {
    let gone = [happened(add(3), -9_000), already_left(happened(adjust(-5), -5_000))];
    let [receipt, sale] = gone.clone();
    assert_eq!(stock(gone), (0, 2));
    assert_eq!(stock([receipt.clone(), sale.clone(), happened(add(4), -7_000)]), (2, 0));
    assert_eq!(stock([receipt.clone(), sale.clone(), happened(add(1), -7_000)]), (0, 1));
    // one that came after the sale does not: those units are there
    assert_eq!(stock([receipt, sale, happened(add(4), -1_000)]), (4, 2));
}

#[test]
fn a_count_explains_the_shortfall() {
    let gone = [add(3), already_left(adjust(-5)), count(1)];
    assert_eq!(stock(gone), (1, 0));
    given([added(3), with_effect(adjusted(-5), -3, 2)])
        .at(1_000)
        .when(count(0))
        .then([with_count_effect(0, -2)])
        .shortfall(0);
}

fn with_count_effect(on_hand: i64, shortfall: i64) -> Event {
    let mut event = with_effect(counted(on_hand, 0), on_hand, shortfall);
    if let Event::StockAdjusted { posting, .. } = &mut event {
        posting.occurred_at = at(1_000);
    }
    event
}

#[test]
fn more_than_there_is_needs_the_word_that_it_has_left() {
    let out_of_range = Refusal::OnHandOutOfRange { on_hand: quantity(5), delta: delta(-6) };
    given([added(5)]).when(adjust(-6)).refused(out_of_range);
    given([added(5)])
        .when(already_left(adjust(-6)))
        .then([with_effect(adjusted(-6), -5, 1)])
        .on_hand(0)
        .shortfall(1);
    // now there are ten, then there were none
    let then = Refusal::NotOnHandThen { occurred_at: at(-1), missing: delta(2) };
    given([added(10)]).when(happened(adjust(-2), -1)).refused(then);
    given([added(10)])
        .when(already_left(happened(adjust(-2), -1)))
        .then([late(adjusted(-2), -1, 0, 2)])
        .on_hand(10)
        .shortfall(2);
}

#[test]
fn a_sale_that_is_written_down_afterwards_needs_its_units_when_it_happened() {
    let history = || [added(5)];
    let sold = |units, millis| happened(reserve(1, units), millis);
    let then = |missing| Refusal::NotOnHandThen { occurred_at: at(-1), missing: delta(missing) };
    given(history()).at(1_000).when(sold(2, -1)).refused(then(2));
    given(history()).at(1_000).when(sold(2, 0)).granted().available(3);
    given(history()).at(1_000).when(sold(6, 0)).refused_as("insufficient-stock");
    given([added(5), counted(-1, 4)]).at(1_000).when(sold(2, -1)).granted().available(2);
}

#[test]
fn units_that_have_left_revoke_the_newest_holds_that_are_not_covered() {
    given([added(6), reserved(1, 3, 300), reserved(2, 3, 300)])
        .when(already_left(adjust(-2)))
        .then([revoked(2, 3), adjusted(-2)])
        .on_hand(4)
        .reserved(3);
    given([added(6), reserved(1, 3, 300), reserved(2, 3, 300)])
        .when(already_left(adjust(-7)))
        .then([revoked(2, 3), revoked(1, 3), with_effect(adjusted(-7), -6, 1)])
        .on_hand(0)
        .shortfall(1);
}

#[test]
fn a_late_fact_that_uncovers_a_shortage_follows_its_policy() {
    let history = || [added(6), reserved(1, 3, 300), reserved(2, 3, 300)];
    let short = |on_hand_after, shortage| Refusal::BelowReserved {
        on_hand_after: quantity(on_hand_after),
        reserved: quantity(6),
        shortage: quantity(shortage),
    };
    let told_late = |command| given(history()).at(1_000).when(command);
    told_late(happened(adjust(-1), 0)).refused(short(5, 1));
    told_late(happened(adjust_or_revoke(-1), 0))
        .then([revoked(2, 3), late(adjusted(-1), 0, -1, 0)])
        .on_hand(5)
        .reserved(3);
    told_late(happened(count(4), 0)).refused(short(4, 2));
    let Command::CountStock(counts) = happened(count(4), 0) else { unreachable!() };
    let revoking = crate::CountStock { on_shortage: OnShortage::RevokeNewest, ..counts };
    told_late(Command::CountStock(revoking)).granted().on_hand(4).reserved(3);
}

#[test]
fn a_till_that_is_ahead_tells_of_now() {
    given([added(5)]).when(happened(add(1), 60_000)).then([added(1)]).on_hand(6);
    given([added(5)]).when(happened(count(3), 60_000)).then([counted(-2, 3)]).on_hand(3);
}

#[test]
fn a_fact_from_before_what_is_remembered_looks_back() {
    let mut level = Inventory::remembering(2);
    let mut past = LookBacks::new([at(1_500)]);
    for (second, command) in (0..).zip([add(5), already_left(adjust(-7)), add(1), add(1), add(1)]) {
        let events = decide(&level, &command, at(second * 1_000)).unwrap();
        let (told, posting) = events[0].physical().unwrap();
        past.see(posting.occurred_at, told);
        level = events.iter().fold(level, evolve);
    }
    let past = past.to(at(1_500)).unwrap();
    let now = at(60_000);
    let needed = Refusal::HistoryNeeded { before: at(1_500) };
    let explains = happened(add(1), 1_500);
    assert_eq!(decide(&level, &explains, now), Err(needed));
    let events = decide_with(&level, &explains, Some(&past), now).unwrap();
    assert_eq!(events, [late(added(1), 1_500, 1, 0)]);

    // what was recorded since is joined, if it is remembered
    let later = decide(&level, &add(1), at(61_000)).unwrap();
    let level = later.iter().fold(level, evolve);
    let counts = happened(count(1), 1_500);
    let events = decide_with(&level, &counts, Some(&past), at(62_000)).unwrap();
    assert_eq!(events, [late(counted(1, 1), 1_500, 1, -2)]);
    // and else it is not made up
    let crowd = [add(1), add(1)].map(|add| decide(&level, &add, at(63_000)).unwrap());
    let level = crowd.iter().flatten().fold(level, evolve);
    assert_eq!(decide_with(&level, &counts, Some(&past), at(64_000)), Err(needed));
    let another = LookBacks::new([at(1_499)]).to(at(1_499)).unwrap();
    assert_eq!(decide_with(&level, &counts, Some(&another), at(64_000)), Err(needed));
}

#[test]
fn a_late_arrival_where_nothing_was_missing_needs_no_history() {
    let crowded = [added(1), added(1), added(1)].iter().fold(Inventory::remembering(1), evolve);
    let events = decide(&crowded, &happened(add(4), -1), at(1_000)).unwrap();
    assert_eq!(events, [late(added(4), -1, 4, 0)]);
    assert_eq!(events.iter().fold(crowded, evolve).on_hand(), quantity(7));
}
