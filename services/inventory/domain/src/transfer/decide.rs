//! Decides commands on one transfer.

use std::collections::BTreeSet;

use kit_core::Timestamp;

use super::state::Pending;
use super::{
    CancelCause, CancelTransfer, ExpireTransfer, RECEIPTS_MAX, ReceiveArrivals, RecordStep,
    RequestTransfer, ReturnTransfer, SendTransfer, StepOutcome, TRANSFER_DEFINITION, Transfer,
    TransferCommand, TransferEvent, TransferRefusal, TransferStatus,
};
use crate::FUTURE_TOLERANCE;

/// The events of a decision, or why it is refused.
type Decided = Result<Vec<TransferEvent>, TransferRefusal>;

/// Decides a command against the present state. No events mean that it is granted and nothing had to change.
pub fn decide_transfer(transfer: &Transfer, command: &TransferCommand, now: Timestamp) -> Decided {
    if let TransferCommand::RequestTransfer(request) = command {
        return begin(transfer, request, now);
    }
    if transfer.terms.is_none() {
        return Err(TransferRefusal::Unknown);
    }
    check_time(command, now)?;
    match command {
        TransferCommand::RequestTransfer(_) => Err(TransferRefusal::Exists),
        TransferCommand::SendTransfer(SendTransfer { occurred_at }) => {
            transfer.require(TransferStatus::Held, "dispatched")?;
            Ok(vec![TransferEvent::DispatchOrdered { occurred_at: *occurred_at }])
        }
        TransferCommand::CancelTransfer(CancelTransfer { reason }) => {
            cancel(transfer, reason.as_ref().map(ToString::to_string))
        }
        TransferCommand::ReceiveArrivals(receipt) => receive(transfer, receipt),
        TransferCommand::ReturnTransfer(ReturnTransfer { reason, occurred_at }) => {
            transfer.require(TransferStatus::InTransit, "returned")?;
            let (reason, occurred_at) = (reason.clone(), *occurred_at);
            Ok(vec![TransferEvent::ReturnOrdered { reason, occurred_at }])
        }
        TransferCommand::ExpireTransfer(ExpireTransfer) => Ok(expire(transfer, now)),
        TransferCommand::RecordStep(RecordStep { step, outcome }) => {
            Ok(record(transfer, *step, outcome))
        }
    }
}

/// Checked before a step is ordered: in the store it could only fail again and again.
fn check_time(command: &TransferCommand, now: Timestamp) -> Result<(), TransferRefusal> {
    let occurred_at = match command {
        TransferCommand::SendTransfer(sent) => sent.occurred_at,
        TransferCommand::ReturnTransfer(back) => back.occurred_at,
        TransferCommand::ReceiveArrivals(receipt) => receipt.occurred_at,
        _ => None,
    };
    match occurred_at {
        Some(occurred_at) if occurred_at > now.after(FUTURE_TOLERANCE) => {
            Err(TransferRefusal::OccurredInFuture { occurred_at, now })
        }
        _ => Ok(()),
    }
}

impl Transfer {
    /// Requires that it stands like this, and that no step of it is under way.
    fn require(&self, needed: TransferStatus, wanted: &'static str) -> Result<(), TransferRefusal> {
        let status = self.status;
        if status != needed {
            return Err(TransferRefusal::NotNow { status, wanted });
        }
        if self.pending.is_some() { Err(TransferRefusal::Busy) } else { Ok(()) }
    }
}

fn begin(transfer: &Transfer, request: &RequestTransfer, now: Timestamp) -> Decided {
    if transfer.terms.is_some() {
        return Err(TransferRefusal::Exists);
    }
    if request.source == request.destination {
        return Err(TransferRefusal::SameStore);
    }
    Ok(vec![TransferEvent::Requested {
        definition: TRANSFER_DEFINITION,
        source: request.source,
        destination: request.destination,
        lines: request.lines.clone(),
        hold_until: now.after(request.hold.as_duration()),
        reference: request.reference.clone(),
        reason: request.reason.clone(),
    }])
}

fn cancel(transfer: &Transfer, detail: Option<String>) -> Decided {
    // while the hold is under way a cancellation is noted, and follows on its outcome
    if transfer.pending != Some(Pending::Hold) {
        transfer.require(TransferStatus::Held, "cancelled")?;
    } else if transfer.cancellation.is_some() {
        return Err(TransferRefusal::Busy);
    }
    Ok(vec![TransferEvent::CancelOrdered { cause: CancelCause::Requested, detail }])
}

fn expire(transfer: &Transfer, now: Timestamp) -> Vec<TransferEvent> {
    let over = transfer.terms.as_ref().is_some_and(|terms| terms.hold_until <= now);
    let waits = transfer.status == TransferStatus::Held && transfer.pending.is_none();
    if !(over && waits) {
        return Vec::new();
    }
    vec![TransferEvent::CancelOrdered { cause: CancelCause::Expired, detail: None }]
}

fn receive(transfer: &Transfer, receipt: &ReceiveArrivals) -> Decided {
    transfer.require(TransferStatus::InTransit, "received")?;
    if transfer.receipts >= RECEIPTS_MAX {
        return Err(TransferRefusal::TooManyReceipts);
    }
    let (mut seen, mut told, mut shelved) = (BTreeSet::new(), 0, 0);
    for arrival in &receipt.lines {
        let product = arrival.product;
        let line = transfer.lines.iter().find(|line| line.product == product);
        let in_transit = line.ok_or(TransferRefusal::NoSuchLine(product))?.in_transit;
        if !seen.insert(product) {
            return Err(TransferRefusal::Twice(product));
        }
        let accounted = arrival.accounted();
        if accounted > u64::from(in_transit) {
            return Err(TransferRefusal::MoreThanInTransit { product, accounted, in_transit });
        }
        let on_shelf = arrival.on_shelf().ok_or(TransferRefusal::TooMany(product))?;
        shelved += u64::from(on_shelf.get());
        told += accounted + u64::from(arrival.over.get());
    }
    if told == 0 {
        return Err(TransferRefusal::NothingReceived);
    }
    let ReceiveArrivals { lines, reason, occurred_at } = receipt.clone();
    let mut events = vec![TransferEvent::ReceiptOrdered { lines, reason, occurred_at }];
    if shelved == 0 {
        // there is nothing for the destination to do
        events.push(TransferEvent::Received);
    }
    Ok(events)
}

/// What a step's outcome means. An outcome that is known already, or of a step that another has ended, changes nothing.
fn record(transfer: &Transfer, step: u32, outcome: &StepOutcome) -> Vec<TransferEvent> {
    let Some(pending) = transfer.pending.as_ref().filter(|_| transfer.step == step) else {
        return late(transfer, step, outcome);
    };
    let event = match (pending, outcome.clone()) {
        (_, StepOutcome::Delayed { attempts, detail }) => return delay(transfer, attempts, detail),
        (Pending::Hold, StepOutcome::Done) => TransferEvent::Held,
        (Pending::Hold, StepOutcome::Refused(detail)) => TransferEvent::HoldRefused { detail },
        (Pending::Dispatch { .. }, StepOutcome::Done) => TransferEvent::Dispatched,
        (Pending::Dispatch { .. }, StepOutcome::Refused(detail)) => {
            let (cause, detail) = (CancelCause::Refused, Some(detail));
            TransferEvent::CancelOrdered { cause, detail }
        }
        // a hold that cannot be released is not held any more
        (Pending::Release, StepOutcome::Done | StepOutcome::Refused(_)) => TransferEvent::Cancelled,
        (Pending::Receive { .. }, StepOutcome::Done) => TransferEvent::Received,
        (Pending::Return { .. }, StepOutcome::Done) => TransferEvent::Returned,
        // the goods are there: it goes on being tried, and people are told. A refusal that another try could contradict
        // must not be the end of a step
        (Pending::Receive { .. } | Pending::Return { .. }, StepOutcome::Refused(detail)) => {
            return delay(transfer, 1, detail);
        }
    };
    vec![event]
}

/// A hold that succeeded after another try of it was refused is released.
fn late(transfer: &Transfer, step: u32, outcome: &StepOutcome) -> Vec<TransferEvent> {
    let is_held_late = transfer.status == TransferStatus::Refused
        && transfer.pending.is_none()
        && transfer.step == step
        && *outcome == StepOutcome::Done;
    if !is_held_late {
        return Vec::new();
    }
    vec![TransferEvent::CancelOrdered { cause: CancelCause::Refused, detail: None }]
}

/// Told once for each step, and again when the tries have doubled: people see what it fails of now, and the stream stays
/// short however long that takes.
fn delay(transfer: &Transfer, attempts: u32, detail: String) -> Vec<TransferEvent> {
    let told = transfer.delayed.as_ref().map(|delayed| delayed.attempts.max(1));
    if told.is_some_and(|told| attempts < told.saturating_mul(2)) {
        return Vec::new();
    }
    vec![TransferEvent::StepDelayed { attempts, detail }]
}
