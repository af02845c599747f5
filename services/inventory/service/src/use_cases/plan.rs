//! From requests to commands: names become ids, changes find their reservation.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use gondola_inventory_domain::{
    Command, CommitReservation, Customer, CustomerRef, LineCommand, LineStatus, Part,
    PositiveQuantity, ProductId, ReleaseCause, ReservationChange, ReservationId, ReserveStock,
    StoreId, TimeToLive, sum_demand,
};
use kit_core::{Caller, Clock, IdSource, Scope};
use kit_event_store::{EventLog, EventStoreError};
use kit_executor::CommandReceipt;

use super::answer::{Performed, StoreAnswer};
use super::arrival_wait::ArrivalWait;
use super::catalogue::{Catalogue, LevelRef, ProductRef, StoreRef, Wanted};
use super::claims::{self, Levels, PartialSale};
use super::command::{StoreCommand, Subject};
use super::command_error::CommandError;
use super::customers::{Customers, Identified};
use super::request::{ReservationTerms, SaleHalf, StockRequest};

/// A command, and what its answer is to be.
pub(super) struct Plan {
    pub(super) command: StoreCommand,
    pub(super) expected: Expected,
}

/// What is answered after a command.
pub(super) enum Expected {
    /// The only stock level of the command.
    Level,
    /// A reservation with this status after the command.
    Reservation(LineStatus),
    /// A reservation that was to be changed: when it cannot be, what became of it is looked up.
    Changed(Box<Changed>),
}

/// A change of a reservation that was asked for.
pub(super) struct Changed {
    pub(super) id: ReservationId,
    pub(super) change: ReservationChange,
    /// The partial sale that it is, if it is one.
    pub(super) sale: Option<PartialSale>,
}

/// Where the reservations are that a group changes; `None` is one that is not known.
type Claimed = HashMap<ReservationId, Option<Levels>, RandomState>;

/// What requests are planned by.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    /// Knows the ids of stores and products by their names.
    pub(super) catalogue: &'a Catalogue,
    /// Knows customers by their keys.
    pub(super) customers: &'a Customers,
    /// Has the claims by which reservations are found.
    pub(super) log: &'a dyn EventLog,
    /// The present time, by which claims hold or have ended.
    pub(super) clock: &'a dyn Clock,
    /// Ids of reservations whose callers choose none.
    pub(super) ids: &'a dyn IdSource,
}

/// Plans the requests of one group in their order.
pub(super) struct Planner<'a> {
    known: Known<'a>,
    /// Read in one call for the whole group, and completed by what the group itself reserves.
    claimed: Result<Claimed, EventStoreError>,
    /// Found in one call for the whole group.
    customers: Result<Identified, EventStoreError>,
}

impl<'a> Planner<'a> {
    /// Waits once for all names of a group, and finds in one call each all reservations that it changes and the keys of all
    /// its customers.
    pub(super) async fn for_group<'r>(
        known: Known<'a>,
        wait: &mut ArrivalWait,
        requests: impl Iterator<Item = &'r StockRequest> + Clone,
    ) -> Self {
        let mut wanted = Wanted::default();
        requests.clone().for_each(|request| request.want(&mut wanted));
        known.catalogue.arrival(wanted, wait).await;
        let customers =
            known.customers.identify(requests.clone().filter_map(StockRequest::customer));
        let customers = customers.await;
        let changed: Vec<_> = requests.filter_map(StockRequest::changed_reservation).collect();
        let claimed = find(known, &changed).await;
        Self { known, claimed, customers }
    }

    /// Has what is kept of a request under an idempotency key tell nothing of its customer.
    pub(super) fn bind(&self, request: &StockRequest, caller: &mut Caller) {
        if let Ok(customers) = &self.customers {
            customers.bind(request.customer(), caller);
        }
    }

    /// Turns the next request of the group into a command, if what it names is within the scope of its caller.
    pub(super) fn plan(
        &mut self,
        request: StockRequest,
        scope: &Scope,
    ) -> Result<Plan, CommandError> {
        match request {
            StockRequest::IfVersion { expected, request } => {
                // at most once: nobody has seen two versions
                let mut plan = self.plan(*request, scope)?;
                plan.command.conditions.expected = Some(expected);
                Ok(plan)
            }
            StockRequest::AddStock { level, add } => {
                self.level(&level, scope, Command::AddStock(add))
            }
            StockRequest::AdjustStock { level, adjustment } => {
                self.level(&level, scope, Command::AdjustStock(adjustment))
            }
            StockRequest::CountStock { level, count } => {
                self.level(&level, scope, Command::CountStock(count))
            }
            StockRequest::SetPolicy { level, policy } => {
                self.level(&level, scope, Command::SetStockPolicy(policy))
            }
            StockRequest::Reserve { level, quantity, terms } => {
                let (store, product) = self.known.catalogue.find_level(&level, scope)?;
                self.reserve(store, vec![(product, quantity)], terms)
            }
            StockRequest::ReserveBasket { store, lines, terms } => {
                self.reserve_basket(&store, scope, &lines, terms)
            }
            StockRequest::Commit {
                reservation,
                transaction,
                customer,
                sold,
                keep_remainder,
                occurred_at,
            } => {
                let (sold, customer) = (self.part(sold)?, self.customer(customer)?);
                let commit = ReservationChange::Commit {
                    transaction,
                    customer,
                    sold,
                    keep_remainder,
                    occurred_at,
                };
                self.change(reservation, scope, commit)
            }
            StockRequest::Release { reservation, part, reason } => {
                let part = self.part(part)?;
                self.change(reservation, scope, ReservationChange::Release { part, reason })
            }
            StockRequest::Extend { reservation, ttl } => {
                self.change(reservation, scope, ReservationChange::Extend { ttl })
            }
            StockRequest::RecordSale { level, reservation, half } => {
                self.record_sale(&level, scope, reservation, half)
            }
        }
    }

    fn level(
        &self,
        level: &LevelRef,
        scope: &Scope,
        command: Command,
    ) -> Result<Plan, CommandError> {
        let (store, product) = self.known.catalogue.find_level(level, scope)?;
        let command = StoreCommand::level(store, product, command);
        Ok(Plan { command, expected: Expected::Level })
    }

    fn reserve_basket(
        &mut self,
        store: &StoreRef,
        scope: &Scope,
        lines: &[(ProductRef, PositiveQuantity)],
        terms: ReservationTerms,
    ) -> Result<Plan, CommandError> {
        let store = self.known.catalogue.find_store(store, scope)?;
        let demand = sum_demand(&self.products(lines)?)?;
        self.reserve(store, demand, terms)
    }

    fn reserve(
        &mut self,
        store: StoreId,
        demand: Vec<(ProductId, PositiveQuantity)>,
        terms: ReservationTerms,
    ) -> Result<Plan, CommandError> {
        let products = demand.iter().map(|(product, _)| *product);
        let ReservationTerms { reservation, ttl, reason, order, customer } = terms;
        let customer = self.customer(customer)?;
        let catalogue = self.known.catalogue;
        let not_reservable = catalogue
            .not_reservable(store, products)?
            .or_else(|| catalogue.held_too_long(store, ttl));
        let chosen = reservation.is_some();
        let Known { clock, ids, .. } = self.known;
        let reservation_id =
            reservation.unwrap_or_else(|| ReservationId::from_uuid(ids.next_id(clock.now())));
        if let Ok(claimed) = &mut self.claimed
            && let Some(unknown @ None) = claimed.get_mut(&reservation_id)
        {
            // a later request of the group changes what this one is about to make
            *unknown = Some((store, demand.iter().map(|(product, _)| *product).collect()));
        }
        let line = |(product, quantity)| {
            let (reason, order, customer) = (reason.clone(), order.clone(), customer.clone());
            let sold_at = None;
            let reserve =
                ReserveStock { reservation_id, quantity, ttl, reason, order, customer, sold_at };
            LineCommand::required(product, Command::ReserveStock(reserve))
        };
        let lines = demand.into_iter().map(line).collect();
        let subject = Subject::NewReservation { id: reservation_id, chosen };
        let mut command = StoreCommand::reservation(store, lines, subject);
        command.conditions.not_reservable = not_reservable;
        Ok(Plan { command, expected: Expected::Reservation(LineStatus::Active) })
    }

    fn change(
        &self,
        id: ReservationId,
        scope: &Scope,
        change: ReservationChange,
    ) -> Result<Plan, CommandError> {
        let claimed = self.claimed.as_ref().map_err(|error| CommandError::from(error.clone()))?;
        let known = claimed.get(&id).and_then(Option::as_ref);
        let Some((store, products)) = known.filter(|(store, _)| scope.allows(store.as_uuid()))
        else {
            return Err(CommandError::UnknownReservation(id));
        };
        let lines = change.lines(id, products)?;
        let sale = PartialSale::of(id, &lines);
        let mut command = StoreCommand::reservation(*store, lines, Subject::Reservation(id));
        command.sale.clone_from(&sale);
        if let ReservationChange::Extend { ttl } = change {
            command.conditions.not_reservable =
                self.known.catalogue.held_too_long(command.store, ttl);
        }
        let changed = Changed { id, change, sale };
        Ok(Plan { command, expected: Expected::Changed(Box::new(changed)) })
    }

    fn record_sale(
        &self,
        level: &LevelRef,
        scope: &Scope,
        reservation_id: ReservationId,
        half: SaleHalf,
    ) -> Result<Plan, CommandError> {
        let (store, product) = self.known.catalogue.find_level(level, scope)?;
        let (command, status) = match half {
            SaleHalf::Reserve { quantity, sold_at } => {
                let (reason, order, customer) = (None, None, None);
                let ttl = TimeToLive::default();
                let reserve = ReserveStock {
                    reservation_id,
                    quantity,
                    ttl,
                    reason,
                    order,
                    customer,
                    sold_at,
                };
                (Command::ReserveStock(reserve), LineStatus::Active)
            }
            SaleHalf::Commit { transaction, customer, occurred_at } => {
                let (quantity, customer) = (None, self.customer(customer)?);
                let commit = CommitReservation {
                    reservation_id,
                    quantity,
                    keep_remainder: false,
                    transaction,
                    customer,
                    occurred_at,
                };
                (Command::CommitReservation(commit), LineStatus::Committed)
            }
        };
        let lines = vec![LineCommand::required(product, command)];
        let command = StoreCommand::reservation(store, lines, Subject::Reservation(reservation_id));
        Ok(Plan { command, expected: Expected::Reservation(status) })
    }

    /// The customer of a request as its command names them.
    fn customer(&self, customer: Option<CustomerRef>) -> Result<Option<Customer>, CommandError> {
        let Some(customer) = customer else { return Ok(None) };
        let customers = self.customers.as_ref().map_err(EventStoreError::clone)?;
        Ok(Some(customers.name(customer)?))
    }

    fn part(&self, part: Part<ProductRef>) -> Result<Part<ProductId>, CommandError> {
        Ok(match part {
            Part::All => Part::All,
            Part::Units(units) => Part::Units(units),
            Part::Lines(lines) => Part::Lines(sum_demand(&self.products(&lines)?)?),
        })
    }

    fn products(
        &self,
        lines: &[(ProductRef, PositiveQuantity)],
    ) -> Result<Vec<(ProductId, PositiveQuantity)>, CommandError> {
        let mut found = Vec::with_capacity(lines.len());
        for (product, quantity) in lines {
            found.push((self.known.catalogue.find_product(product)?, *quantity));
        }
        Ok(found)
    }
}

impl Expected {
    /// The answer to the request after its command. Not `async`, since a group asks for thousands of answers.
    pub(super) fn answer(self, executed: CommandReceipt<StoreAnswer>) -> Performed {
        let CommandReceipt { answer, position, repeated } = executed;
        let answer = match self {
            Self::Level => answer.into_level(position),
            Self::Reservation(status) => answer.into_reservation(status),
            Self::Changed(changed) => {
                // while anything is held there is a deadline
                let active = answer.expires_at.map(|_| LineStatus::Active);
                let status = active.unwrap_or_else(|| Self::status_after(&changed.change));
                answer.into_reservation(status)
            }
        };
        Ok(CommandReceipt { answer: answer?, position, repeated })
    }

    /// Status of a reservation that a successful change has left nothing of.
    const fn status_after(change: &ReservationChange) -> LineStatus {
        match change {
            ReservationChange::Commit { .. } => LineStatus::Committed,
            ReservationChange::Release { .. } => LineStatus::Released(ReleaseCause::Cancelled),
            ReservationChange::Extend { .. } => LineStatus::Active,
        }
    }
}

async fn find(known: Known<'_>, changed: &[ReservationId]) -> Result<Claimed, EventStoreError> {
    if changed.is_empty() {
        return Ok(Claimed::default());
    }
    let keys: Vec<_> = changed.iter().map(|id| claims::key(*id)).collect();
    let found = known.log.find_claims(&keys, known.clock.now()).await?;
    let levels = found.into_iter().map(|claim| claims::parse(&claim?.value));
    Ok(changed.iter().copied().zip(levels).collect())
}
