//! Decides commands on one checkout.

use kit_core::Timestamp;

use super::state::{Pending, Phase};
use super::{
    BeginCheckout, CHECKOUT_DEFINITION, CancelCheckout, Checkout, CheckoutCommand, CheckoutEvent,
    CheckoutRefusal, CheckoutStatus, CheckoutTerms, CommitCheckout,
};
use crate::{EndCause, RecordStep, StepOutcome};

/// The events of a decision, or why it is refused.
type Decided = Result<Vec<CheckoutEvent>, CheckoutRefusal>;

/// Decides a command against the present state. No events mean that it is granted and nothing had to change.
pub fn decide_checkout(checkout: &Checkout, command: &CheckoutCommand, now: Timestamp) -> Decided {
    let terms = match (command, &checkout.terms) {
        (CheckoutCommand::BeginCheckout(begin), None) => return Ok(vec![requested(begin, now)]),
        (_, None) => return Err(CheckoutRefusal::Unknown),
        (_, Some(terms)) => terms,
    };
    match command {
        CheckoutCommand::BeginCheckout(_) => Err(CheckoutRefusal::Exists),
        CheckoutCommand::CommitCheckout(sale) => commit(checkout, terms, sale, now),
        CheckoutCommand::CancelCheckout(cancel) => self::cancel(checkout, terms, cancel, now),
        CheckoutCommand::ExpireCheckout(_) => Ok(expire(checkout, terms, now)),
        CheckoutCommand::RecordStep(RecordStep { step, outcome }) => {
            Ok(record(checkout, *step, outcome))
        }
    }
}

fn requested(begin: &BeginCheckout, now: Timestamp) -> CheckoutEvent {
    let BeginCheckout { store, lines, ttl, reason, order, customer, confirmation } = begin.clone();
    CheckoutEvent::Requested {
        definition: CHECKOUT_DEFINITION,
        store,
        lines,
        ttl,
        expires_at: now.after(ttl.as_duration()),
        reason,
        order,
        customer,
        confirmation,
    }
}

fn commit(
    checkout: &Checkout,
    terms: &CheckoutTerms,
    sale: &CommitCheckout,
    now: Timestamp,
) -> Decided {
    let CommitCheckout { transaction, customer } = sale.clone();
    match checkout.phase {
        Phase::Active if now < terms.expires_at => {
            let customer = customer.or_else(|| terms.customer.clone());
            Ok(vec![CheckoutEvent::CommitOrdered { transaction, customer }])
        }
        Phase::Committing | Phase::Ended(CheckoutStatus::Committed)
            if checkout.transaction() == Some(&transaction) =>
        {
            Ok(Vec::new())
        }
        phase => Err(not_now(phase, terms, checkout.status(), "committed")),
    }
}

fn cancel(
    checkout: &Checkout,
    terms: &CheckoutTerms,
    cancel: &CancelCheckout,
    now: Timestamp,
) -> Decided {
    let order = || {
        let (cause, reason) = (EndCause::Requested, cancel.reason.clone());
        vec![CheckoutEvent::RollbackOrdered { cause, reason }]
    };
    match checkout.phase {
        Phase::Active if now < terms.expires_at => Ok(order()),
        Phase::Accepting | Phase::Reserving | Phase::Preparing => {
            Ok(if checkout.rollback.is_none() { order() } else { Vec::new() })
        }
        Phase::RollingBack(CheckoutStatus::Cancelled) | Phase::Ended(CheckoutStatus::Cancelled) => {
            Ok(Vec::new())
        }
        phase => Err(not_now(phase, terms, checkout.status(), "cancelled")),
    }
}

/// Why something cannot be done that needs an active checkout.
fn not_now(
    phase: Phase,
    terms: &CheckoutTerms,
    status: CheckoutStatus,
    wanted: &'static str,
) -> CheckoutRefusal {
    match phase {
        Phase::Accepting | Phase::Reserving | Phase::Preparing => CheckoutRefusal::Busy,
        Phase::Active
        | Phase::RollingBack(CheckoutStatus::Expired)
        | Phase::Ended(CheckoutStatus::Expired) => {
            CheckoutRefusal::Expired { expires_at: terms.expires_at }
        }
        _ => CheckoutRefusal::NotNow { status, wanted },
    }
}

fn expire(checkout: &Checkout, terms: &CheckoutTerms, now: Timestamp) -> Vec<CheckoutEvent> {
    if checkout.phase != Phase::Active || now < terms.expires_at {
        return Vec::new();
    }
    vec![CheckoutEvent::RollbackOrdered { cause: EndCause::Expired, reason: None }]
}

/// What a step's outcome means. An outcome that is known already, or of a step that another has ended, changes nothing.
fn record(checkout: &Checkout, step: u32, outcome: &StepOutcome) -> Vec<CheckoutEvent> {
    let Some(pending) = checkout.pending.filter(|_| checkout.step == step) else {
        return late(checkout, step, outcome);
    };
    let event = match (pending, outcome.clone()) {
        (_, StepOutcome::Delayed { attempts, detail }) => {
            return delay(checkout, attempts, detail);
        }
        (Pending::Accept, StepOutcome::Done) => CheckoutEvent::StoreAccepted,
        (Pending::Accept, StepOutcome::Refused(detail)) => CheckoutEvent::StoreRefused { detail },
        (Pending::Reserve, StepOutcome::Done) => CheckoutEvent::StockReserved,
        (Pending::Reserve, StepOutcome::Refused(detail)) => CheckoutEvent::StockRefused { detail },
        (Pending::Prepare, StepOutcome::Done) => CheckoutEvent::ConfirmationPrepared,
        (Pending::Prepare, StepOutcome::Refused(detail)) => {
            CheckoutEvent::ConfirmationRefused { detail }
        }
        (Pending::Sell, StepOutcome::Done) => CheckoutEvent::StockCommitted,
        (Pending::Sell, StepOutcome::Refused(detail)) => CheckoutEvent::StockRevoked { detail },
        // a hold that cannot be released is not held any more
        (Pending::Release, StepOutcome::Done | StepOutcome::Refused(_)) => {
            CheckoutEvent::StockReleased
        }
        (Pending::Confirm, StepOutcome::Done) => CheckoutEvent::ConfirmationCommitted,
        (Pending::Drop, StepOutcome::Done) => CheckoutEvent::ConfirmationDropped,
        // it must be done: it goes on being tried, and people are told
        (Pending::Confirm | Pending::Drop, StepOutcome::Refused(detail)) => {
            return delay(checkout, 1, detail);
        }
    };
    vec![event]
}

/// A hold that succeeded after another try of it was refused is released.
fn late(checkout: &Checkout, step: u32, outcome: &StepOutcome) -> Vec<CheckoutEvent> {
    let was_refused = checkout.hold_step == step && checkout.is_stock_refused();
    let is_late = was_refused && !checkout.is_held && *outcome == StepOutcome::Done;
    if is_late { vec![CheckoutEvent::StockReserved] } else { Vec::new() }
}

/// Told once for each step.
fn delay(checkout: &Checkout, attempts: u32, detail: String) -> Vec<CheckoutEvent> {
    if checkout.delayed.is_some() {
        return Vec::new();
    }
    vec![CheckoutEvent::StepDelayed { attempts, detail }]
}
