//! The state of one transfer and how events change it.

use std::fmt;

use kit_core::Timestamp;

use super::{Arrival, CancelCause, TransferEvent};
use crate::{ProductId, Reason, Reference, StoreId};

/// One transfer; before its first event it is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transfer {
    pub(super) terms: Option<Terms>,
    pub(super) status: TransferStatus,
    pub(super) lines: Vec<TransferLine>,
    pub(super) pending: Option<Pending>,
    /// Number of the latest step that was ordered.
    pub(super) step: u32,
    pub(super) receipts: u32,
    pub(super) cancellation: Option<Cancellation>,
    pub(super) refusal: Option<String>,
    pub(super) delayed: Option<Delayed>,
}

/// What was agreed when it began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Version of what follows what.
    pub definition: u16,
    /// Where the units are.
    pub source: StoreId,
    /// Where they go.
    pub destination: StoreId,
    /// Until when they are held at the source.
    pub hold_until: Timestamp,
    /// What those who asked call it.
    pub reference: Option<Reference>,
    /// The reason, as free text.
    pub reason: Option<Reason>,
}

/// How a transfer stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TransferStatus {
    /// It is asked for, and nothing is held yet.
    #[default]
    Requested,
    /// The source holds the units.
    Held,
    /// They are in transit, all or some.
    InTransit,
    /// All are accounted for at the destination.
    Closed,
    /// It was given up before anything left.
    Cancelled,
    /// The source did not have the units to give.
    Refused,
    /// What was in transit is back at the source.
    Returned,
}

impl TransferStatus {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Requested,
        Self::Held,
        Self::InTransit,
        Self::Closed,
        Self::Cancelled,
        Self::Refused,
        Self::Returned,
    ];

    /// Its name for people and machines.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Held => "held",
            Self::InTransit => "inTransit",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
            Self::Refused => "refused",
            Self::Returned => "returned",
        }
    }

    /// Whether nothing more comes of it.
    #[must_use]
    pub const fn is_end(self) -> bool {
        !matches!(self, Self::Requested | Self::Held | Self::InTransit)
    }
}

impl fmt::Display for TransferStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One product of a transfer. What was dispatched is in transit or accounted for, unit by unit:
/// `quantity = in_transit + accepted + damaged + short + returned`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransferLine {
    /// The product.
    pub product: ProductId,
    /// Units that were asked for, and sent if anything was.
    pub quantity: u32,
    /// Units on their way.
    pub in_transit: u32,
    /// Units that went on the shelf.
    pub accepted: u32,
    /// Units beyond those, which went on the shelf too.
    pub over: u32,
    /// Units that came to harm.
    pub damaged: u32,
    /// Units that will not come.
    pub short: u32,
    /// Units that went back to the source.
    pub returned: u32,
}

/// Why and when it was to be given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cancellation {
    /// Why.
    pub cause: CancelCause,
    /// More about it, as a text for people.
    pub detail: Option<String>,
}

/// A step that fails again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delayed {
    /// How often it was tried.
    pub attempts: u32,
    /// What it fails of, as a text for people.
    pub detail: String,
}

/// What was ordered last and has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Pending {
    Hold,
    Dispatch { occurred_at: Option<Timestamp> },
    Release,
    Receive { lines: Vec<Arrival>, occurred_at: Option<Timestamp> },
    Return { occurred_at: Option<Timestamp> },
}

impl Transfer {
    /// What was agreed; `None` when there is no such transfer.
    #[must_use]
    pub fn terms(&self) -> Option<&Terms> {
        self.terms.as_ref()
    }

    /// How it stands.
    #[must_use]
    pub fn status(&self) -> TransferStatus {
        self.status
    }

    /// Its products.
    #[must_use]
    pub fn lines(&self) -> &[TransferLine] {
        &self.lines
    }

    /// Why it was given up, if it was.
    #[must_use]
    pub fn cancellation(&self) -> Option<&Cancellation> {
        self.cancellation.as_ref()
    }

    /// Why the source did not hold the units, as a text for people.
    #[must_use]
    pub fn refusal(&self) -> Option<&str> {
        self.refusal.as_deref()
    }

    /// What its step fails of, if it fails again and again.
    #[must_use]
    pub fn delayed(&self) -> Option<&Delayed> {
        self.delayed.as_ref()
    }

    /// Units of a line that are asked for and have not left: those of a transfer that is not given up.
    #[must_use]
    pub fn on_order(&self, line: &TransferLine) -> u32 {
        let waits = matches!(self.status, TransferStatus::Requested | TransferStatus::Held);
        if waits && self.cancellation.is_none() { line.quantity } else { 0 }
    }

    fn order(&mut self, pending: Pending) {
        self.step = self.step.saturating_add(1);
        self.pending = Some(pending);
    }

    /// The pending step, which has ended.
    fn end_step(&mut self) -> Option<Pending> {
        self.delayed = None;
        self.pending.take()
    }

    fn receive(&mut self, arrivals: &[Arrival]) {
        for arrival in arrivals {
            let line = self.lines.iter_mut().find(|line| line.product == arrival.product);
            let Some(line) = line else { continue };
            let gone = u32::try_from(arrival.accounted()).unwrap_or(u32::MAX);
            line.in_transit = line.in_transit.saturating_sub(gone);
            line.accepted = line.accepted.saturating_add(arrival.accepted.get());
            line.over = line.over.saturating_add(arrival.over.get());
            line.damaged = line.damaged.saturating_add(arrival.damaged.get());
            line.short = line.short.saturating_add(arrival.short.get());
        }
        if self.lines.iter().all(|line| line.in_transit == 0) {
            self.status = TransferStatus::Closed;
        }
    }

    /// All that was on its way is at the source again.
    fn turn_back(&mut self) {
        self.end_step();
        self.status = TransferStatus::Returned;
        let lines = self.lines.iter_mut();
        lines.for_each(|line| line.returned = std::mem::take(&mut line.in_transit));
    }

    /// The transfer is not to be: what is held is given back.
    fn cancel(&mut self, cancellation: Cancellation) {
        self.cancellation = Some(cancellation);
        // a hold that is under way must be known before it can be released
        if self.pending != Some(Pending::Hold) {
            self.end_step();
            self.order(Pending::Release);
        }
    }
}

/// Folds an event into the state. Total: history never fails.
#[must_use]
pub fn evolve_transfer(mut transfer: Transfer, event: &TransferEvent) -> Transfer {
    let state = &mut transfer;
    match event {
        TransferEvent::Requested {
            definition,
            source,
            destination,
            lines,
            hold_until,
            reference,
            reason,
        } => {
            state.terms = Some(Terms {
                definition: *definition,
                source: *source,
                destination: *destination,
                hold_until: *hold_until,
                reference: reference.clone(),
                reason: reason.clone(),
            });
            state.lines =
                lines.iter().map(|(product, units)| line(*product, units.get())).collect();
            state.order(Pending::Hold);
        }
        TransferEvent::Held => {
            state.end_step();
            state.status = TransferStatus::Held;
            if state.cancellation.is_some() {
                state.order(Pending::Release);
            }
        }
        TransferEvent::HoldRefused { detail } => {
            state.end_step();
            state.status = TransferStatus::Refused;
            state.refusal = Some(detail.clone());
        }
        TransferEvent::DispatchOrdered { occurred_at } => {
            state.order(Pending::Dispatch { occurred_at: *occurred_at });
        }
        TransferEvent::Dispatched => {
            state.end_step();
            state.status = TransferStatus::InTransit;
            state.lines.iter_mut().for_each(|line| line.in_transit = line.quantity);
        }
        TransferEvent::CancelOrdered { cause, detail } => {
            state.cancel(Cancellation { cause: *cause, detail: detail.clone() });
        }
        TransferEvent::Cancelled => {
            state.end_step();
            state.status = TransferStatus::Cancelled;
        }
        TransferEvent::ReceiptOrdered { lines, occurred_at, .. } => {
            state.receipts = state.receipts.saturating_add(1);
            state.order(Pending::Receive { lines: lines.clone(), occurred_at: *occurred_at });
        }
        TransferEvent::Received => {
            if let Some(Pending::Receive { lines, .. }) = state.end_step() {
                state.receive(&lines);
            }
        }
        TransferEvent::ReturnOrdered { occurred_at, .. } => {
            state.order(Pending::Return { occurred_at: *occurred_at });
        }
        TransferEvent::Returned => state.turn_back(),
        TransferEvent::StepDelayed { attempts, detail } => {
            state.delayed = Some(Delayed { attempts: *attempts, detail: detail.clone() });
        }
    }
    transfer
}

fn line(product: ProductId, quantity: u32) -> TransferLine {
    let (in_transit, accepted, over, damaged, short, returned) = (0, 0, 0, 0, 0, 0);
    TransferLine { product, quantity, in_transit, accepted, over, damaged, short, returned }
}
