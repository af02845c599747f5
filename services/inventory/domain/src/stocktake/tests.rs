//! Stocktakes, given/when/then.

use uuid::Uuid;

use super::*;
use crate::testing::{at, now, quantity, reason};
use crate::{
    NextStep, OnShortage, ProductId, RecordStep, StepOutcome, StockQuantity, StoreId, Zone,
};

type Given<'a> = &'a [StocktakeEvent];

fn product(number: u128) -> ProductId {
    ProductId::from_uuid(Uuid::from_u128(number))
}

fn terms() -> StocktakeTerms {
    StocktakeTerms {
        store: StoreId::from_uuid(Uuid::from_u128(2)),
        zone: None,
        sheet: vec![],
        blind: false,
        tolerance: VarianceLimit::default(),
        recount_above: None,
        reason: None,
        reference: None,
    }
}

fn opened() -> StocktakeEvent {
    StocktakeEvent::Opened(terms())
}

fn opened_with(tolerance: (i64, i64), recount_above: Option<(i64, i64)>) -> StocktakeEvent {
    let limit = |(units, percent)| VarianceLimit::new(units, percent).unwrap();
    let recount_above = recount_above.map(limit);
    StocktakeEvent::Opened(StocktakeTerms { tolerance: limit(tolerance), recount_above, ..terms() })
}

fn shelf(number: u128, zone: &str, units: i64, millis: i64) -> ShelfCount {
    let zone = (!zone.is_empty()).then(|| Zone::new(zone).unwrap());
    ShelfCount { product: product(number), zone, counted: quantity(units), counted_at: at(millis) }
}

fn counted(counts: &[ShelfCount]) -> StocktakeEvent {
    StocktakeEvent::Counted { counts: counts.to_vec() }
}

fn one(units: i64) -> StocktakeEvent {
    counted(&[shelf(1, "", units, -9_000)])
}

fn record(counts: &[ShelfCount]) -> StocktakeCommand {
    StocktakeCommand::RecordCounts(RecordCounts { counts: counts.to_vec() })
}

fn level(number: u128, millis: i64, expected: i64) -> CountedLevel {
    let (product, expected) = (product(number), quantity(expected));
    CountedLevel { product, counted_at: at(millis), expected, moved: false, unit_cost: None }
}

fn compare(levels: &[CountedLevel]) -> StocktakeCommand {
    StocktakeCommand::CompareCounts(levels.to_vec())
}

fn compared(counted: i64, expected: i64, verdict: Verdict) -> StocktakeEvent {
    let (counted, expected) = (quantity(counted), quantity(expected));
    let (product, counted_at, unit_cost) = (product(1), at(-9_000), None);
    let line = Comparison { product, counted, counted_at, expected, unit_cost, verdict };
    StocktakeEvent::Compared { lines: vec![line] }
}

fn approve(products: Option<&[u128]>, levels: &[CountedLevel]) -> StocktakeCommand {
    StocktakeCommand::ApproveLines(ApproveLines {
        products: products.map(|numbers| numbers.iter().copied().map(product).collect()),
        levels: levels.to_vec(),
        on_shortage: OnShortage::Refuse,
        reason: Some(reason("seen")),
    })
}

fn approved() -> StocktakeEvent {
    let (products, on_shortage) = (vec![product(1)], OnShortage::Refuse);
    StocktakeEvent::Approved { products, on_shortage, reason: Some(reason("seen")) }
}

fn reject(products: Option<&[u128]>) -> StocktakeCommand {
    let products = products.map(|numbers| numbers.iter().copied().map(product).collect());
    StocktakeCommand::RejectLines(RejectLines { products, reason: None })
}

fn posted() -> StocktakeEvent {
    StocktakeEvent::Posted { products: vec![product(1)], refused: vec![] }
}

fn given(history: Given<'_>) -> Stocktake {
    history.iter().fold(Stocktake::default(), evolve_stocktake)
}

fn when(
    history: Given<'_>,
    command: &StocktakeCommand,
) -> Result<Vec<StocktakeEvent>, StocktakeRefusal> {
    decide_stocktake(&given(history), command, now())
}

fn line_status(history: Given<'_>) -> StocktakeLineStatus {
    given(history).line(product(1)).unwrap().status
}

#[test]
fn a_sheet_names_each_product_once_and_is_to_be_counted() {
    let sheet = StocktakeTerms { sheet: vec![product(1), product(2)], ..terms() };
    let open = StocktakeCommand::OpenStocktake(sheet.clone());
    assert_eq!(when(&[], &open), Ok(vec![StocktakeEvent::Opened(sheet.clone())]));
    assert_eq!(when(&[opened()], &open), Err(StocktakeRefusal::Exists));
    let twice = StocktakeTerms { sheet: vec![product(1), product(1)], ..terms() };
    let refused = when(&[], &StocktakeCommand::OpenStocktake(twice));
    assert_eq!(refused, Err(StocktakeRefusal::TwiceOnSheet(product(1))));
    let history = [StocktakeEvent::Opened(sheet)];
    assert_eq!(line_status(&history), StocktakeLineStatus::ToCount);
    assert_eq!(given(&history).status(), StocktakeStatus::Counting);
}

#[test]
fn zones_of_a_product_are_added_up_and_the_latest_count_of_each_holds() {
    let (aisle, back) = (shelf(1, "aisle", 5, -9_000), shelf(1, "back", 7, -8_000));
    let history = [opened(), counted(&[aisle.clone(), back.clone()])];
    assert_eq!(given(&history).line(product(1)).unwrap().counted(), quantity(12));
    // the same again, and one from before what is known
    assert_eq!(when(&history, &record(&[back, aisle.clone()])), Ok(vec![]));
    assert_eq!(when(&history, &record(&[shelf(1, "aisle", 9, -9_500)])), Ok(vec![]));
    let later = shelf(1, "aisle", 4, -7_000);
    let news = when(&history, &record(&[aisle, later.clone()]));
    assert_eq!(news, Ok(vec![counted(std::slice::from_ref(&later))]));
    let line = given(&[history.as_slice(), &[counted(&[later])]].concat());
    let line = line.line(product(1)).unwrap();
    assert_eq!(line.counted(), quantity(11));
    assert_eq!(line.counted_between(), Some((at(-8_000), at(-7_000))));
}

#[test]
fn counts_have_bounds_and_their_times_are_past() {
    assert_eq!(when(&[opened()], &record(&[])), Err(StocktakeRefusal::CountsTogether(0)));
    let ahead = when(&[opened()], &record(&[shelf(1, "", 1, 600_000)]));
    assert!(matches!(ahead, Err(StocktakeRefusal::CountedInFuture { .. })), "{ahead:?}");
    let little = when(&[opened()], &record(&[shelf(1, "", 1, 60_000)]));
    assert_eq!(little, Ok(vec![counted(&[shelf(1, "", 1, 0)])]));
    let most = i64::from(StockQuantity::UNITS_MAX);
    let beyond = record(&[shelf(1, "a", most, -2), shelf(1, "b", 1, -1)]);
    assert_eq!(when(&[opened()], &beyond), Err(StocktakeRefusal::TooManyUnits(product(1))));
    let many: Vec<_> = (0..=1_000).map(|number| shelf(number, "", 1, -1)).collect();
    let mut history = vec![opened()];
    history.extend(when(&[opened()], &record(&many[..1_000])).unwrap());
    let more = when(&history, &record(&many[1_000..]));
    assert_eq!(more, Err(StocktakeRefusal::TooManyProducts));
}

#[test]
fn a_count_is_compared_with_the_books_of_its_own_moment() {
    let history = [opened(), one(5)];
    let then = compare(&[level(1, -9_000, 8)]);
    assert_eq!(when(&history, &then), Ok(vec![compared(5, 8, Verdict::Review)]));
    let other = compare(&[level(1, -8_999, 8)]);
    let changed = Err(StocktakeRefusal::VarianceChanged(vec![product(1)]));
    assert_eq!(when(&history, &other), changed);
    assert_eq!(when(&[opened()], &then), Err(StocktakeRefusal::NothingCounted));
    // late facts change the books of the moment; nothing new is told once
    let seen = [opened(), one(5), compared(5, 8, Verdict::Review)];
    assert_eq!(when(&seen, &then), Ok(vec![]));
    let late = compare(&[level(1, -9_000, 6)]);
    assert_eq!(when(&seen, &late), Ok(vec![compared(5, 6, Verdict::Review)]));
}

#[test]
fn what_is_within_the_tolerance_is_accepted_and_to_be_posted() {
    let (by_units, by_percent) = (opened_with((2, 0), None), opened_with((0, 10), None));
    for (opened, counted, verdict) in [
        (&by_units, 98, Verdict::Accepted),
        (&by_units, 102, Verdict::Accepted),
        (&by_units, 97, Verdict::Review),
        (&by_percent, 90, Verdict::Accepted),
        (&by_percent, 89, Verdict::Review),
        (&by_percent, 111, Verdict::Review),
    ] {
        let history = [opened.clone(), one(counted)];
        let event = compared(counted, 100, verdict);
        let then = when(&history, &compare(&[level(1, -9_000, 100)]));
        assert_eq!(then, Ok(vec![event.clone()]), "{counted}");
        let posting = given(&[opened.clone(), one(counted), event]).status();
        let accepted = verdict == Verdict::Accepted;
        assert_eq!(posting == StocktakeStatus::Posting, accepted, "{counted}");
    }
}

#[test]
fn beyond_the_threshold_a_line_is_counted_again_in_all_its_zones_and_then_reviewed() {
    let start = opened_with((0, 0), Some((10, 0)));
    let shelves = [shelf(1, "aisle", 5, -9_500), shelf(1, "back", 7, -9_000)];
    let mut history = vec![start, counted(&shelves)];
    let recount = Verdict::Recount(RecountCause::Variance);
    let events = when(&history, &compare(&[level(1, -9_000, 40)])).unwrap();
    assert_eq!(events, [compared(12, 40, recount)]);
    history.extend(events);
    assert_eq!(line_status(&history), StocktakeLineStatus::Recount);
    let refused = when(&history, &approve(Some(&[1]), &[level(1, -9_000, 40)]));
    assert!(matches!(refused, Err(StocktakeRefusal::LineNotNow { .. })), "{refused:?}");
    // a handheld that sends again what it has sent is no recount
    assert_eq!(when(&history, &record(&shelves)), Ok(vec![]));
    history.push(counted(&[shelf(1, "aisle", 6, -4_000)]));
    assert_eq!(line_status(&history), StocktakeLineStatus::Recount, "the back is still to come");
    history.push(counted(&[shelf(1, "back", 7, -3_000)]));
    assert_eq!(line_status(&history), StocktakeLineStatus::Counted);
    let events = when(&history, &compare(&[level(1, -3_000, 40)])).unwrap();
    let StocktakeEvent::Compared { lines } = &events[0] else { panic!("{events:?}") };
    assert_eq!((lines[0].verdict, lines[0].variance().get()), (Verdict::Review, -27));
}

#[test]
fn zones_that_were_counted_while_the_books_changed_are_no_count() {
    let history = [
        opened_with((100, 0), None),
        counted(&[shelf(1, "aisle", 5, -9_500), shelf(1, "back", 7, -9_000)]),
    ];
    let moved = CountedLevel { moved: true, ..level(1, -9_000, 12) };
    let verdict = Verdict::Recount(RecountCause::Moved);
    assert_eq!(when(&history, &compare(&[moved])), Ok(vec![compared(12, 12, verdict)]));
}

#[test]
fn an_approval_holds_for_what_was_reviewed_and_is_given_once() {
    let history = [opened(), one(5), compared(5, 8, Verdict::Review)];
    for products in [None, Some(&[1][..])] {
        let granted = when(&history, &approve(products, &[level(1, -9_000, 8)]));
        assert_eq!(granted, Ok(vec![approved()]));
    }
    let changed = Err(StocktakeRefusal::VarianceChanged(vec![product(1)]));
    assert_eq!(when(&history, &approve(None, &[level(1, -9_000, 7)])), changed);
    assert_eq!(when(&history, &approve(None, &[])), changed);
    let no_line = Err(StocktakeRefusal::NoLine(product(3)));
    assert_eq!(when(&history, &approve(Some(&[3]), &[])), no_line);
    for more in [&[approved()][..], &[approved(), posted()]] {
        let history = [&history, more].concat();
        assert_eq!(when(&history, &approve(Some(&[1]), &[])), Ok(vec![]));
        assert_eq!(when(&history, &approve(None, &[])), Ok(vec![]));
        let undone = when(&history, &reject(Some(&[1])));
        assert!(matches!(undone, Err(StocktakeRefusal::LineNotNow { .. })), "{undone:?}");
    }
}

#[test]
fn what_is_approved_is_posted_as_a_count_of_its_moment_until_it_is() {
    let mut history = vec![opened(), one(5), compared(5, 8, Verdict::Review), approved()];
    let stocktake = given(&history);
    let NextStep::Perform { number: 1, step } = stocktake.next_step() else {
        panic!("{stocktake:?}")
    };
    let count = PostedCount {
        product: product(1),
        counted: quantity(5),
        counted_at: at(-9_000),
        on_shortage: OnShortage::Refuse,
        reason: Some(reason("seen")),
    };
    assert_eq!((step.store, step.counts), (terms().store, vec![count]));
    let delay = StepOutcome::Delayed { attempts: 10, detail: "away".to_owned() };
    let delay = StocktakeCommand::RecordStep(RecordStep { step: 1, outcome: delay });
    let told = StocktakeEvent::StepDelayed { attempts: 10, detail: "away".to_owned() };
    assert_eq!(when(&history, &delay), Ok(vec![told.clone()]));
    history.push(told);
    assert_eq!(when(&history, &delay), Ok(vec![]), "people are told once");
    let done =
        StocktakeCommand::RecordPosting(RecordPosting { outcomes: vec![(product(1), None)] });
    assert_eq!(when(&history, &done), Ok(vec![posted()]));
    history.push(posted());
    assert_eq!(when(&history, &done), Ok(vec![]), "another driver says the same");
    let stocktake = given(&history);
    assert_eq!((stocktake.status(), stocktake.delayed()), (StocktakeStatus::Closed, None));
    assert_eq!(stocktake.next_step(), NextStep::Ended);
    let ended = Err(StocktakeRefusal::Ended(StocktakeStatus::Closed));
    assert_eq!(when(&history, &record(&[shelf(1, "", 6, -1)])), ended);
    assert_eq!(when(&history, &record(&[shelf(1, "", 5, -9_000)])), Ok(vec![]), "it is known");
}

#[test]
fn what_its_stock_level_refuses_is_reviewed_again_under_another_number() {
    let mut history = vec![opened(), one(5), compared(5, 8, Verdict::Review), approved()];
    let outcomes = vec![(product(1), Some("6 are reserved".to_owned()))];
    let refused = StocktakeCommand::RecordPosting(RecordPosting { outcomes });
    history.extend(when(&history, &refused).unwrap());
    let stocktake = given(&history);
    let line = stocktake.line(product(1)).unwrap();
    assert_eq!(line.status, StocktakeLineStatus::Review);
    assert_eq!(line.refusal.as_deref(), Some("6 are reserved"));
    history.extend(when(&history, &approve(None, &[level(1, -9_000, 8)])).unwrap());
    let next = given(&history).next_step();
    assert!(matches!(next, NextStep::Perform { number: 2, .. }), "{next:?}");
}

#[test]
fn lines_are_rejected_or_sent_back_and_the_whole_is_cancelled_unless_it_is_being_posted() {
    let history = [opened(), one(5), compared(5, 8, Verdict::Review)];
    let rejected = StocktakeEvent::Rejected { products: vec![product(1)], reason: None };
    assert_eq!(when(&history, &reject(None)), Ok(vec![rejected.clone()]));
    let after = [history.as_slice(), &[rejected]].concat();
    assert_eq!(when(&after, &reject(Some(&[1]))), Ok(vec![]));
    assert_eq!(given(&after).status(), StocktakeStatus::Closed);

    let back = RecountLines { products: None, reason: None };
    let asked = StocktakeEvent::RecountAsked { products: vec![product(1)], reason: None };
    assert_eq!(when(&history, &StocktakeCommand::RecountLines(back)), Ok(vec![asked.clone()]));
    let after = [history.as_slice(), &[asked]].concat();
    let line = given(&after).line(product(1)).unwrap().clone();
    assert_eq!(line.status, StocktakeLineStatus::Recount);
    assert_eq!(line.recount_cause, Some(RecountCause::Asked));

    let cancel = StocktakeCommand::CancelStocktake(CancelStocktake { reason: None });
    let cancelled = StocktakeEvent::Cancelled { reason: None };
    assert_eq!(when(&history, &cancel), Ok(vec![cancelled.clone()]));
    let posting = [history.as_slice(), &[approved()]].concat();
    assert_eq!(when(&posting, &cancel), Err(StocktakeRefusal::Busy));
    let after = [history.as_slice(), &[cancelled]].concat();
    assert_eq!(when(&after, &cancel), Ok(vec![]));
    let ended = Err(StocktakeRefusal::Ended(StocktakeStatus::Cancelled));
    assert_eq!(when(&after, &approve(None, &[level(1, -9_000, 8)])), ended);
    assert_eq!(given(&after).next_step(), NextStep::Ended);
}

#[test]
fn a_variance_is_worth_what_its_units_cost() {
    let cost = UnitCost { minor_units: 250, currency: "BRL".into() };
    let delta = |units| crate::StockDelta::new(units).unwrap();
    assert_eq!([-3, 0, 2].map(|units| cost.of(delta(units))), [Some(-750), Some(0), Some(500)]);
    let dear = UnitCost { minor_units: 1_000_000_000_000, ..cost };
    assert_eq!(dear.of(delta(1_000_000_000)), None);
    assert!(VarianceLimit::new(-1, 0).is_err() && VarianceLimit::new(0, 101).is_err());
}
