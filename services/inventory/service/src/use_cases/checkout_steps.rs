//! The steps of checkouts: the store is asked, and its units are held, sold or released.

use gondola_inventory_domain::{
    CheckoutId, CheckoutStep, ProductId, ReservationId, StoreId, TimeToLive,
};
use kit_core::Timestamp;
use kit_process_manager::Performed;
use uuid::Uuid;

use super::command::StoreCommand;
use super::decider::StoreRefusal;
use super::held_basket::{HeldBasket, HoldTerms, is_gone};
use super::stock_commands::StockCommands;
use super::store_steps::{StoreStep, done_key, time_left};

/// Who does it.
const ACTOR: &str = "system:checkouts";

/// What a step after the deadline is refused with.
pub(crate) const CHECKOUT_TOO_LATE: &str =
    "the deadline passed before all had accepted it: begin another one";

/// The reservation that holds the units of a checkout.
#[must_use]
pub fn checkout_reservation(checkout: CheckoutId) -> ReservationId {
    ReservationId::from_uuid(Uuid::new_v5(&checkout.as_uuid(), b"reservation"))
}

impl StockCommands {
    /// Whether a store serves this, as the store service says where it can be asked, else as its news say. Nothing is changed.
    pub(crate) async fn accept(
        &self,
        store: StoreId,
        products: &[ProductId],
        ttl: TimeToLive,
        expires_at: Timestamp,
    ) -> Result<Performed, String> {
        if self.clock.now() >= expires_at {
            return Ok(Performed::Refused(CHECKOUT_TOO_LATE.to_owned()));
        }
        self.catalogue.filled().await.map_err(|error| error.to_string())?;
        self.catalogue.refresh_store(store).await.map_err(|error| error.to_string())?;
        let not_reservable = self.catalogue.not_reservable(store, products.iter().copied());
        let not_reservable = not_reservable.map_err(|error| error.to_string())?;
        let refusal = not_reservable.or_else(|| self.catalogue.held_too_long(store, ttl));
        Ok(refusal.map_or(Performed::Done, |why| Performed::Refused(why.to_string())))
    }

    /// Does a step with the units of a store, unless that was done before under this command id. An error says that nobody
    /// knows.
    pub(crate) async fn perform_checkout_step(
        &self,
        checkout: CheckoutId,
        command_id: Uuid,
        step: &CheckoutStep,
    ) -> Result<Performed, String> {
        let now = self.clock.now();
        let Some(mut command) = store_command(checkout, command_id, step, now) else {
            return Err(format!("{} is no step of the inventory", step.name()));
        };
        if let CheckoutStep::Reserve { store, ttl, expires_at, .. } = step {
            if now >= *expires_at {
                let is_held = self.is_claimed(done_key(&command)).await?;
                let too_late = || Performed::Refused(CHECKOUT_TOO_LATE.to_owned());
                return Ok(if is_held { Performed::Done } else { too_late() });
            }
            let products = command.lines.iter().map(|line| line.product);
            let not_reservable = self.catalogue.not_reservable(*store, products);
            let not_reservable = not_reservable.map_err(|error| error.to_string())?;
            let too_long = || self.catalogue.held_too_long(*store, *ttl);
            command.conditions.not_reservable = not_reservable.or_else(too_long);
        }
        let process = checkout.as_uuid();
        let is_final = |refusal: &_| is_final(step, refusal);
        let step = StoreStep { process, actor: ACTOR, command_id, command };
        self.perform_store_step(step, is_final).await
    }
}

/// Whether a refusal stands for ever, so that no other try can succeed any more. A hold may: a late success is released.
fn is_final(step: &CheckoutStep, refusal: &StoreRefusal) -> bool {
    match step {
        CheckoutStep::Reserve { .. } => refusal.history_needed().is_none(),
        CheckoutStep::Sell { .. } => is_gone(refusal),
        CheckoutStep::Release { .. } => refusal.is_only_ended(),
        _ => false,
    }
}

fn store_command(
    checkout: CheckoutId,
    command_id: Uuid,
    step: &CheckoutStep,
    now: Timestamp,
) -> Option<StoreCommand> {
    let basket = HeldBasket { store: step.store(), reservation_id: checkout_reservation(checkout) };
    Some(match step {
        CheckoutStep::Reserve { lines, until, reason, order, customer, .. } => {
            let (ttl, reason) = (time_left(now, *until), reason.clone());
            let (order, customer) = (order.clone(), customer.clone());
            basket.hold(lines, &HoldTerms { ttl, reason, order, customer })
        }
        CheckoutStep::Sell { lines, transaction, customer, .. } => {
            basket.sell(lines, (transaction, customer.as_ref()), command_id)
        }
        CheckoutStep::Release { products, .. } => basket.release(products, command_id),
        _ => return None,
    })
}
