//! A second, naive implementation of the rules: plain numbers and a list, no shared code, no shared types inside.

use gondola_inventory_domain::{Command, Event, OnShortage, ReleaseCause};
use kit_core::Timestamp;

/// What the rules say, worked out the slow way.
#[derive(Default)]
pub(crate) struct Reference {
    pub(crate) on_hand: i64,
    pub(crate) safety_stock: i64,
    /// Holds that have not ended, in the order of their creation.
    pub(crate) open: Vec<Open>,
    pub(crate) added: i64,
    pub(crate) committed: i64,
    pub(crate) adjusted: i64,
    /// Units that came from other stores, less those that left for them.
    pub(crate) transferred: i64,
}

#[derive(Clone, Copy)]
pub(crate) struct Open {
    pub(crate) id: u128,
    pub(crate) units: i64,
    pub(crate) expires_at: i64,
}

impl Open {
    pub(crate) fn is_active(&self, now: i64) -> bool {
        now < self.expires_at
    }
}

impl Reference {
    pub(crate) fn find(&self, id: u128) -> Option<Open> {
        self.open.iter().copied().find(|open| open.id == id)
    }

    pub(crate) fn active_units(&self, now: i64) -> i64 {
        self.open.iter().filter(|open| open.is_active(now)).map(|open| open.units).sum()
    }

    pub(crate) fn reserved(&self) -> i64 {
        self.open.iter().map(|open| open.units).sum()
    }

    pub(crate) fn available(&self, now: i64) -> i64 {
        self.on_hand - self.active_units(now)
    }

    pub(crate) fn offered(&self, now: i64) -> i64 {
        (self.available(now) - self.safety_stock).max(0)
    }

    /// The code of the refusal that the rules demand, or that they grant the command.
    pub(crate) fn verdict(&self, command: &Command, now: i64) -> Result<(), &'static str> {
        match command {
            Command::ReserveStock(command) => {
                let id = command.reservation_id.as_uuid().as_u128();
                let exists = self.find(id).is_some_and(|open| open.is_active(now));
                let short = i64::from(command.quantity.get()) > self.offered(now);
                refuse_if(exists, "reservation-exists")?;
                refuse_if(short, "insufficient-stock")
            }
            Command::CommitReservation(command) => {
                let held = self.active(command.reservation_id.as_uuid().as_u128(), now)?;
                let wanted = command.quantity.map_or(held, |units| i64::from(units.get()));
                refuse_if(wanted > held, "commit-exceeds-hold")
            }
            Command::ReleaseReservation(command) => {
                let held = self.active(command.reservation_id.as_uuid().as_u128(), now)?;
                let wanted = command.quantity.map_or(held, |units| i64::from(units.get()));
                refuse_if(wanted > held, "release-exceeds-hold")
            }
            Command::ExtendReservation(command) => {
                self.active(command.reservation_id.as_uuid().as_u128(), now).map(|_| ())
            }
            Command::AdjustStock(command) => {
                let delta = command.delta.get();
                refuse_if(delta == 0, "nothing-to-adjust")?;
                self.correction(delta, command.on_shortage, now)
            }
            Command::CountStock(command) => {
                let delta = i64::from(command.counted.get()) - self.on_hand;
                self.correction(delta, command.on_shortage, now)
            }
            Command::DispatchTransfer(command) => {
                self.active(command.reservation_id.as_uuid().as_u128(), now).map(|_| ())
            }
            Command::AddStock(_)
            | Command::SetStockPolicy(_)
            | Command::ExpireReservations(_)
            | Command::ReceiveTransfer(_) => Ok(()),
        }
    }

    fn active(&self, id: u128, now: i64) -> Result<i64, &'static str> {
        let open = self.find(id).ok_or("reservation-not-active")?;
        if open.is_active(now) { Ok(open.units) } else { Err("reservation-expired") }
    }

    fn correction(
        &self,
        delta: i64,
        on_shortage: OnShortage,
        now: i64,
    ) -> Result<(), &'static str> {
        let after = self.on_hand + delta;
        let short = after < self.active_units(now) && on_shortage == OnShortage::Refuse;
        refuse_if(!(0..=1_000_000_000).contains(&after), "quantity-out-of-range")?;
        refuse_if(short, "below-reserved")
    }

    /// Takes an event in; panics when it contradicts what happened before or what the rules allow at `now`.
    pub(crate) fn apply(&mut self, event: &Event, now: i64) {
        match event {
            Event::StockAdded { quantity, .. } => {
                self.added += i64::from(quantity.get());
                self.on_hand += i64::from(quantity.get());
            }
            Event::StockReserved { reservation_id, quantity, created_at, expires_at, .. } => {
                let id = reservation_id.as_uuid().as_u128();
                assert!(self.find(id).is_none(), "{id} is promised twice");
                assert_eq!(created_at.as_millis(), now, "a promise begins when it is made");
                let (units, expires_at) = (i64::from(quantity.get()), expires_at.as_millis());
                self.open.push(Open { id, units, expires_at });
            }
            Event::StockCommitted { reservation_id, quantity, returned, kept, .. } => {
                let [sold, kept] = [i64::from(quantity.get()), i64::from(kept.get())];
                let open = self.reduce(reservation_id.as_uuid().as_u128(), kept);
                assert!(open.is_active(now), "an overdue promise was sold");
                assert_eq!(sold + i64::from(returned.get()) + kept, open.units, "units were lost");
                self.committed += sold;
                self.on_hand -= sold;
            }
            Event::StockReleased { reservation_id, quantity, kept, cause, .. } => {
                let id = reservation_id.as_uuid().as_u128();
                let units = [i64::from(quantity.get()), i64::from(kept.get())];
                self.release(id, units, *cause, now);
            }
            Event::ReservationExtended { reservation_id, expires_at } => {
                self.extend(reservation_id.as_uuid().as_u128(), expires_at.as_millis(), now);
            }
            Event::StockAdjusted { delta, .. } => {
                self.adjusted += delta.get();
                self.on_hand += delta.get();
            }
            Event::StockTransferredOut { reservation_id, quantity, .. } => {
                let open = self.reduce(reservation_id.as_uuid().as_u128(), 0);
                assert!(open.is_active(now), "an overdue promise was sent away");
                assert_eq!(i64::from(quantity.get()), open.units, "units were lost");
                self.transferred -= open.units;
                self.on_hand -= open.units;
            }
            Event::StockTransferredIn { quantity, .. } => {
                self.transferred += i64::from(quantity.get());
                self.on_hand += i64::from(quantity.get());
            }
            Event::StockPolicyChanged { safety_stock, .. } => {
                self.safety_stock = i64::from(safety_stock.get());
            }
        }
    }

    fn release(&mut self, id: u128, [units, kept]: [i64; 2], cause: ReleaseCause, now: i64) {
        if cause == ReleaseCause::Shortage {
            let newest = self.open.iter().rfind(|open| open.is_active(now));
            assert_eq!(newest.map(|open| open.id), Some(id), "not the newest was revoked");
            assert!(self.open.iter().all(|open| open.is_active(now)), "overdue goes first");
        }
        let open = self.reduce(id, kept);
        let expired = cause == ReleaseCause::Expired;
        assert_eq!(expired, !open.is_active(now), "{cause:?} at the wrong time");
        assert_eq!(units + kept, open.units, "units were lost");
        assert!(kept == 0 || cause == ReleaseCause::Cancelled, "{cause:?} leaves {kept} held");
    }

    fn extend(&mut self, id: u128, expires_at: i64, now: i64) {
        let open = self.open.iter_mut().find(|open| open.id == id).expect("it is active");
        assert!(open.is_active(now), "an overdue promise was extended");
        assert!(expires_at > open.expires_at, "a deadline became earlier");
        open.expires_at = expires_at;
    }

    /// Leaves a promise so many units, or ends it with none; what it was before.
    fn reduce(&mut self, id: u128, kept: i64) -> Open {
        let place = self.open.iter().position(|open| open.id == id);
        let place = place.expect("only an active promise is reduced or ends, and it ends once");
        let before = self.open[place];
        self.open[place].units = kept;
        self.open.retain(|open| open.units > 0);
        before
    }

    /// Checks what a granted command must have brought about, given the state before it.
    pub(crate) fn check_effect(&self, before: &Before, command: &Command, now: Timestamp) {
        match command {
            Command::AddStock(command) => {
                assert_eq!(self.on_hand, before.on_hand + i64::from(command.quantity.get()));
            }
            Command::ReserveStock(command) => {
                let open = self.find(command.reservation_id.as_uuid().as_u128()).unwrap();
                assert_eq!(open.units, i64::from(command.quantity.get()));
                assert_eq!(open.expires_at, now.after(command.ttl.as_duration()).as_millis());
            }
            Command::CommitReservation(command) => {
                let id = command.reservation_id.as_uuid().as_u128();
                let held = before.open.iter().find(|open| open.id == id).unwrap().units;
                let sold = command.quantity.map_or(held, |units| i64::from(units.get()));
                let kept = if command.keep_remainder { held - sold } else { 0 };
                assert_eq!(self.find(id).map_or(0, |open| open.units), kept);
                assert_eq!(self.on_hand, before.on_hand - sold);
            }
            Command::ReleaseReservation(command) => {
                let id = command.reservation_id.as_uuid().as_u128();
                let held = before.open.iter().find(|open| open.id == id).unwrap().units;
                let gone = command.quantity.map_or(held, |units| i64::from(units.get()));
                assert_eq!(self.find(id).map_or(0, |open| open.units), held - gone);
                assert_eq!(self.on_hand, before.on_hand);
            }
            Command::DispatchTransfer(command) => {
                let id = command.reservation_id.as_uuid().as_u128();
                let held = before.open.iter().find(|open| open.id == id).unwrap().units;
                assert!(self.find(id).is_none());
                assert_eq!(self.on_hand, before.on_hand - held);
            }
            Command::ReceiveTransfer(command) => {
                assert_eq!(self.on_hand, before.on_hand + i64::from(command.quantity.get()));
            }
            Command::ExtendReservation(command) => {
                let open = self.find(command.reservation_id.as_uuid().as_u128()).unwrap();
                assert!(open.expires_at >= now.after(command.ttl.as_duration()).as_millis());
            }
            Command::AdjustStock(command) => {
                assert_eq!(self.on_hand, before.on_hand + command.delta.get());
            }
            Command::CountStock(command) => {
                assert_eq!(self.on_hand, i64::from(command.counted.get()));
            }
            Command::SetStockPolicy(command) => {
                let given = command.safety_stock.map(|units| i64::from(units.get()));
                assert_eq!(self.safety_stock, given.unwrap_or(before.safety_stock));
            }
            Command::ExpireReservations(command) => {
                let mut overdue: Vec<_> = before.open.clone();
                overdue.retain(|open| !open.is_active(now.as_millis()));
                overdue.sort_by_key(|open| (open.expires_at, open.id));
                let gone = overdue.len().min(command.limit);
                assert_eq!(self.open.len(), before.open.len() - gone);
                assert!(overdue[..gone].iter().all(|open| self.find(open.id).is_none()));
            }
        }
    }

    /// What [`Reference::check_effect`] compares with.
    pub(crate) fn before(&self) -> Before {
        let (on_hand, safety_stock) = (self.on_hand, self.safety_stock);
        Before { on_hand, safety_stock, open: self.open.clone() }
    }
}

/// The state before a command.
pub(crate) struct Before {
    on_hand: i64,
    safety_stock: i64,
    open: Vec<Open>,
}

fn refuse_if(condition: bool, code: &'static str) -> Result<(), &'static str> {
    if condition { Err(code) } else { Ok(()) }
}
