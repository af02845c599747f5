//! The steps of split reservations: stores are found, and each store holds, sells or gives back its part.

use gondola_inventory_domain::{
    AddStock, Command, LineCommand, PlannedPart, PositiveQuantity, ProductId, Reason,
    ReservationId, SplitBasket, SplitReservationId, SplitStep, StoreId,
};
use kit_core::Timestamp;
use kit_process_manager::Performed;
use uuid::Uuid;

use super::catalogue::UnknownName;
use super::command::StoreCommand;
use super::decider::StoreRefusal;
use super::held_basket::{HeldBasket, HoldTerms, is_gone};
use super::sourcing::SourcingQuestion;
use super::stock_commands::StockCommands;
use super::store_steps::{StoreStep, done_key, of_step, time_left};

/// Who does it.
const ACTOR: &str = "system:split-reservations";

/// What a step after the deadline is refused with.
const TOO_LATE: &str = "the deadline passed before all parts were held: reserve again";

/// The reservation that holds a part in its store; parts are numbered over all plans.
#[must_use]
pub fn part_reservation(split: SplitReservationId, part: u32) -> ReservationId {
    ReservationId::from_uuid(Uuid::new_v5(&split.as_uuid(), format!("part/{part}").as_bytes()))
}

/// Stores that were looked for.
pub(crate) enum Found {
    /// What each is to hold.
    Parts(Vec<PlannedPart>),
    /// They have not enough, or it is too late, with the reason for people.
    None(String),
}

impl StockCommands {
    /// Finds stores for a basket among those that are not excluded. What they offer may be gone when it is to be held.
    pub(crate) async fn find_parts(
        &self,
        basket: &SplitBasket,
        excluded: &[StoreId],
        expires_at: Timestamp,
    ) -> Result<Found, String> {
        if self.clock.now() >= expires_at {
            return Ok(Found::None(TOO_LATE.to_owned()));
        }
        let SplitBasket { lines, strategy, near, stores, parcels_max } = basket.clone();
        let (wanted, excluded) = (lines, excluded.to_vec());
        let question = SourcingQuestion { wanted, strategy, near, stores, excluded, parcels_max };
        self.catalogue.filled().await.map_err(|error| error.to_string())?;
        if !question.excluded.is_empty() {
            // what was released for this plan is to be seen by it; without that it is a plan all the same
            let _ = self.queries.freshness().reach(self.queries.head()).await;
        }
        let found = self.queries.sourcing(&question, &self.catalogue).await;
        let found = found.map_err(|error| error.to_string())?;
        if found.missing.iter().any(|units| *units > 0) {
            return Ok(Found::None(self.missing(&question, &found.missing)));
        }
        let part = |parcel: gondola_inventory_domain::Parcel| {
            let units = question.wanted.iter().zip(parcel.units);
            let line = |((product, _), units): (&(ProductId, _), u32)| {
                Some((*product, PositiveQuantity::new(i64::from(units)).ok()?))
            };
            PlannedPart { store: parcel.store, lines: units.filter_map(line).collect() }
        };
        Ok(Found::Parts(found.parcels.into_iter().map(part).collect()))
    }

    /// What nobody offers, as a text for people.
    fn missing(&self, question: &SourcingQuestion, missing: &[u32]) -> String {
        let lines = question.wanted.iter().zip(missing).filter(|(_, units)| **units > 0);
        let lines = lines.map(|((product, wanted), units)| {
            let product = self.catalogue.called(*product);
            format!(
                "product {product}: {wanted} wanted, {units} of them in no store that may serve"
            )
        });
        let parcels = question.parcels_max;
        format!("{}, in at most {parcels} parcels", lines.collect::<Vec<_>>().join("; "))
    }

    /// Does a step in a store, unless that was done before under this command id. An error says that nobody knows.
    pub(crate) async fn perform_split_step(
        &self,
        split: SplitReservationId,
        command_id: Uuid,
        step: &SplitStep,
    ) -> Result<Performed, String> {
        let now = self.clock.now();
        let Some(mut command) = store_command(split, command_id, step, now) else {
            return Err("stores are found, not told to hold".to_owned());
        };
        if let SplitStep::Hold { store, ttl, expires_at, .. } = step {
            if now >= *expires_at {
                let is_held = self.is_claimed(done_key(&command)).await?;
                let too_late = || Performed::Refused(TOO_LATE.to_owned());
                return Ok(if is_held { Performed::Done } else { too_late() });
            }
            let products = command.lines.iter().map(|line| line.product);
            let not_reservable = self.catalogue.not_reservable(*store, products);
            let not_reservable = not_reservable.map_err(|error: UnknownName| error.to_string())?;
            let too_long = || self.catalogue.held_too_long(*store, *ttl);
            command.conditions.not_reservable = not_reservable.or_else(too_long);
        }
        let process = split.as_uuid();
        let is_final = |refusal: &_| is_final(step, refusal);
        let step = StoreStep { process, actor: ACTOR, command_id, command };
        self.perform_store_step(step, is_final).await
    }
}

/// Whether a refusal stands for ever, so that no other try can succeed any more. A hold may: a late success is released.
/// What has ended is never held again, and what is held never grows.
fn is_final(step: &SplitStep, refusal: &StoreRefusal) -> bool {
    match step {
        SplitStep::Hold { .. } => refusal.history_needed().is_none(),
        SplitStep::Commit { .. } => is_gone(refusal),
        SplitStep::Release { .. } => refusal.is_only_ended(),
        SplitStep::Plan { .. } | SplitStep::Return { .. } => false,
    }
}

fn store_command(
    split: SplitReservationId,
    command_id: Uuid,
    step: &SplitStep,
    now: Timestamp,
) -> Option<StoreCommand> {
    let basket = |store: &StoreId, part: &u32| HeldBasket {
        store: *store,
        reservation_id: part_reservation(split, *part),
    };
    Some(match step {
        SplitStep::Plan { .. } => return None,
        SplitStep::Hold { part, store, lines, until, reason, order, customer, .. } => {
            let (ttl, reason) = (time_left(now, *until), reason.clone());
            let (order, customer) = (order.clone(), customer.clone());
            basket(store, part).hold(lines, &HoldTerms { ttl, reason, order, customer })
        }
        SplitStep::Commit { part, store, lines, transaction, customer } => {
            basket(store, part).sell(lines, (transaction, customer.as_ref()), command_id)
        }
        SplitStep::Release { part, store, products } => {
            basket(store, part).release(products, command_id)
        }
        SplitStep::Return { store, lines, transaction } => {
            let reason = Reason::new(&format!("sale undone: split reservation {split}")).ok();
            let line = |(product, quantity): &(ProductId, PositiveQuantity)| {
                let add = AddStock {
                    quantity: *quantity,
                    reason: reason.clone(),
                    reference: gondola_inventory_domain::Reference::new(transaction.as_str()).ok(),
                    occurred_at: None,
                };
                LineCommand::required(*product, Command::AddStock(add))
            };
            of_step(*store, lines.iter().map(line).collect(), command_id)
        }
    })
}
