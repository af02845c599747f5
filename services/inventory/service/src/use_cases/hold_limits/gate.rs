//! The gate: a command that holds units passes while its holders may hold more, and its place is kept until it is decided.

use std::sync::Arc;

use gondola_inventory_domain::{Command, ReservationId};
use kit_core::{Actor, Caller, Clock, Position, Timestamp};
use kit_event_store::{ClaimKey, EventStore, EventStoreError};
use kit_executor::{CommandResult, Executor, IDEMPOTENCY_NAMESPACE, Rejection, Request};
use kit_service::ViewFreshness;
use parking_lot::Mutex;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use super::ledger::{Decided, HoldLedger, Ticket, WantedHold};
use super::limits::{HoldLimitReached, HoldLimits, Holder};
use crate::use_cases::claims;
use crate::use_cases::command::{StoreCommand, Subject};
use crate::use_cases::decider::InventoryDecider;

/// What our own jobs are called in the log; no caller can be called so.
const OWN: &str = "system:";

/// The counts, which the follower of the log changes as well.
pub(crate) type SharedLedger = Arc<Mutex<HoldLedger>>;

/// Holds customers and callers to their limits.
pub(crate) struct HoldGate {
    pub(crate) limits: HoldLimits,
    pub(crate) ledger: SharedLedger,
    /// How far the ledger has seen the log.
    pub(crate) freshness: ViewFreshness,
    pub(crate) log: Arc<dyn EventStore>,
    pub(crate) clock: Arc<dyn Clock>,
    /// Where commands are seen to their end, whether or not their callers still wait.
    pub(crate) tasks: TaskTracker,
}

/// What a command has to do with holds.
enum Concern {
    /// Nothing that is limited.
    None,
    /// It moves the deadline of a reservation.
    Extension(ReservationId),
    /// It makes a reservation.
    Hold(Box<NewHold>),
}

struct NewHold {
    ticket: Ticket,
    wanted: WantedHold,
    /// Keys of which one is claimed where the command was executed before.
    done_keys: Vec<ClaimKey>,
    /// When it would end.
    expires_at: Timestamp,
}

/// A command that has passed, until it is decided.
#[must_use]
pub(crate) struct Passage(Concern);

impl Passage {
    /// That of a command where nothing is limited.
    pub(crate) const fn free() -> Self {
        Self(Concern::None)
    }
}

/// A command that seems to be too much.
pub(crate) struct Held(Box<NewHold>);

/// Whether the holds of an actor count as a caller's: what is our own is done for somebody else.
pub(crate) fn is_counted(actor: &Actor) -> bool {
    !actor.as_str().starts_with(OWN)
}

impl HoldGate {
    /// Lets a command pass if that is certainly within the limits; whom a process acts for is its requester.
    pub(crate) fn try_pass(
        &self,
        request: &Request<StoreCommand>,
        requester: Option<Arc<str>>,
    ) -> Result<Passage, Held> {
        let concern = self.concern(&request.command, &request.caller, requester);
        let mut ledger = self.ledger.lock();
        match &concern {
            Concern::None => {}
            Concern::Extension(id) => ledger.begin_extension(*id),
            Concern::Hold(hold) => {
                if ledger.enter(&hold.ticket, &hold.wanted, self.limits, None).is_err() {
                    drop(ledger);
                    let Concern::Hold(hold) = concern else { return Ok(Passage(concern)) };
                    return Err(Held(hold));
                }
            }
        }
        drop(ledger);
        Ok(Passage(concern))
    }

    /// Looks closely at a command that seems to be too much. One that was executed before passes: it has its first answer.
    pub(crate) async fn pass(&self, stopped: Held) -> Result<Passage, HoldLimitReached> {
        let Held(hold) = stopped;
        let found = self.log.find_claims(&hold.done_keys, self.clock.now()).await;
        if found.is_ok_and(|found| found.iter().any(Option::is_some)) {
            return Ok(Passage(Concern::None));
        }
        // behind all that was told to anybody; where it cannot be reached, too much is counted and never too little
        let end = self.log.end().position;
        let _ = self.freshness.reach(end).await;
        let now = Some(self.clock.now());
        self.ledger.lock().enter(&hold.ticket, &hold.wanted, self.limits, now)?;
        Ok(Passage(Concern::Hold(hold)))
    }

    /// Executes a command if it passes, and sees it to its end.
    pub(crate) async fn execute(
        self: &Arc<Self>,
        executor: &Executor<InventoryDecider>,
        request: Request<StoreCommand>,
        requester: Option<Arc<str>>,
    ) -> Result<CommandResult<InventoryDecider>, HoldLimitReached> {
        let passage = match self.try_pass(&request, requester) {
            Ok(passage) => passage,
            Err(held) => self.pass(held).await?,
        };
        let (gate, executor) = (Arc::clone(self), executor.clone());
        let executed = self.tasks.spawn(kit_trace::carry(async move {
            let executed = executor.execute(request).await;
            gate.leave(&passage, &executed);
            executed
        }));
        Ok(executed.await.unwrap_or_else(|_| Err(lost())))
    }

    /// Executes commands that have passed, and sees them to their end.
    pub(crate) async fn execute_all(
        self: &Arc<Self>,
        executor: &Executor<InventoryDecider>,
        passed: Vec<(Request<StoreCommand>, Passage)>,
    ) -> Vec<CommandResult<InventoryDecider>> {
        let count = passed.len();
        let (gate, executor) = (Arc::clone(self), executor.clone());
        let executed = self.tasks.spawn(kit_trace::carry(async move {
            let (requests, passages): (Vec<_>, Vec<_>) = passed.into_iter().unzip();
            let executed = executor.execute_all(requests).await;
            for (passage, executed) in passages.iter().zip(&executed) {
                gate.leave(passage, executed);
            }
            executed
        }));
        executed.await.unwrap_or_else(|_| (0..count).map(|_| Err(lost())).collect())
    }

    /// Who has asked for the process that a step belongs to.
    pub(crate) async fn requester(&self, process: Uuid) -> Option<Arc<str>> {
        let known = || self.ledger.lock().requester(process);
        if let Some(known) = known() {
            return Some(known);
        }
        // it is in the log, and perhaps not seen yet
        let end = self.log.end().position;
        let _ = self.freshness.reach(end).await;
        known()
    }

    fn leave(&self, passage: &Passage, executed: &CommandResult<InventoryDecider>) {
        let expires_at = match &passage.0 {
            Concern::Hold(hold) => hold.expires_at,
            _ => Timestamp::MAX,
        };
        let decided = match executed {
            Ok(receipt) => Decided::Held(receipt.position),
            Err(Rejection::EventStore(
                EventStoreError::Unknown { .. } | EventStoreError::Stopped(_),
            )) => Decided::Unknown(expires_at),
            Err(_) => Decided::NotHeld,
        };
        match &passage.0 {
            Concern::None => {}
            Concern::Extension(id) => self.ledger.lock().end_extension(*id, decided),
            Concern::Hold(hold) => self.ledger.lock().leave(&hold.ticket, decided),
        }
    }

    fn concern(
        &self,
        command: &StoreCommand,
        caller: &Caller,
        requester: Option<Arc<str>>,
    ) -> Concern {
        match command.subject {
            Subject::Reservation(id) if command.extends() => Concern::Extension(id),
            Subject::NewReservation { id, .. } => {
                let own = is_counted(&caller.actor).then(|| caller.actor.as_str().into());
                self.new_hold(id, command, caller, own.or(requester))
            }
            Subject::Reservation(_) | Subject::Levels => Concern::None,
        }
    }

    fn new_hold(
        &self,
        reservation: ReservationId,
        command: &StoreCommand,
        caller: &Caller,
        holder: Option<Arc<str>>,
    ) -> Concern {
        let (mut units, mut customer, mut expires_at) = (0, None, self.clock.now());
        for line in &command.lines {
            if let Command::ReserveStock(reserve) = &line.command {
                units += u64::from(reserve.quantity.get());
                customer = customer.or_else(|| reserve.customer.clone());
                expires_at = expires_at.max(self.clock.now().after(reserve.ttl.as_duration()));
            }
        }
        let holders = Holder::all(customer, holder);
        if holders.is_empty() {
            return Concern::None;
        }
        let mut done_keys = vec![claims::key(reservation)];
        let ticket = match &caller.idempotency {
            Some(sent) => {
                done_keys.push(ClaimKey::new(IDEMPOTENCY_NAMESPACE, &*sent.key));
                Ticket::Key(sent.key.clone(), sent.fingerprint.clone())
            }
            None => Ticket::Reservation(reservation),
        };
        let wanted = WantedHold { reservation, units, holders };
        Concern::Hold(Box::new(NewHold { ticket, wanted, done_keys, expires_at }))
    }
}

fn lost() -> Rejection<crate::use_cases::decider::StoreRefusal> {
    Rejection::EventStore(EventStoreError::Unknown {
        reason: "the task of the command went away".into(),
        after: Position::ZERO,
    })
}
