//! The state of one split reservation and how events change it.

use kit_core::Timestamp;

use super::{
    PLANS_MAX, PartStatus, PlannedPart, SplitBasket, SplitPart, SplitReservationEvent, SplitStatus,
};
use crate::{Customer, Delayed, EndCause, OrderRef, Reason, StoreId, TimeToLive, TransactionRef};

/// One split reservation; before its first event it is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SplitReservation {
    pub(super) terms: Option<SplitTerms>,
    pub(super) phase: Phase,
    /// The parts of all plans, in their order.
    pub(super) parts: Vec<SplitPart>,
    pub(super) plan: u32,
    pub(super) pending: Option<Pending>,
    /// Number of the latest step that was ordered.
    pub(super) step: u32,
    /// Why it is to be given up, if somebody wanted it or its deadline passed.
    pub(super) release: Option<EndCause>,
    pub(super) sale: Option<Sale>,
    pub(super) detail: Option<String>,
    pub(super) delayed: Option<Delayed>,
}

/// What was agreed when it began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SplitTerms {
    /// Version of what follows what.
    pub definition: u16,
    /// Time from its begin until the deadline.
    pub ttl: TimeToLive,
    /// The deadline.
    pub expires_at: Timestamp,
    /// The reason, as free text.
    pub reason: Option<Reason>,
    /// The order that it is for.
    pub order: Option<OrderRef>,
    /// The customer that it is for.
    pub customer: Option<Customer>,
    /// The basket, if stores are found for it.
    pub basket: Option<SplitBasket>,
}

/// The sale that it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sale {
    pub(super) transaction: TransactionRef,
    pub(super) customer: Option<Customer>,
}

/// What is being done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Phase {
    #[default]
    Planning,
    Holding,
    Active,
    Committing,
    Committed,
    Undoing(Then),
    Ended(SplitStatus),
}

/// What follows once nothing is held or sold any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    PlanAgain,
    End(SplitStatus),
}

/// What was ordered last and has not ended; with the part that it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pending {
    Plan,
    Hold(u32),
    Commit(u32),
    Release(u32),
    Return(u32),
}

impl SplitReservation {
    /// What was agreed; `None` when there is no such split reservation.
    #[must_use]
    pub fn terms(&self) -> Option<&SplitTerms> {
        self.terms.as_ref()
    }

    /// How it stands.
    #[must_use]
    pub const fn status(&self) -> SplitStatus {
        match self.phase {
            Phase::Planning | Phase::Holding | Phase::Undoing(Then::PlanAgain) => {
                SplitStatus::Requested
            }
            Phase::Active => SplitStatus::Active,
            Phase::Committing => SplitStatus::Committing,
            Phase::Committed => SplitStatus::Committed,
            Phase::Undoing(Then::End(_)) => SplitStatus::Releasing,
            Phase::Ended(status) => status,
        }
    }

    /// The parts of all plans, in their order: a part's place is its number. Those of the last plan count.
    #[must_use]
    pub fn parts(&self) -> &[SplitPart] {
        &self.parts
    }

    /// How often stores were looked for; 1 where they were named.
    #[must_use]
    pub const fn plan(&self) -> u32 {
        self.plan
    }

    /// The sale, once it was ordered.
    #[must_use]
    pub fn transaction(&self) -> Option<&TransactionRef> {
        self.sale.as_ref().map(|sale| &sale.transaction)
    }

    /// Why it is not to be had, as a text for people.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }

    /// What its step fails of, if it fails again and again.
    #[must_use]
    pub fn delayed(&self) -> Option<&Delayed> {
        self.delayed.as_ref()
    }

    /// The stores that it concerns: those of its parts, before there are any those that may serve; `None` is any store.
    #[must_use]
    pub fn stores(&self) -> Option<Vec<StoreId>> {
        if self.parts.is_empty() {
            return self.terms.as_ref()?.basket.as_ref()?.stores.clone();
        }
        Some(self.parts.iter().map(|part| part.planned.store).collect())
    }

    /// The part of a number, if it is one.
    #[must_use]
    pub fn part(&self, number: u32) -> Option<&SplitPart> {
        self.parts.get(usize::try_from(number).ok()?)
    }

    fn part_mut(&mut self, number: u32) -> Option<&mut SplitPart> {
        self.parts.get_mut(usize::try_from(number).ok()?)
    }

    fn set(&mut self, part: u32, status: PartStatus) {
        if let Some(part) = self.part_mut(part) {
            part.status = status;
        }
    }

    /// The part that stands like this, of the store that comes first.
    fn first(&self, status: PartStatus) -> Option<u32> {
        self.first_that(|found| found == status)
    }

    fn first_that(&self, is: impl Fn(PartStatus) -> bool) -> Option<u32> {
        let numbered = (0..).zip(&self.parts).filter(|(_, part)| is(part.status));
        numbered.min_by_key(|(_, part)| part.planned.store).map(|(number, _)| number)
    }

    fn add(&mut self, parts: &[PlannedPart]) {
        let plan = self.plan;
        self.parts.extend(parts.iter().map(|part| SplitPart::new(part.clone(), plan)));
    }

    fn undo(&mut self, then: Then) {
        self.phase = Phase::Undoing(then);
        for part in &mut self.parts {
            if part.status == PartStatus::Planned {
                part.status = PartStatus::Skipped;
            }
        }
    }

    fn end_step(&mut self) {
        self.delayed = None;
        self.pending = None;
    }

    fn order(&mut self, pending: Pending) {
        self.step = self.step.saturating_add(1);
        self.pending = Some(pending);
        let step = self.step;
        if let Pending::Hold(part) = pending
            && let Some(part) = self.part_mut(part)
        {
            part.hold_step = step;
        }
    }

    /// Orders what is next, unless a step is under way. Parts are held in the order of their stores, so that of those who
    /// compete for last units not all are refused.
    fn advance(&mut self) {
        if self.pending.is_some() {
            return;
        }
        if let Some(part) = self.first(PartStatus::HeldLate) {
            return self.order(Pending::Release(part));
        }
        match self.phase {
            Phase::Planning => self.order(Pending::Plan),
            Phase::Holding => match self.first(PartStatus::Planned) {
                Some(part) => self.order(Pending::Hold(part)),
                None => self.phase = Phase::Active,
            },
            Phase::Committing => match self.first(PartStatus::Active) {
                Some(part) => self.order(Pending::Commit(part)),
                None => self.phase = Phase::Committed,
            },
            Phase::Undoing(then) => self.advance_undoing(then),
            Phase::Active | Phase::Committed | Phase::Ended(_) => {}
        }
    }

    /// What can be sold again soonest is freed first.
    fn advance_undoing(&mut self, then: Then) {
        if let Some(part) = self.first_that(PartStatus::is_held) {
            self.order(Pending::Release(part));
        } else if let Some(part) = self.first(PartStatus::Committed) {
            self.order(Pending::Return(part));
        } else if let Then::End(status) = then {
            self.phase = Phase::Ended(status);
        } else {
            self.plan = self.plan.saturating_add(1);
            self.phase = Phase::Planning;
            self.order(Pending::Plan);
        }
    }

    /// The end that was wanted meanwhile, if one was.
    fn wanted_end(&self) -> Option<SplitStatus> {
        self.release.map(|cause| match cause {
            EndCause::Requested => SplitStatus::Released,
            EndCause::Expired => SplitStatus::Expired,
        })
    }

    fn held(&mut self, number: u32) {
        let Some(part) = self.part_mut(number) else { return };
        if part.status == PartStatus::Refused {
            part.status = PartStatus::HeldLate;
            return;
        }
        part.status = PartStatus::Active;
        self.end_step();
        if let Some(end) = self.wanted_end() {
            self.undo(Then::End(end));
        }
    }

    fn refused(&mut self, number: u32, detail: &str) {
        self.end_step();
        if let Some(part) = self.part_mut(number) {
            part.status = PartStatus::Refused;
            part.detail = Some(detail.to_owned());
        }
        self.detail = Some(detail.to_owned());
        let finds_stores = self.terms.as_ref().is_some_and(|terms| terms.basket.is_some());
        self.undo(match self.wanted_end() {
            Some(end) => Then::End(end),
            None if finds_stores && self.plan < PLANS_MAX => Then::PlanAgain,
            None => Then::End(SplitStatus::Refused),
        });
    }

    fn revoked(&mut self, number: u32, detail: &str) {
        self.end_step();
        let is_released = self.terms.as_ref().is_some_and(|terms| terms.definition > 1);
        if let Some(part) = self.part_mut(number) {
            // of its other products it may hold all: the first definition left those to their deadline
            part.status = if is_released { PartStatus::RevokedHeld } else { PartStatus::Revoked };
            part.detail = Some(detail.to_owned());
        }
        self.detail = Some(detail.to_owned());
        self.undo(Then::End(SplitStatus::Revoked));
    }

    fn released(&mut self, number: u32) {
        self.end_step();
        let Some(part) = self.part_mut(number) else { return };
        part.status = match part.status {
            PartStatus::RevokedHeld => PartStatus::Revoked,
            _ => PartStatus::Released,
        };
    }

    fn release(&mut self, cause: EndCause) {
        self.release = Some(cause);
        let Some(end) = self.wanted_end() else { return };
        // a hold that is under way must be known before it can be released
        if matches!(self.phase, Phase::Active | Phase::Undoing(Then::PlanAgain)) {
            self.undo(Then::End(end));
        }
    }
}

/// Folds an event into the state. Total: history never fails.
#[must_use]
pub fn evolve_split(
    mut split: SplitReservation,
    event: &SplitReservationEvent,
) -> SplitReservation {
    let state = &mut split;
    match event {
        SplitReservationEvent::Requested { parts, .. } => {
            state.terms = terms(event);
            state.plan = 1;
            state.add(parts);
            state.phase = if parts.is_empty() { Phase::Planning } else { Phase::Holding };
        }
        SplitReservationEvent::Planned { parts } => {
            state.end_step();
            state.add(parts);
            state.phase = Phase::Holding;
            if let Some(end) = state.wanted_end() {
                state.undo(Then::End(end));
            }
        }
        SplitReservationEvent::PlanRefused { detail } => {
            state.end_step();
            state.detail = Some(detail.clone());
            state.phase = Phase::Ended(state.wanted_end().unwrap_or(SplitStatus::Refused));
        }
        SplitReservationEvent::PartHeld { part } => state.held(*part),
        SplitReservationEvent::PartRefused { part, detail } => state.refused(*part, detail),
        SplitReservationEvent::CommitOrdered { transaction, customer } => {
            let (transaction, customer) = (transaction.clone(), customer.clone());
            state.sale = Some(Sale { transaction, customer });
            state.phase = Phase::Committing;
        }
        SplitReservationEvent::PartCommitted { part } => {
            state.end_step();
            state.set(*part, PartStatus::Committed);
        }
        SplitReservationEvent::PartRevoked { part, detail } => state.revoked(*part, detail),
        SplitReservationEvent::ReleaseOrdered { cause, .. } => state.release(*cause),
        SplitReservationEvent::PartReleased { part } => state.released(*part),
        SplitReservationEvent::PartReturned { part } => {
            state.end_step();
            state.set(*part, PartStatus::Returned);
        }
        SplitReservationEvent::StepDelayed { attempts, detail } => {
            state.delayed = Some(Delayed { attempts: *attempts, detail: detail.clone() });
        }
    }
    state.advance();
    split
}

fn terms(event: &SplitReservationEvent) -> Option<SplitTerms> {
    let SplitReservationEvent::Requested {
        definition,
        ttl,
        expires_at,
        reason,
        order,
        customer,
        basket,
        ..
    } = event
    else {
        return None;
    };
    Some(SplitTerms {
        definition: *definition,
        ttl: *ttl,
        expires_at: *expires_at,
        reason: reason.clone(),
        order: order.clone(),
        customer: customer.clone(),
        basket: basket.clone(),
    })
}
