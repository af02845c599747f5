//! What the catalogue says against reservations.

use gondola_inventory_domain::{ProductId, StoreId, TimeToLive};

use super::{Catalogue, UnknownName};
use crate::use_cases::conditions::NotReservable;
use crate::use_cases::names::Named;
use crate::use_cases::stock_level::StockLevel;

impl Catalogue {
    /// Why a reservation cannot hold units of a store for a time from now on, if so. A store that says nothing, and one that
    /// the catalogue does not have, allow [`TimeToLive::LIMIT_DEFAULT`].
    pub(in crate::use_cases) fn held_too_long(
        &self,
        store: StoreId,
        ttl: TimeToLive,
    ) -> Option<NotReservable> {
        let allowed = || self.of_store(store)?.longest_hold;
        let allowed = allowed().unwrap_or(TimeToLive::LIMIT_DEFAULT);
        let (asked, allowed) = (ttl.as_seconds(), allowed.as_seconds());
        (asked > allowed).then_some(NotReservable::HeldTooLong { asked, allowed })
    }

    /// Whether units of a level can be reserved: it has some, its store is open, its product sold.
    pub(in crate::use_cases) fn offers(&self, level: &StockLevel) -> bool {
        let not_reservable = self.not_reservable(level.store, [level.product]);
        level.offered() > 0 && not_reservable.is_ok_and(|reason| reason.is_none())
    }

    /// Why nothing of these products can be reserved in a store, if so. What the catalogue does not have can be.
    pub(in crate::use_cases) fn not_reservable(
        &self,
        store: StoreId,
        products: impl IntoIterator<Item = ProductId>,
    ) -> Result<Option<NotReservable>, UnknownName> {
        let is_filled = self.is_filled();
        let in_time = |entry: Option<Named>| match entry {
            None if !is_filled => Err(UnknownName::Filling),
            entry => Ok(entry),
        };
        if let Some(closed) = in_time(self.of_store(store))?.filter(|store| !store.active) {
            return Ok(Some(NotReservable::StoreClosed(closed.code)));
        }
        for product in products {
            let product = in_time(self.of_product(product))?;
            if let Some(discontinued) = product.filter(|product| !product.active) {
                return Ok(Some(NotReservable::ProductDiscontinued(discontinued.code)));
            }
        }
        Ok(None)
    }
}
