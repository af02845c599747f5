//! Decides commands on one split reservation.

use std::collections::BTreeSet;

use kit_core::Timestamp;

use super::state::{Pending, Phase, Then};
use super::{
    CommitSplitReservation, PARTS_MAX, PartStatus, PlannedPart, RecordPlan,
    ReleaseSplitReservation, RequestSplitReservation, SPLIT_DEFINITION, SPLIT_SECONDS_MAX,
    SplitRefusal, SplitReservation, SplitReservationCommand, SplitReservationEvent, SplitStatus,
    SplitTerms, Wanted,
};
use crate::{EndCause, RecordStep, StepOutcome};

/// The events of a decision, or why it is refused.
type Decided = Result<Vec<SplitReservationEvent>, SplitRefusal>;

/// Decides a command against the present state. No events mean that it is granted and nothing had to change.
pub fn decide_split(
    split: &SplitReservation,
    command: &SplitReservationCommand,
    now: Timestamp,
) -> Decided {
    let terms = match (command, &split.terms) {
        (SplitReservationCommand::RequestSplitReservation(request), None) => {
            return begin(request, now);
        }
        (_, None) => return Err(SplitRefusal::Unknown),
        (_, Some(terms)) => terms,
    };
    match command {
        SplitReservationCommand::RequestSplitReservation(_) => Err(SplitRefusal::Exists),
        SplitReservationCommand::CommitSplitReservation(sale) => commit(split, terms, sale, now),
        SplitReservationCommand::ReleaseSplitReservation(release) => {
            self::release(split, terms, release, now)
        }
        SplitReservationCommand::ExpireSplitReservation(_) => Ok(expire(split, terms, now)),
        SplitReservationCommand::RecordPlan(RecordPlan { step, parts }) => {
            let is_asked = split.pending == Some(Pending::Plan) && split.step == *step;
            let planned = || SplitReservationEvent::Planned { parts: parts.clone() };
            // another plan for the same step was recorded before, or the same one
            Ok(if is_asked { vec![planned()] } else { Vec::new() })
        }
        SplitReservationCommand::RecordStep(RecordStep { step, outcome }) => {
            Ok(record(split, *step, outcome))
        }
    }
}

fn begin(request: &RequestSplitReservation, now: Timestamp) -> Decided {
    let RequestSplitReservation { wanted, ttl, reason, order, customer } = request.clone();
    if ttl.as_seconds() > SPLIT_SECONDS_MAX {
        return Err(SplitRefusal::TooLong(ttl.as_seconds()));
    }
    let (basket, parts) = match wanted {
        Wanted::Parts(parts) => {
            check(&parts)?;
            (None, parts)
        }
        Wanted::Basket(basket) => (Some(basket), Vec::new()),
    };
    Ok(vec![SplitReservationEvent::Requested {
        definition: SPLIT_DEFINITION,
        ttl,
        expires_at: now.after(ttl.as_duration()),
        reason,
        order,
        customer,
        basket,
        parts,
    }])
}

fn check(parts: &[PlannedPart]) -> Result<(), SplitRefusal> {
    if !(1..=PARTS_MAX).contains(&parts.len()) {
        return Err(SplitRefusal::PartCount(parts.len()));
    }
    let mut stores = BTreeSet::new();
    let twice = parts.iter().find(|part| !stores.insert(part.store));
    twice.map_or(Ok(()), |part| Err(SplitRefusal::Twice(part.store)))
}

fn commit(
    split: &SplitReservation,
    terms: &SplitTerms,
    sale: &CommitSplitReservation,
    now: Timestamp,
) -> Decided {
    let CommitSplitReservation { transaction, customer } = sale.clone();
    match split.phase {
        Phase::Active if now < terms.expires_at => {
            let customer = customer.or_else(|| terms.customer.clone());
            Ok(vec![SplitReservationEvent::CommitOrdered { transaction, customer }])
        }
        Phase::Committing | Phase::Committed if split.transaction() == Some(&transaction) => {
            Ok(Vec::new())
        }
        phase => Err(not_now(phase, terms, split.status(), "committed")),
    }
}

fn release(
    split: &SplitReservation,
    terms: &SplitTerms,
    release: &ReleaseSplitReservation,
    now: Timestamp,
) -> Decided {
    let order = || {
        let (cause, reason) = (EndCause::Requested, release.reason.clone());
        vec![SplitReservationEvent::ReleaseOrdered { cause, reason }]
    };
    match split.phase {
        Phase::Active if now < terms.expires_at => Ok(order()),
        Phase::Planning | Phase::Holding | Phase::Undoing(Then::PlanAgain) => {
            Ok(if split.release.is_none() { order() } else { Vec::new() })
        }
        Phase::Undoing(Then::End(SplitStatus::Released)) | Phase::Ended(SplitStatus::Released) => {
            Ok(Vec::new())
        }
        phase => Err(not_now(phase, terms, split.status(), "released")),
    }
}

/// Why something cannot be done that needs an active split reservation.
fn not_now(
    phase: Phase,
    terms: &SplitTerms,
    status: SplitStatus,
    wanted: &'static str,
) -> SplitRefusal {
    match phase {
        Phase::Planning | Phase::Holding | Phase::Undoing(Then::PlanAgain) => SplitRefusal::Busy,
        Phase::Active
        | Phase::Undoing(Then::End(SplitStatus::Expired))
        | Phase::Ended(SplitStatus::Expired) => {
            SplitRefusal::Expired { expires_at: terms.expires_at }
        }
        _ => SplitRefusal::NotNow { status, wanted },
    }
}

fn expire(
    split: &SplitReservation,
    terms: &SplitTerms,
    now: Timestamp,
) -> Vec<SplitReservationEvent> {
    if split.phase != Phase::Active || now < terms.expires_at {
        return Vec::new();
    }
    vec![SplitReservationEvent::ReleaseOrdered { cause: EndCause::Expired, reason: None }]
}

/// What a step's outcome means. An outcome that is known already, or of a step that another has ended, changes nothing.
fn record(
    split: &SplitReservation,
    step: u32,
    outcome: &StepOutcome,
) -> Vec<SplitReservationEvent> {
    let Some(pending) = split.pending.filter(|_| split.step == step) else {
        return late(split, step, outcome);
    };
    let event = match (pending, outcome.clone()) {
        (_, StepOutcome::Delayed { attempts, detail }) => return delay(split, attempts, detail),
        // what was found is recorded by itself
        (Pending::Plan, StepOutcome::Done) => return Vec::new(),
        (Pending::Plan, StepOutcome::Refused(detail)) => {
            SplitReservationEvent::PlanRefused { detail }
        }
        (Pending::Hold(part), StepOutcome::Done) => SplitReservationEvent::PartHeld { part },
        (Pending::Hold(part), StepOutcome::Refused(detail)) => {
            SplitReservationEvent::PartRefused { part, detail }
        }
        (Pending::Commit(part), StepOutcome::Done) => SplitReservationEvent::PartCommitted { part },
        (Pending::Commit(part), StepOutcome::Refused(detail)) => {
            SplitReservationEvent::PartRevoked { part, detail }
        }
        // a hold that cannot be released is not held any more
        (Pending::Release(part), StepOutcome::Done | StepOutcome::Refused(_)) => {
            SplitReservationEvent::PartReleased { part }
        }
        (Pending::Return(part), StepOutcome::Done) => SplitReservationEvent::PartReturned { part },
        // it must be done: it goes on being tried, and people are told
        (Pending::Return(_), StepOutcome::Refused(detail)) => return delay(split, 1, detail),
    };
    vec![event]
}

/// A hold that succeeded after another try of it was refused is released.
fn late(split: &SplitReservation, step: u32, outcome: &StepOutcome) -> Vec<SplitReservationEvent> {
    if *outcome != StepOutcome::Done {
        return Vec::new();
    }
    let mut refused = (0..).zip(&split.parts);
    let held =
        refused.find(|(_, part)| part.hold_step == step && part.status == PartStatus::Refused);
    held.map(|(part, _)| SplitReservationEvent::PartHeld { part }).into_iter().collect()
}

/// Told once for each step.
fn delay(split: &SplitReservation, attempts: u32, detail: String) -> Vec<SplitReservationEvent> {
    if split.delayed.is_some() {
        return Vec::new();
    }
    vec![SplitReservationEvent::StepDelayed { attempts, detail }]
}
