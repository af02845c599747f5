//! Decides commands to a stocktake.

use std::collections::BTreeSet;

use kit_core::Timestamp;

use super::{
    ApproveLines, COUNTS_MAX, CancelStocktake, Comparison, CountedLevel, RecordCounts,
    RecordPosting, RecountCause, RecountLines, RejectLines, STOCKTAKE_COUNTS_MAX,
    STOCKTAKE_PRODUCTS_MAX, ShelfCount, Stocktake, StocktakeCommand, StocktakeEvent, StocktakeLine,
    StocktakeLineStatus, StocktakeRefusal, StocktakeStatus, StocktakeTerms, Verdict,
    evolve_stocktake,
};
use crate::{FUTURE_TOLERANCE, ProductId, RecordStep, StepOutcome};

type Decided = Result<Vec<StocktakeEvent>, StocktakeRefusal>;

/// Decides a command against the present state. No events mean that the command is granted and nothing had to change.
pub fn decide_stocktake(
    stocktake: &Stocktake,
    command: &StocktakeCommand,
    now: Timestamp,
) -> Decided {
    let terms = match (command, &stocktake.terms) {
        (StocktakeCommand::OpenStocktake(terms), None) => return open(terms),
        (StocktakeCommand::OpenStocktake(_), Some(_)) => return Err(StocktakeRefusal::Exists),
        (_, None) => return Err(StocktakeRefusal::Unknown),
        (_, Some(terms)) => terms,
    };
    match command {
        StocktakeCommand::OpenStocktake(_) => Err(StocktakeRefusal::Exists),
        StocktakeCommand::RecordCounts(command) => record(stocktake, command, now),
        StocktakeCommand::CompareCounts(levels) => compare(stocktake, terms, levels),
        StocktakeCommand::ApproveLines(command) => approve(stocktake, command),
        StocktakeCommand::RejectLines(command) => reject(stocktake, command),
        StocktakeCommand::RecountLines(command) => recount(stocktake, command),
        StocktakeCommand::RecordPosting(command) => Ok(posted(stocktake, command)),
        StocktakeCommand::CancelStocktake(command) => cancel(stocktake, command),
        StocktakeCommand::RecordStep(step) => Ok(delayed(stocktake, step)),
    }
}

fn open(terms: &StocktakeTerms) -> Decided {
    if terms.sheet.len() > STOCKTAKE_PRODUCTS_MAX {
        return Err(StocktakeRefusal::TooManyProducts);
    }
    let mut known = BTreeSet::new();
    if let Some(twice) = terms.sheet.iter().find(|product| !known.insert(**product)) {
        return Err(StocktakeRefusal::TwiceOnSheet(*twice));
    }
    Ok(vec![StocktakeEvent::Opened(terms.clone())])
}

fn is_open(stocktake: &Stocktake) -> Result<(), StocktakeRefusal> {
    let status = stocktake.status();
    if status.is_end() { Err(StocktakeRefusal::Ended(status)) } else { Ok(()) }
}

/// Takes what is news, one count after the other: two of one product and zone may come together.
fn record(stocktake: &Stocktake, command: &RecordCounts, now: Timestamp) -> Decided {
    if !(1..=COUNTS_MAX).contains(&command.counts.len()) {
        return Err(StocktakeRefusal::CountsTogether(command.counts.len()));
    }
    let (mut after, mut news) = (stocktake.clone(), Vec::new());
    for count in &command.counts {
        let count = timed(count, now)?;
        let line = after.line(count.product);
        if line.is_some_and(|line| !line.is_news(&count)) {
            continue;
        }
        is_open(stocktake)?;
        if let Some(line) = line.filter(|line| !line.status.takes_counts()) {
            return Err(not_now(line));
        }
        if line.is_some_and(|line| line.is_beyond_with(&count)) {
            return Err(StocktakeRefusal::TooManyUnits(count.product));
        }
        after = evolve_stocktake(after, &StocktakeEvent::Counted { counts: vec![count.clone()] });
        news.push(count);
    }
    if after.lines().count() > STOCKTAKE_PRODUCTS_MAX {
        return Err(StocktakeRefusal::TooManyProducts);
    }
    if after.counts > STOCKTAKE_COUNTS_MAX {
        return Err(StocktakeRefusal::TooManyCounts);
    }
    Ok(some(news, |counts| StocktakeEvent::Counted { counts }))
}

/// A clock that is a little ahead tells of now.
fn timed(count: &ShelfCount, now: Timestamp) -> Result<ShelfCount, StocktakeRefusal> {
    let (product, at) = (count.product, count.counted_at);
    if at > now.after(FUTURE_TOLERANCE) {
        return Err(StocktakeRefusal::CountedInFuture { product, at, now });
    }
    Ok(ShelfCount { counted_at: at.min(now), ..count.clone() })
}

fn compare(stocktake: &Stocktake, terms: &StocktakeTerms, levels: &[CountedLevel]) -> Decided {
    is_open(stocktake)?;
    let mut compared = Vec::new();
    let mut changed = Vec::new();
    let mut is_any = false;
    for line in stocktake.lines().filter(|line| line.is_to_compare()) {
        is_any = true;
        match level_of(line, levels) {
            Some(level) => compared.push(comparison(line, terms, level)),
            // counted again since the books were asked
            None => changed.push(line.product),
        }
    }
    if !is_any {
        return Err(StocktakeRefusal::NothingCounted);
    }
    if !changed.is_empty() {
        return Err(StocktakeRefusal::VarianceChanged(changed));
    }
    compared.retain(|new| {
        stocktake.line(new.product).and_then(|line| line.comparison.as_ref()) != Some(new)
    });
    Ok(some(compared, |lines| StocktakeEvent::Compared { lines }))
}

/// What the books say of the moment at which a line was counted, if they were asked of that moment.
fn level_of<'a>(line: &StocktakeLine, levels: &'a [CountedLevel]) -> Option<&'a CountedLevel> {
    let (_, counted_at) = line.counted_between()?;
    levels.iter().find(|level| level.product == line.product && level.counted_at == counted_at)
}

fn comparison(line: &StocktakeLine, terms: &StocktakeTerms, level: &CountedLevel) -> Comparison {
    let (counted, expected) = (line.counted(), level.expected);
    let is_beyond = |limit: super::VarianceLimit| !limit.covers(counted, expected);
    let verdict = if level.moved {
        // however often: the sum of what lay there at different moments is no count
        Verdict::Recount(RecountCause::Moved)
    } else if terms.tolerance.covers(counted, expected) {
        Verdict::Accepted
    } else if line.recounts == 0 && terms.recount_above.is_some_and(is_beyond) {
        Verdict::Recount(RecountCause::Variance)
    } else {
        Verdict::Review
    };
    Comparison {
        product: line.product,
        counted,
        counted_at: level.counted_at,
        expected,
        unit_cost: level.unit_cost.clone(),
        verdict,
    }
}

/// The lines that a decision is about: those that are named, or all that are to be reviewed.
fn wanted<'a>(
    stocktake: &'a Stocktake,
    products: Option<&[ProductId]>,
) -> Result<Vec<&'a StocktakeLine>, StocktakeRefusal> {
    let Some(products) = products else {
        let is_for_review = |line: &&StocktakeLine| line.status == StocktakeLineStatus::Review;
        return Ok(stocktake.lines().filter(is_for_review).collect());
    };
    let named: BTreeSet<_> = products.iter().copied().collect();
    let line = |product| stocktake.line(product).ok_or(StocktakeRefusal::NoLine(product));
    named.into_iter().map(line).collect()
}

/// The products of the lines that are not as wanted yet, of which all must `may` become so.
fn to_change(
    lines: Vec<&StocktakeLine>,
    is_so: impl Fn(StocktakeLineStatus) -> bool,
    may: impl Fn(StocktakeLineStatus) -> bool,
) -> Result<Vec<ProductId>, StocktakeRefusal> {
    let lines = lines.into_iter().filter(|line| !is_so(line.status));
    lines.map(|line| if may(line.status) { Ok(line.product) } else { Err(not_now(line)) }).collect()
}

fn not_now(line: &StocktakeLine) -> StocktakeRefusal {
    StocktakeRefusal::LineNotNow { product: line.product, status: line.status }
}

fn approve(stocktake: &Stocktake, command: &ApproveLines) -> Decided {
    use StocktakeLineStatus::{Approved, Posted, Review};
    if stocktake.status() == StocktakeStatus::Cancelled {
        return Err(StocktakeRefusal::Ended(StocktakeStatus::Cancelled));
    }
    let lines = wanted(stocktake, command.products.as_deref())?;
    let is_so = |status| matches!(status, Approved | Posted);
    let products = to_change(lines, is_so, |status| status == Review)?;
    let is_as_reviewed = |product: &ProductId| {
        let line = stocktake.line(*product)?;
        let level = level_of(line, &command.levels)?;
        Some(level.expected == line.comparison.as_ref()?.expected)
    };
    let changed = products.iter().filter(|product| is_as_reviewed(product) != Some(true));
    let changed: Vec<_> = changed.copied().collect();
    if !changed.is_empty() {
        return Err(StocktakeRefusal::VarianceChanged(changed));
    }
    let (on_shortage, reason) = (command.on_shortage, command.reason.clone());
    Ok(some(products, |products| StocktakeEvent::Approved { products, on_shortage, reason }))
}

fn reject(stocktake: &Stocktake, command: &RejectLines) -> Decided {
    use StocktakeLineStatus::Rejected;
    let lines = wanted(stocktake, command.products.as_deref())?;
    let is_so = |status| status == Rejected;
    let products = to_change(lines, is_so, StocktakeLineStatus::takes_counts)?;
    if !products.is_empty() {
        is_open(stocktake)?;
    }
    let reason = command.reason.clone();
    Ok(some(products, |products| StocktakeEvent::Rejected { products, reason }))
}

fn recount(stocktake: &Stocktake, command: &RecountLines) -> Decided {
    use StocktakeLineStatus::{Recount, Review};
    is_open(stocktake)?;
    let lines = wanted(stocktake, command.products.as_deref())?;
    let products = to_change(lines, |status| status == Recount, |status| status == Review)?;
    let reason = command.reason.clone();
    Ok(some(products, |products| StocktakeEvent::RecountAsked { products, reason }))
}

/// What was posted already, by another try, is not told again.
fn posted(stocktake: &Stocktake, command: &RecordPosting) -> Vec<StocktakeEvent> {
    let is_approved = |product: &ProductId| {
        let line = stocktake.line(*product);
        line.is_some_and(|line| line.status == StocktakeLineStatus::Approved)
    };
    let (mut products, mut refused) = (Vec::new(), Vec::new());
    for (product, refusal) in &command.outcomes {
        match refusal {
            _ if !is_approved(product) => {}
            None => products.push(*product),
            Some(detail) => refused.push((*product, detail.clone())),
        }
    }
    if products.is_empty() && refused.is_empty() {
        return Vec::new();
    }
    vec![StocktakeEvent::Posted { products, refused }]
}

fn cancel(stocktake: &Stocktake, command: &CancelStocktake) -> Decided {
    match stocktake.status() {
        StocktakeStatus::Cancelled => Ok(Vec::new()),
        StocktakeStatus::Posting => Err(StocktakeRefusal::Busy),
        StocktakeStatus::Closed => Err(StocktakeRefusal::Ended(StocktakeStatus::Closed)),
        StocktakeStatus::Counting | StocktakeStatus::Review => {
            Ok(vec![StocktakeEvent::Cancelled { reason: command.reason.clone() }])
        }
    }
}

/// Told once. That it is done is told by what came of its lines.
fn delayed(stocktake: &Stocktake, record: &RecordStep) -> Vec<StocktakeEvent> {
    let (attempts, detail) = match &record.outcome {
        StepOutcome::Delayed { attempts, detail } => (*attempts, detail),
        StepOutcome::Refused(detail) => (1, detail),
        StepOutcome::Done => return Vec::new(),
    };
    if stocktake.status() != StocktakeStatus::Posting || stocktake.delayed.is_some() {
        return Vec::new();
    }
    vec![StocktakeEvent::StepDelayed { attempts, detail: detail.clone() }]
}

fn some<T>(changed: Vec<T>, event: impl FnOnce(Vec<T>) -> StocktakeEvent) -> Vec<StocktakeEvent> {
    if changed.is_empty() { Vec::new() } else { vec![event(changed)] }
}
