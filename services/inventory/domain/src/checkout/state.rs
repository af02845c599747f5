//! The state of one checkout and how events change it.

use std::fmt;

use kit_core::Timestamp;

use super::{CheckoutEvent, Confirmation};
use crate::{
    Customer, Delayed, EndCause, OrderRef, PositiveQuantity, ProductId, Reason, StoreId,
    TimeToLive, TransactionRef,
};

/// One checkout; before its first event it is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checkout {
    pub(super) terms: Option<CheckoutTerms>,
    pub(super) phase: Phase,
    store: Standing,
    stock: Standing,
    confirmation: Standing,
    /// Whether units are or may be held for it.
    pub(super) is_held: bool,
    /// Whether the notification service was asked to keep its confirmation, and has it or may have it.
    is_prepared: bool,
    pub(super) pending: Option<Pending>,
    /// Number of the latest step that was ordered.
    pub(super) step: u32,
    /// The step that ordered the hold, 0 before.
    pub(super) hold_step: u32,
    /// Why it is to be given up, if somebody wanted it or its deadline passed.
    pub(super) rollback: Option<EndCause>,
    pub(super) sale: Option<Sale>,
    pub(super) delayed: Option<Delayed>,
}

/// What was agreed when it began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckoutTerms {
    /// Version of what follows what.
    pub definition: u16,
    /// The store that serves it.
    pub store: StoreId,
    /// How many of which.
    pub lines: Vec<(ProductId, PositiveQuantity)>,
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
    /// Whether the notification service takes part.
    pub confirmation: Confirmation,
}

/// How a checkout stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CheckoutStatus {
    /// It is being accepted by those who take part.
    #[default]
    Requested,
    /// All have accepted it: it waits for its commit.
    Active,
    /// It is being committed.
    Committing,
    /// It is committed everywhere.
    Committed,
    /// It is being rolled back.
    RollingBack,
    /// Somebody gave it up: it is rolled back everywhere.
    Cancelled,
    /// Its deadline passed: it is rolled back everywhere.
    Expired,
    /// Somebody who takes part refused it: it is rolled back everywhere.
    Refused,
    /// Its units were not held any more when they were to be sold: it is rolled back everywhere.
    Revoked,
}

impl CheckoutStatus {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Requested,
        Self::Active,
        Self::Committing,
        Self::Committed,
        Self::RollingBack,
        Self::Cancelled,
        Self::Expired,
        Self::Refused,
        Self::Revoked,
    ];

    /// Its name for people and machines.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Active => "active",
            Self::Committing => "committing",
            Self::Committed => "committed",
            Self::RollingBack => "rollingBack",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::Refused => "refused",
            Self::Revoked => "revoked",
        }
    }
}

impl fmt::Display for CheckoutStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Who takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Participant {
    /// The store service, which says whether the store serves it; it keeps nothing of its answer.
    Store,
    /// The inventory, which holds the units.
    Inventory,
    /// The notification service, which keeps the order's confirmation.
    Notification,
}

/// How a checkout stands with one who takes part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ParticipantStatus {
    /// It is to be asked.
    #[default]
    Pending,
    /// It has accepted.
    Accepted,
    /// It has refused.
    Refused,
    /// It was not asked, since another had refused before or nobody wanted it any more.
    Skipped,
    /// What it had accepted is committed.
    Committed,
    /// What it had accepted is rolled back.
    RolledBack,
    /// What it had accepted was not there any more when it was to be committed.
    Revoked,
    /// It is not asked, since this installation has none.
    NotServed,
    /// It is not asked, since nobody wants it to.
    NotWanted,
}

impl ParticipantStatus {
    /// Its name for people and machines.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Skipped => "skipped",
            Self::Committed => "committed",
            Self::RolledBack => "rolledBack",
            Self::Revoked => "revoked",
            Self::NotServed => "notServed",
            Self::NotWanted => "notWanted",
        }
    }
}

/// How it stands with one who takes part, and why it was refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Standing {
    status: ParticipantStatus,
    detail: Option<String>,
}

impl Standing {
    fn set(&mut self, status: ParticipantStatus) {
        self.status = status;
    }

    fn refuse(&mut self, status: ParticipantStatus, detail: &str) {
        *self = Self { status, detail: Some(detail.to_owned()) };
    }

    /// What was accepted is rolled back; a refusal stays what it was.
    fn roll_back(&mut self) {
        if self.status == ParticipantStatus::Accepted {
            self.status = ParticipantStatus::RolledBack;
        }
    }
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
    Accepting,
    Reserving,
    Preparing,
    Active,
    Committing,
    RollingBack(CheckoutStatus),
    Ended(CheckoutStatus),
}

/// What was ordered last and has not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pending {
    Accept,
    Reserve,
    Prepare,
    Sell,
    Confirm,
    Release,
    Drop,
}

impl Checkout {
    /// What was agreed; `None` when there is no such checkout.
    #[must_use]
    pub fn terms(&self) -> Option<&CheckoutTerms> {
        self.terms.as_ref()
    }

    /// How it stands.
    #[must_use]
    pub const fn status(&self) -> CheckoutStatus {
        match self.phase {
            Phase::Accepting | Phase::Reserving | Phase::Preparing => CheckoutStatus::Requested,
            Phase::Active => CheckoutStatus::Active,
            Phase::Committing => CheckoutStatus::Committing,
            Phase::RollingBack(_) => CheckoutStatus::RollingBack,
            Phase::Ended(status) => status,
        }
    }

    /// How it stands with each who takes part, and why one refused, in the order in which they are asked.
    #[must_use]
    pub fn participants(&self) -> [(Participant, ParticipantStatus, Option<&str>); 3] {
        [
            (Participant::Store, &self.store),
            (Participant::Inventory, &self.stock),
            (Participant::Notification, &self.confirmation),
        ]
        .map(|(who, standing)| (who, standing.status, standing.detail.as_deref()))
    }

    /// Who has refused it, and why, as a text for people.
    #[must_use]
    pub fn refused_by(&self) -> Option<(Participant, &str)> {
        self.participants().into_iter().find_map(|(who, _, detail)| Some((who, detail?)))
    }

    /// The sale, once it was ordered.
    #[must_use]
    pub fn transaction(&self) -> Option<&TransactionRef> {
        self.sale.as_ref().map(|sale| &sale.transaction)
    }

    /// What its step fails of, if it fails again and again.
    #[must_use]
    pub fn delayed(&self) -> Option<&Delayed> {
        self.delayed.as_ref()
    }

    /// Whether the units were refused, by the last that was told of them.
    pub(super) fn is_stock_refused(&self) -> bool {
        self.stock.status == ParticipantStatus::Refused
    }

    fn end_step(&mut self) {
        self.delayed = None;
        self.pending = None;
    }

    fn order(&mut self, pending: Pending) {
        self.step = self.step.saturating_add(1);
        self.pending = Some(pending);
        match pending {
            Pending::Reserve => self.hold_step = self.step,
            Pending::Prepare => self.is_prepared = true,
            _ => {}
        }
    }

    /// Orders what is next, unless a step is under way.
    fn advance(&mut self) {
        if self.pending.is_some() {
            return;
        }
        match self.phase {
            Phase::Accepting => self.order(Pending::Accept),
            Phase::Reserving => self.order(Pending::Reserve),
            Phase::Preparing if self.is_asked() => self.order(Pending::Prepare),
            Phase::Preparing => self.phase = Phase::Active,
            Phase::Committing if self.is_held => self.order(Pending::Sell),
            Phase::Committing if self.is_prepared => self.order(Pending::Confirm),
            Phase::Committing => self.phase = Phase::Ended(CheckoutStatus::Committed),
            // what others may want is freed first
            Phase::RollingBack(_) | Phase::Ended(_) if self.is_held => self.order(Pending::Release),
            Phase::RollingBack(_) if self.is_prepared => self.order(Pending::Drop),
            Phase::RollingBack(status) => self.phase = Phase::Ended(status),
            Phase::Active | Phase::Ended(_) => {}
        }
    }

    /// Whether the notification service is still to be asked.
    fn is_asked(&self) -> bool {
        self.confirmation.status == ParticipantStatus::Pending
    }

    fn roll_back(&mut self, status: CheckoutStatus) {
        self.phase = Phase::RollingBack(status);
        for standing in [&mut self.store, &mut self.stock, &mut self.confirmation] {
            if standing.status == ParticipantStatus::Pending {
                standing.status = ParticipantStatus::Skipped;
            }
        }
    }

    /// The end that was wanted meanwhile, if one was.
    fn wanted_end(&self) -> Option<CheckoutStatus> {
        self.rollback.map(|cause| match cause {
            EndCause::Requested => CheckoutStatus::Cancelled,
            EndCause::Expired => CheckoutStatus::Expired,
        })
    }

    /// Goes on in a phase, unless its end was wanted meanwhile.
    fn go_on(&mut self, phase: Phase) {
        self.end_step();
        match self.wanted_end() {
            Some(end) => self.roll_back(end),
            None => self.phase = phase,
        }
    }

    fn refuse(&mut self) {
        self.end_step();
        self.roll_back(self.wanted_end().unwrap_or(CheckoutStatus::Refused));
    }

    fn reserved(&mut self) {
        self.is_held = true;
        // one that was told as refused is held all the same: it is to be released
        if !self.is_stock_refused() {
            self.stock.set(ParticipantStatus::Accepted);
            self.go_on(Phase::Preparing);
        }
    }

    fn give_up(&mut self, cause: EndCause) {
        self.rollback = Some(cause);
        let Some(end) = self.wanted_end() else { return };
        // a hold that is under way must be known before it can be released; a confirmation that is dropped is not taken later
        if self.pending != Some(Pending::Reserve) {
            self.end_step();
            self.roll_back(end);
        }
    }
}

/// Folds an event into the state. Total: history never fails.
#[must_use]
pub fn evolve_checkout(mut checkout: Checkout, event: &CheckoutEvent) -> Checkout {
    let state = &mut checkout;
    match event {
        CheckoutEvent::Requested { confirmation, .. } => {
            state.terms = terms(event);
            state.confirmation.set(match confirmation {
                Confirmation::Asked => ParticipantStatus::Pending,
                Confirmation::NotServed => ParticipantStatus::NotServed,
                Confirmation::NotWanted => ParticipantStatus::NotWanted,
            });
        }
        CheckoutEvent::StoreAccepted => {
            state.store.set(ParticipantStatus::Accepted);
            state.go_on(Phase::Reserving);
        }
        CheckoutEvent::StoreRefused { detail } => {
            state.store.refuse(ParticipantStatus::Refused, detail);
            state.refuse();
        }
        CheckoutEvent::StockReserved => state.reserved(),
        CheckoutEvent::StockRefused { detail } => {
            state.stock.refuse(ParticipantStatus::Refused, detail);
            state.refuse();
        }
        CheckoutEvent::ConfirmationPrepared => {
            state.confirmation.set(ParticipantStatus::Accepted);
            state.go_on(Phase::Active);
        }
        CheckoutEvent::ConfirmationRefused { detail } => {
            state.confirmation.refuse(ParticipantStatus::Refused, detail);
            state.refuse();
        }
        CheckoutEvent::CommitOrdered { transaction, customer } => {
            let (transaction, customer) = (transaction.clone(), customer.clone());
            state.sale = Some(Sale { transaction, customer });
            state.phase = Phase::Committing;
        }
        CheckoutEvent::StockCommitted => {
            state.end_step();
            state.is_held = false;
            state.stock.set(ParticipantStatus::Committed);
        }
        CheckoutEvent::StockRevoked { detail } => {
            state.end_step();
            state.stock.refuse(ParticipantStatus::Revoked, detail);
            state.roll_back(CheckoutStatus::Revoked);
        }
        CheckoutEvent::ConfirmationCommitted => {
            state.end_step();
            state.is_prepared = false;
            state.confirmation.set(ParticipantStatus::Committed);
        }
        CheckoutEvent::RollbackOrdered { cause, .. } => state.give_up(*cause),
        CheckoutEvent::StockReleased => {
            state.end_step();
            state.is_held = false;
            state.stock.roll_back();
        }
        CheckoutEvent::ConfirmationDropped => {
            state.end_step();
            state.is_prepared = false;
            state.confirmation.roll_back();
        }
        CheckoutEvent::StepDelayed { attempts, detail } => {
            state.delayed = Some(Delayed { attempts: *attempts, detail: detail.clone() });
        }
    }
    state.advance();
    checkout
}

fn terms(event: &CheckoutEvent) -> Option<CheckoutTerms> {
    let CheckoutEvent::Requested {
        definition,
        store,
        lines,
        ttl,
        expires_at,
        reason,
        order,
        customer,
        confirmation,
    } = event
    else {
        return None;
    };
    Some(CheckoutTerms {
        definition: *definition,
        store: *store,
        lines: lines.clone(),
        ttl: *ttl,
        expires_at: *expires_at,
        reason: reason.clone(),
        order: order.clone(),
        customer: customer.clone(),
        confirmation: *confirmation,
    })
}
