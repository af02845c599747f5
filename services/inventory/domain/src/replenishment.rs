//! What a store should order: the reorder point against what it has and gets, whole packs, and what other stores can spare.
//!
//! It is the (R, nQ) policy of inventory theory: at or below the reorder point R, order the fewest packs Q that bring the
//! inventory position above R again.

use std::cmp::Reverse;

use crate::StoreId;

/// What a store has of a product, what it gets, and when it is to reorder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StockPosition {
    /// Units on hand that nobody holds.
    pub available: u32,
    /// Units of transfers on their way to it.
    pub in_transit: u64,
    /// Units of transfers to it that have not left yet.
    pub on_order: u64,
    /// Units that are not offered.
    pub safety_stock: u32,
    /// Reorder at or below so many units; 0 is never.
    pub reorder_point: u32,
}

impl StockPosition {
    /// What there is and what comes: available, in transit and on order.
    #[must_use]
    pub fn inventory_position(&self) -> u64 {
        u64::from(self.available).saturating_add(self.in_transit).saturating_add(self.on_order)
    }

    /// The fewest units that bring the inventory position above the reorder point; 0 where it is there.
    #[must_use]
    pub fn shortage(&self) -> u64 {
        if self.reorder_point == 0 {
            return 0;
        }
        (u64::from(self.reorder_point) + 1).saturating_sub(self.inventory_position())
    }

    /// Units that another store may have: those above what this one needs for itself, which is more than its reorder point and
    /// no less than its safety stock. What is still to come to it is not there to be sent.
    #[must_use]
    pub fn spare(&self) -> u32 {
        let above = if self.reorder_point == 0 { 0 } else { self.reorder_point.saturating_add(1) };
        self.available.saturating_sub(above.max(self.safety_stock))
    }
}

/// On what terms somebody delivers a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderTerms {
    /// Who, by the chain's code.
    pub supplier: String,
    /// Whether the product is ordered there first.
    pub preferred: bool,
    /// Whole days from an order to its delivery, if known.
    pub lead_time_days: Option<u16>,
    /// The least that is delivered at once, in units.
    pub minimum_order: u32,
    /// Orders are whole multiples of it.
    pub order_multiple: u32,
}

impl OrderTerms {
    /// What to order where so many units are short: no less than the least that is delivered, in whole packs.
    #[must_use]
    pub fn quantity(&self, shortage: u64) -> u64 {
        if shortage == 0 {
            return 0;
        }
        let least = shortage.max(u64::from(self.minimum_order));
        least.next_multiple_of(u64::from(self.order_multiple.max(1)))
    }
}

/// Whom to order from: the preferred one, else who delivers soonest; of several, the first by code.
#[must_use]
pub fn choose_supplier(offers: &[OrderTerms]) -> Option<&OrderTerms> {
    let days = |offer: &OrderTerms| offer.lead_time_days.unwrap_or(u16::MAX);
    offers.iter().min_by_key(|offer| (!offer.preferred, days(offer), offer.supplier.clone()))
}

/// Another store and what it can spare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Donor {
    /// Which.
    pub store: StoreId,
    /// Units that it can spare.
    pub spare: u32,
    /// How far away it is, where both places are known.
    pub metres: Option<u32>,
}

/// The stores that could send what is short, and how much each of them: one that can send all of it before those that can
/// send a part, then the nearest, then the one that has most; at most so many, and none beyond those that are needed.
#[must_use]
pub fn choose_donors(shortage: u64, donors: &[Donor], at_most: usize) -> Vec<(Donor, u64)> {
    let mut sorted: Vec<Donor> = donors.iter().copied().filter(|donor| donor.spare > 0).collect();
    sorted.sort_by_key(|donor| {
        let covers = u64::from(donor.spare) >= shortage;
        (!covers, donor.metres.unwrap_or(u32::MAX), Reverse(donor.spare), donor.store)
    });
    let mut missing = shortage;
    let mut chosen = Vec::new();
    for donor in sorted.into_iter().take(at_most) {
        if missing == 0 {
            break;
        }
        let units = missing.min(u64::from(donor.spare));
        missing -= units;
        chosen.push((donor, units));
    }
    chosen
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    /// Available, in transit, on order, safety stock, reorder point.
    fn given(
        [available, in_transit, on_order, safety_stock, reorder_point]: [u32; 5],
    ) -> StockPosition {
        let (in_transit, on_order) = (in_transit.into(), on_order.into());
        StockPosition { available, in_transit, on_order, safety_stock, reorder_point }
    }

    #[test]
    fn at_its_reorder_point_a_store_is_short_by_what_brings_it_above() {
        for (position, short) in [
            ([11, 0, 0, 0, 10], 0),
            ([10, 0, 0, 0, 10], 1),
            ([0, 0, 0, 0, 10], 11),
            // what comes counts, on its way or only asked for
            ([4, 7, 0, 0, 10], 0),
            ([4, 6, 0, 0, 10], 1),
            ([4, 3, 4, 0, 10], 0),
            // a store that was never told when to reorder does not
            ([0, 0, 0, 0, 0], 0),
            ([0, 0, 0, 5, 0], 0),
            ([0, 0, 0, 0, u32::MAX], u64::from(u32::MAX) + 1),
        ] {
            assert_eq!(given(position).shortage(), short, "{position:?}");
        }
    }

    #[test]
    fn a_store_spares_what_it_does_not_need_itself() {
        for (position, spare) in [
            ([30, 0, 0, 0, 10], 19),
            ([30, 0, 0, 15, 10], 15),
            ([11, 0, 0, 0, 10], 0),
            ([5, 0, 0, 0, 10], 0),
            // what is still to come cannot be sent
            ([11, 50, 50, 0, 10], 0),
            ([5, 0, 0, 2, 0], 3),
        ] {
            assert_eq!(given(position).spare(), spare, "{position:?}");
        }
    }

    /// A store that has sent all that it can spare is not at its reorder point itself.
    #[test]
    fn what_is_spared_makes_nobody_short() {
        for available in 0..40 {
            for (safety, reorder_point) in [(0, 10), (15, 10), (10, 15), (7, 0)] {
                let donor = given([available, 0, 0, safety, reorder_point]);
                if donor.spare() > 0 {
                    let left = StockPosition { available: available - donor.spare(), ..donor };
                    assert_eq!(left.shortage(), 0, "{donor:?}");
                }
            }
        }
    }

    fn terms(supplier: &str, preferred: bool, lead_time_days: Option<u16>) -> OrderTerms {
        let supplier = supplier.to_owned();
        OrderTerms { supplier, preferred, lead_time_days, minimum_order: 1, order_multiple: 1 }
    }

    #[test]
    fn orders_are_whole_packs_and_no_less_than_the_least_that_is_delivered() {
        for (minimum_order, order_multiple, shortage, quantity) in [
            (1, 1, 7, 7),
            (24, 12, 7, 24),
            (24, 12, 25, 36),
            // the least is no whole number of packs
            (10, 12, 3, 12),
            (24, 12, 0, 0),
            (1_000_000, 1_000_000, u64::from(u32::MAX) + 1, 4_295_000_000),
        ] {
            let terms = OrderTerms { minimum_order, order_multiple, ..terms("A", false, None) };
            assert_eq!(terms.quantity(shortage), quantity, "{terms:?}, {shortage} short");
        }
    }

    #[test]
    fn the_preferred_supplier_is_chosen_and_else_the_soonest() {
        let chosen =
            |offers: &[OrderTerms]| choose_supplier(offers).map(|one| one.supplier.clone());
        let (slow, soon, unknown) = (
            terms("SLOW", false, Some(14)),
            terms("SOON", false, Some(2)),
            terms("A", false, None),
        );
        assert_eq!(chosen(&[]), None);
        let all = [slow.clone(), unknown.clone(), soon.clone()];
        assert_eq!(chosen(&all).as_deref(), Some("SOON"));
        let preferred = OrderTerms { preferred: true, ..slow };
        assert_eq!(chosen(&[soon.clone(), preferred]).as_deref(), Some("SLOW"));
        let same = terms("AS-SOON", false, Some(2));
        assert_eq!(chosen(&[soon, same, unknown]).as_deref(), Some("AS-SOON"));
    }

    fn donor(number: u128, spare: u32, metres: Option<u32>) -> Donor {
        Donor { store: StoreId::from_uuid(Uuid::from_u128(number)), spare, metres }
    }

    fn sent(shortage: u64, donors: &[Donor]) -> Vec<(u128, u64)> {
        let chosen = choose_donors(shortage, donors, 3).into_iter();
        chosen.map(|(donor, units)| (donor.store.as_uuid().as_u128(), units)).collect()
    }

    #[test]
    fn one_store_that_can_send_all_is_better_than_many_and_the_nearest_first() {
        let (near, far) = (donor(1, 9, Some(500)), donor(2, 40, Some(90_000)));
        assert_eq!(sent(5, &[far, near]), [(1, 5)]);
        assert_eq!(sent(20, &[near, far]), [(2, 20)]);
        let nowhere = donor(3, 60, None);
        assert_eq!(sent(45, &[near, far, nowhere]), [(3, 45)]);
        assert_eq!(
            sent(200, &[nowhere, far, near, donor(4, 0, Some(1))]),
            [(1, 9), (2, 40), (3, 60)]
        );
        assert_eq!(sent(5, &[]), []);
        assert_eq!(sent(0, &[near]), []);
        let many: Vec<Donor> = (1..=9).map(|number| donor(number, 1, None)).collect();
        assert_eq!(sent(9, &many), [(1, 1), (2, 1), (3, 1)], "at most three");
    }
}
