//! What each customer and each caller holds, counted in memory: what the log says, and what is being decided.
//!
//! A hold that is being decided has a place from before its decision until the ledger has seen the log beyond it, so that
//! at no moment anything is counted less than once.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use foldhash::fast::RandomState;
use gondola_inventory_domain::{ProductId, ReservationId};
use kit_core::{Position, Timestamp};
use uuid::Uuid;

use super::limits::{Amount, HoldLimitReached, HoldLimits, Holder};

/// How long it is remembered who has asked for a process: its holds are made within moments, as a rule.
pub(crate) const REQUESTERS_KEPT: Duration = Duration::from_hours(48);

/// Units of one product under a reservation.
#[derive(Clone, Debug)]
pub(crate) struct HeldLine {
    pub(crate) reservation: ReservationId,
    pub(crate) product: ProductId,
    pub(crate) units: u32,
    pub(crate) expires_at: Timestamp,
    /// Whose it is; a line of nobody is not counted.
    pub(crate) holders: Vec<Holder>,
}

/// Names a request while it is decided. A repetition has the name of the first sending.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Ticket {
    /// By its idempotency key and what is asked under it.
    Key(Box<str>, Box<str>),
    /// By the reservation that it makes.
    Reservation(ReservationId),
}

/// A hold that is asked for.
#[derive(Clone, Debug)]
pub(super) struct WantedHold {
    pub(super) reservation: ReservationId,
    pub(super) units: u64,
    pub(super) holders: Vec<Holder>,
}

/// What became of a request.
#[derive(Clone, Copy, Debug)]
pub(super) enum Decided {
    /// Nothing is held.
    NotHeld,
    /// What is held is in the log up to here.
    Held(Position),
    /// Nobody knows; if it is held, it is until then.
    Unknown(Timestamp),
}

/// The counts.
#[derive(Debug, Default)]
pub(crate) struct HoldLedger {
    reservations: HashMap<ReservationId, Held, RandomState>,
    holders: HashMap<Holder, Totals, RandomState>,
    places: HashMap<Ticket, Place, RandomState>,
    /// The places of reservations that are being decided.
    deciding: HashMap<ReservationId, Ticket, RandomState>,
    /// Places that end when the ledger has seen the log up to a position.
    answered: Vec<(Position, Ticket)>,
    /// Places that end at a moment: nobody knows whether anything is held.
    unknown: Vec<(Timestamp, Ticket)>,
    /// Reservations whose deadline may be moved while it passes.
    extending: HashMap<ReservationId, Extending, RandomState>,
    requesters: HashMap<Uuid, Arc<str>, RandomState>,
    requested: VecDeque<(Timestamp, Uuid)>,
    applied: Position,
}

#[derive(Debug)]
struct Held {
    holders: Vec<Holder>,
    expires_at: Timestamp,
    lines: Vec<(ProductId, u32)>,
}

impl Held {
    fn units(&self) -> u64 {
        self.lines.iter().map(|(_, units)| u64::from(*units)).sum()
    }
}

#[derive(Debug, Default)]
struct Totals {
    units: u64,
    reservations: HashSet<ReservationId, RandomState>,
    /// What is being decided and not on record yet.
    deciding: Amount,
}

impl Totals {
    fn is_empty(&self) -> bool {
        self.reservations.is_empty() && self.deciding == Amount::default()
    }
}

#[derive(Debug)]
struct Place {
    hold: WantedHold,
    /// Units that are not on record yet.
    left: u64,
    /// Whether the reservation is on record.
    is_recorded: bool,
    /// Sendings of the request that wait for an answer.
    waiting: u32,
    /// The hold is in the log up to here, if it was made.
    answered: Position,
    /// When it would end, if nobody knows whether it was made.
    unknown: Option<Timestamp>,
}

impl Place {
    /// Whether nothing speaks for it any more.
    fn is_over(&self, applied: Position) -> bool {
        self.waiting == 0 && self.answered <= applied && self.unknown.is_none()
    }
}

#[derive(Debug, Default)]
struct Extending {
    waiting: u32,
    until: Position,
}

impl HoldLedger {
    /// Gives a hold a place, unless its holders would hold too much. Without a moment overdue holds count as well.
    pub(super) fn enter(
        &mut self,
        ticket: &Ticket,
        wanted: &WantedHold,
        limits: HoldLimits,
        now: Option<Timestamp>,
    ) -> Result<(), HoldLimitReached> {
        if let Some(place) = self.places.get_mut(ticket) {
            // a repetition: one of them makes the hold, and the others have its answer
            place.waiting += 1;
            return Ok(());
        }
        if let Some(now) = now {
            self.give_up_unknown(now);
        }
        for holder in &wanted.holders {
            limits.of(holder).check(holder, self.held(holder, now), wanted.units)?;
        }
        for holder in &wanted.holders {
            let totals = self.holders.entry(holder.clone()).or_default();
            totals.deciding.units += wanted.units;
            totals.deciding.reservations += 1;
        }
        let (hold, left) = (wanted.clone(), wanted.units);
        let place = Place {
            hold,
            left,
            is_recorded: false,
            waiting: 1,
            answered: Position::ZERO,
            unknown: None,
        };
        self.places.insert(ticket.clone(), place);
        self.deciding.insert(wanted.reservation, ticket.clone());
        Ok(())
    }

    /// One sending of a request has its answer.
    pub(super) fn leave(&mut self, ticket: &Ticket, decided: Decided) {
        let Some(place) = self.places.get_mut(ticket) else { return };
        place.waiting = place.waiting.saturating_sub(1);
        match decided {
            Decided::NotHeld => {}
            Decided::Held(position) => {
                place.answered = place.answered.max(position);
                if position > self.applied {
                    self.answered.push((position, ticket.clone()));
                }
            }
            Decided::Unknown(until) => {
                place.unknown = Some(until);
                self.unknown.push((until, ticket.clone()));
            }
        }
        self.give_up_over(ticket);
    }

    /// What a holder holds, with what is being decided; without what is overdue at a moment, where there is one.
    pub(crate) fn held(&self, holder: &Holder, now: Option<Timestamp>) -> Amount {
        let Some(totals) = self.holders.get(holder) else { return Amount::default() };
        let Amount { mut units, mut reservations } = totals.deciding;
        let Some(now) = now else {
            units += totals.units;
            reservations += totals.reservations.len() as u64;
            return Amount { units, reservations };
        };
        for id in &totals.reservations {
            let Some(held) = self.reservations.get(id) else { continue };
            if held.expires_at > now || self.extending.contains_key(id) {
                units += held.units();
                reservations += 1;
            }
        }
        Amount { units, reservations }
    }

    /// A request is about to move the deadline of a reservation: that it passes meanwhile says nothing.
    pub(super) fn begin_extension(&mut self, id: ReservationId) {
        self.extending.entry(id).or_default().waiting += 1;
    }

    /// That request has its answer.
    pub(super) fn end_extension(&mut self, id: ReservationId, decided: Decided) {
        let (applied, ended) = (self.applied, !self.reservations.contains_key(&id));
        let Some(extending) = self.extending.get_mut(&id) else { return };
        extending.waiting = extending.waiting.saturating_sub(1);
        let until = match decided {
            Decided::NotHeld => Position::ZERO,
            Decided::Held(position) => position,
            Decided::Unknown(_) => Position::new(u64::MAX),
        };
        extending.until = extending.until.max(until);
        if extending.waiting == 0 && (ended || extending.until <= applied) {
            self.extending.remove(&id);
        }
    }

    /// A line was made; a line that is known already is replaced.
    pub(crate) fn make(&mut self, line: HeldLine) {
        let HeldLine { reservation, product, units, expires_at, holders } = line;
        self.record_place(reservation, u64::from(units));
        if holders.is_empty() {
            return;
        }
        self.keep(reservation, product, 0);
        for holder in &holders {
            let totals = self.holders.entry(holder.clone()).or_default();
            totals.units += u64::from(units);
            totals.reservations.insert(reservation);
        }
        let lines = Vec::with_capacity(1);
        let held = self.reservations.entry(reservation);
        let held = held.or_insert(Held { holders, expires_at, lines });
        held.expires_at = expires_at;
        held.lines.push((product, units));
    }

    /// A line goes on with so many units; with none it has ended.
    pub(crate) fn keep(&mut self, reservation: ReservationId, product: ProductId, units: u32) {
        let Some(held) = self.reservations.get_mut(&reservation) else { return };
        let Some(place) = held.lines.iter().position(|(other, _)| *other == product) else {
            return;
        };
        let before = u64::from(held.lines[place].1);
        if units == 0 {
            held.lines.swap_remove(place);
        } else {
            held.lines[place].1 = units;
        }
        let ended = held.lines.is_empty();
        for holder in held.holders.clone() {
            self.change(&holder, |totals| {
                totals.units = (totals.units + u64::from(units)).saturating_sub(before);
                if ended {
                    totals.reservations.remove(&reservation);
                }
            });
        }
        if ended {
            self.reservations.remove(&reservation);
            if self.extending.get(&reservation).is_some_and(|extending| extending.waiting == 0) {
                self.extending.remove(&reservation);
            }
        }
    }

    /// A reservation has another deadline.
    pub(crate) fn extend(&mut self, reservation: ReservationId, expires_at: Timestamp) {
        if let Some(held) = self.reservations.get_mut(&reservation) {
            held.expires_at = expires_at;
        }
    }

    /// Somebody has asked for a process, which makes holds for them.
    pub(crate) fn note_requester(&mut self, process: Uuid, caller: Arc<str>, at: Timestamp) {
        self.requesters.insert(process, caller);
        self.requested.push_back((at, process));
        while let Some((requested, process)) = self.requested.front()
            && requested.after(REQUESTERS_KEPT) < at
        {
            self.requesters.remove(process);
            self.requested.pop_front();
        }
    }

    /// Who has asked for a process.
    pub(crate) fn requester(&self, process: Uuid) -> Option<Arc<str>> {
        self.requesters.get(&process).cloned()
    }

    /// The ledger has seen the log up to a position.
    pub(crate) fn advance(&mut self, position: Position) {
        self.applied = self.applied.max(position);
        let applied = self.applied;
        let answered = std::mem::take(&mut self.answered);
        for (position, ticket) in answered {
            if position > applied {
                self.answered.push((position, ticket));
            } else {
                self.give_up_over(&ticket);
            }
        }
        self.extending.retain(|_, extending| extending.waiting > 0 || extending.until > applied);
    }

    /// Part of what is being decided is on record now.
    fn record_place(&mut self, reservation: ReservationId, units: u64) {
        let Some(ticket) = self.deciding.get(&reservation) else { return };
        let Some(place) = self.places.get_mut(ticket) else { return };
        let units = units.min(place.left);
        let reservations = u64::from(!place.is_recorded);
        place.left -= units;
        place.is_recorded = true;
        for holder in place.hold.holders.clone() {
            self.decide_less(&holder, Amount { units, reservations });
        }
    }

    /// Ends a place that nothing speaks for any more.
    fn give_up_over(&mut self, ticket: &Ticket) {
        if !self.places.get(ticket).is_some_and(|place| place.is_over(self.applied)) {
            return;
        }
        let Some(place) = self.places.remove(ticket) else { return };
        self.deciding.remove(&place.hold.reservation);
        let left = Amount { units: place.left, reservations: u64::from(!place.is_recorded) };
        for holder in &place.hold.holders {
            self.decide_less(holder, left);
        }
    }

    /// What nobody knew of has ended since, if it was ever held.
    fn give_up_unknown(&mut self, now: Timestamp) {
        let unknown = std::mem::take(&mut self.unknown);
        for (until, ticket) in unknown {
            if until > now {
                self.unknown.push((until, ticket));
                continue;
            }
            if let Some(place) = self.places.get_mut(&ticket) {
                place.unknown = None;
            }
            self.give_up_over(&ticket);
        }
    }

    fn decide_less(&mut self, holder: &Holder, less: Amount) {
        self.change(holder, |Totals { deciding, .. }| {
            deciding.units = deciding.units.saturating_sub(less.units);
            deciding.reservations = deciding.reservations.saturating_sub(less.reservations);
        });
    }

    /// Changes the totals of a holder, who is forgotten when nothing is left.
    fn change(&mut self, holder: &Holder, change: impl FnOnce(&mut Totals)) {
        let Some(totals) = self.holders.get_mut(holder) else { return };
        change(totals);
        if totals.is_empty() {
            self.holders.remove(holder);
        }
    }
}
