//! What share of the holds of each store was refused in the last minutes.

use std::collections::{HashMap, VecDeque};

use gondola_notification_domain::StoreId;

/// Slices of the window: with one every 5 s it is 5 minutes.
const SLICES: usize = 60;

/// Fewer holds of a store within the window say nothing about it: its share counts as none.
const HOLDS_MIN: u64 = 20;

/// Holds of one store within a slice of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreHolds {
    /// The store.
    pub store: StoreId,
    /// Holds that it was asked for.
    pub asked: u64,
    /// Those of them that it refused.
    pub refused: u64,
}

/// The holds of all stores within the last slices.
#[derive(Debug, Default)]
pub(super) struct HoldWindow {
    slices: VecDeque<Vec<StoreHolds>>,
    stores: HashMap<StoreId, Sum>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    asked: u64,
    refused: u64,
    /// Whether it is known elsewhere that its share is none: that need not be told again.
    is_told_as_none: bool,
}

impl HoldWindow {
    /// An empty one, in which these stores are watched although nothing is known of them yet: once it has been open for
    /// its whole time, their share is told, too.
    pub(super) fn new(watched: impl IntoIterator<Item = StoreId>) -> Self {
        let stores = watched.into_iter().map(|store| (store, Sum::default())).collect();
        Self { slices: VecDeque::new(), stores }
    }

    /// Takes what has happened since the last slice; the oldest one leaves.
    pub(super) fn push(&mut self, slice: Vec<StoreHolds>) {
        for StoreHolds { store, asked, refused } in &slice {
            let sum = self.stores.entry(*store).or_default();
            sum.asked += asked;
            sum.refused += refused;
        }
        self.slices.push_back(slice);
        if self.slices.len() <= SLICES {
            return;
        }
        for StoreHolds { store, asked, refused } in self.slices.pop_front().unwrap_or_default() {
            if let Some(sum) = self.stores.get_mut(&store) {
                sum.asked -= asked;
                sum.refused -= refused;
            }
        }
    }

    /// The share of each store that is to be told, in percent and rounded down. What happened before a window that has just
    /// been opened is not known, so of stores with few holds nothing is told until it has been open for its whole time.
    pub(super) fn shares(&self) -> Vec<(StoreId, u64)> {
        let is_full = self.slices.len() == SLICES;
        let of_store = |(store, sum): (&StoreId, &Sum)| {
            let percent = match sum.asked {
                asked if asked >= HOLDS_MIN => sum.refused * 100 / asked,
                _ if is_full => 0,
                _ => return None,
            };
            (percent > 0 || !sum.is_told_as_none).then_some((*store, percent))
        };
        self.stores.iter().filter_map(of_store).collect()
    }

    /// A share was told. Stores that had no holds within the window are forgotten with that.
    pub(super) fn told(&mut self, store: StoreId, percent: u64) {
        let Some(sum) = self.stores.get_mut(&store) else { return };
        sum.is_told_as_none = percent == 0;
        if sum.asked == 0 && sum.is_told_as_none {
            self.stores.remove(&store);
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn store(number: u128) -> StoreId {
        StoreId::from_uuid(Uuid::from_u128(number))
    }

    fn holds(number: u128, asked: u64, refused: u64) -> Vec<StoreHolds> {
        vec![StoreHolds { store: store(number), asked, refused }]
    }

    /// What is told after a slice, all of which arrives.
    fn after(window: &mut HoldWindow, slice: Vec<StoreHolds>) -> Vec<(StoreId, u64)> {
        window.push(slice);
        let shares = window.shares();
        for (store, percent) in &shares {
            window.told(*store, *percent);
        }
        shares
    }

    #[test]
    fn a_share_is_of_all_holds_within_the_window() {
        let mut window = HoldWindow::default();
        assert_eq!(after(&mut window, holds(1, 10, 10)), [], "ten say nothing");
        assert_eq!(after(&mut window, holds(1, 10, 2)), [(store(1), 60)]);
        assert_eq!(after(&mut window, holds(1, 100, 0)), [(store(1), 10)]);
        assert_eq!(after(&mut window, Vec::new()), [(store(1), 10)]);
    }

    #[test]
    fn what_has_left_the_window_counts_no_more_and_a_quiet_store_is_told_once() {
        let mut window = HoldWindow::default();
        assert_eq!(after(&mut window, holds(1, 40, 40)), [(store(1), 100)]);
        for _ in 1..SLICES {
            assert_eq!(after(&mut window, Vec::new()), [(store(1), 100)]);
        }
        assert_eq!(after(&mut window, Vec::new()), [(store(1), 0)]);
        assert!(window.stores.is_empty());
        assert_eq!(after(&mut window, Vec::new()), []);
        assert_eq!(after(&mut window, holds(1, 20, 20)), [(store(1), 100)]);
    }

    #[test]
    fn few_holds_end_a_share_and_what_is_none_is_not_told_again() {
        let mut window = HoldWindow::default();
        for _ in 0..SLICES {
            after(&mut window, Vec::new());
        }
        assert_eq!(after(&mut window, holds(1, 5, 5)), [(store(1), 0)]);
        assert_eq!(after(&mut window, holds(1, 5, 5)), []);
        assert_eq!(after(&mut window, holds(1, 10, 0)), [(store(1), 50)]);
    }

    #[test]
    fn after_a_start_a_watched_store_is_told_once_the_window_has_been_open_for_its_time() {
        let mut window = HoldWindow::new([store(7)]);
        for _ in 1..SLICES {
            assert_eq!(after(&mut window, Vec::new()), []);
        }
        assert_eq!(after(&mut window, Vec::new()), [(store(7), 0)]);
        assert_eq!(after(&mut window, Vec::new()), []);
    }

    #[test]
    fn what_could_not_be_told_is_told_again() {
        let mut window = HoldWindow::default();
        window.push(holds(1, 30, 0));
        assert_eq!(window.shares(), [(store(1), 0)]);
        assert_eq!(window.shares(), [(store(1), 0)]);
        window.told(store(1), 0);
        assert_eq!(window.shares(), []);
    }
}
