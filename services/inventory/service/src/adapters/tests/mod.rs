//! What every stock read model must do; run on SQLite's, on PostgreSQL's and on one in memory.

mod history;
mod many;
mod memory;
mod reservations;
#[cfg(feature = "postgres")]
mod shared;
mod shared_cache;
mod suite;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use gondola_inventory_domain::{Event, LineStatus, ReleaseCause};
use kit_core::Position;

use self::history::{
    History, added, at, committed, counted, extended, keeping, left, policy, product, released,
    reservation, reserved, store,
};
use self::suite::{Kind, on};
use super::observer::LevelObserver;
use crate::use_cases::{
    LevelFilter, LevelSort, LowStock, OverdueLevel, ProductTotals, ReservationFilter, StockLevel,
    StockReadModel, StoreStock, WantedReservations,
};

/// Long enough for anything that is expected to happen.
const PATIENCE: Duration = Duration::from_secs(30);

/// Records the notifications of an observer.
#[derive(Default)]
struct Heard(Mutex<Vec<StockLevel>>);

impl LevelObserver for Heard {
    fn changed(&self, levels: &mut dyn Iterator<Item = StockLevel>) {
        self.0.lock().unwrap().extend(levels);
    }

    fn outdated(&self, _: &mut dyn Iterator<Item = (super::fold::LevelKey, Position)>) {}

    fn replaced(&self, _: Position) {}
}

/// All stock of a store.
#[cfg(feature = "postgres")]
fn whole_store(number: u128) -> StoreStock {
    StoreStock {
        store: store(number),
        filter: LevelFilter::default(),
        sort: LevelSort::Product,
        after: None,
        limit: 100,
    }
}

/// A read model that follows a log.
struct Followed {
    history: History,
    read_model: Arc<dyn StockReadModel>,
    heard: Arc<Heard>,
}

impl Followed {
    /// Records events of levels (store and product by number) and waits until the read model has them.
    async fn happens<const N: usize>(&mut self, events: [((u128, u128), Event); N]) {
        for (level, event) in events {
            self.history.record(level, event).await;
        }
        let head = *self.history.log.head().borrow();
        assert!(self.read_model.progress().reach(head, PATIENCE).await, "stands still");
    }

    async fn level(&self, level: (u128, u128)) -> StockLevel {
        self.read_model.level(store(level.0), product(level.1)).await.unwrap().unwrap()
    }

    /// The reservations that meet a filter, the same in both orders.
    async fn reservations(&self, filter: ReservationFilter) -> Vec<u128> {
        let ascending = self.listed_reservations(filter.clone(), false).await;
        let mut descending = self.listed_reservations(filter, true).await;
        descending.reverse();
        assert_eq!(ascending, descending);
        ascending
    }

    /// The reservations that meet a filter, in pages of two.
    async fn listed_reservations(&self, filter: ReservationFilter, descending: bool) -> Vec<u128> {
        let mut wanted = WantedReservations { filter, descending, after: None, limit: 2 };
        let mut listed = Vec::new();
        loop {
            let page = self.read_model.reservations(wanted.clone()).await.unwrap();
            assert!(page.reservations.len() <= 2 && page.as_of == at(100), "{page:?}");
            listed.extend(page.reservations.iter().map(|it| it.id.as_uuid().as_u128()));
            wanted.after = page.next;
            if wanted.after.is_none() {
                return listed;
            }
        }
    }

    /// The products of a store in pages of two.
    async fn listed(&self, sort: LevelSort, filter: LevelFilter) -> Vec<u128> {
        let mut wanted = StoreStock { store: store(1), filter, sort, after: None, limit: 2 };
        let mut all = Vec::new();
        loop {
            let page = self.read_model.store_stock(wanted).await.unwrap();
            assert!(page.len() <= 2, "{page:?}");
            let Some(last) = page.last() else { return all };
            wanted.after = Some((sort.key(last), last.product));
            all.extend(page.iter().map(|level| level.product.as_uuid().as_u128()));
        }
    }
}

async fn a_level_is_what_its_events_made_of_it(kind: Kind) {
    on(kind, async |followed| {
        let none = followed.read_model.level(store(1), product(1)).await.unwrap();
        assert_eq!(none, None);
        let this = (1, 1);
        followed
            .happens([
                (this, added(9)),
                (this, policy(2, 5)),
                ((1, 2), added(1)),
                (this, reserved(1, 4, 160)),
                (this, committed(1, 3, 1)),
                (this, reserved(2, 2, 160)),
            ])
            .await;
        let level = followed.level(this).await;
        let numbers = [level.on_hand, level.reserved, level.safety_stock, level.reorder_point];
        assert_eq!(numbers, [6, 2, 2, 5]);
        assert_eq!((level.version.get(), level.position.get()), (5, 6));
        assert_eq!((level.available(), level.offered(), level.as_of), (4, 2, at(100)));
    })
    .await;
}

async fn a_level_has_its_shortfall_and_the_time_of_its_latest_count(kind: Kind) {
    on(kind, async |followed| {
        let this = (1, 1);
        followed.happens([(this, added(9)), (this, left(12, 3))]).await;
        let level = followed.level(this).await;
        assert_eq!((level.on_hand, level.shortfall, level.counted_at), (0, 3, None));
        followed.happens([(this, counted(4, -5, 4, -3)), (this, added(1))]).await;
        let level = followed.level(this).await;
        assert_eq!((level.on_hand, level.shortfall, level.counted_at), (5, 0, Some(at(-5))));
    })
    .await;
}

async fn a_store_is_listed_in_each_order_and_only_what_is_wanted(kind: Kind) {
    on(kind, async |followed| {
        followed
            .happens([
                ((1, 1), added(5)),
                ((1, 2), added(9)),
                ((1, 2), reserved(1, 8, 160)),
                ((1, 3), added(5)),
                ((1, 4), added(2)),
                ((1, 4), policy(0, 2)),
                // another store's
                ((2, 5), added(7)),
            ])
            .await;
        let all = LevelFilter::default();
        assert_eq!(followed.listed(LevelSort::Product, all).await, [1, 2, 3, 4]);
        assert_eq!(followed.listed(LevelSort::Available, all).await, [2, 4, 1, 3]);
        assert_eq!(followed.listed(LevelSort::AvailableDescending, all).await, [1, 3, 4, 2]);
        assert_eq!(followed.listed(LevelSort::OnHandDescending, all).await, [2, 1, 3, 4]);
        let low = LevelFilter { low_stock: true, ..all };
        assert_eq!(followed.listed(LevelSort::Product, low).await, [4]);
        let some = LevelFilter { available_min: Some(2), available_max: Some(4), ..all };
        assert_eq!(followed.listed(LevelSort::Product, some).await, [4]);
    })
    .await;
}

async fn a_product_is_listed_in_the_order_of_stores(kind: Kind) {
    on(kind, async |followed| {
        let events =
            [((3, 1), added(3)), ((1, 1), added(1)), ((1, 2), added(9)), ((2, 1), added(2))];
        followed.happens(events).await;
        let listed = async |after, limit| {
            let levels = followed.read_model.product_stock(product(1), after, limit).await.unwrap();
            levels.iter().map(|level| level.on_hand).collect::<Vec<_>>()
        };
        assert_eq!(listed(None, 9).await, [1, 2, 3]);
        assert_eq!(listed(None, 2).await, [1, 2]);
        assert_eq!(listed(Some(store(1)), 9).await, [2, 3]);
    })
    .await;
}

async fn what_has_run_out_is_free_in_every_view(kind: Kind) {
    on(kind, async |followed| {
        let this = (1, 1);
        followed
            .happens([
                (this, added(9)),
                (this, policy(0, 4)),
                (this, reserved(1, 2, 160)),
                // the clock stands at 100
                (this, reserved(2, 3, 100)),
                (this, reserved(3, 1, 99)),
                (this, extended(3, 101)),
                (this, reserved(4, 1, 50)),
                (this, released(4, 1, ReleaseCause::Expired)),
                ((1, 2), added(5)),
            ])
            .await;
        let all = LevelFilter::default();
        let wanted = StoreStock {
            store: store(1),
            filter: all,
            sort: LevelSort::Product,
            after: None,
            limit: 1,
        };
        let of_store = followed.read_model.store_stock(wanted).await.unwrap();
        let of_product = followed.read_model.product_stock(product(1), None, 9).await.unwrap();
        let totals = followed.read_model.product_totals(product(1)).await.unwrap();
        let expected = ProductTotals { stores: 1, on_hand: 9, reserved: 3, offered: 6 };
        assert_eq!(totals, expected);
        for level in [followed.level(this).await, of_store[0], of_product[0]] {
            assert_eq!((level.reserved, level.lapsed, level.available()), (3, 3, 6));
            assert_eq!(level.next_deadline, Some(at(101)));
        }
        assert_eq!(followed.listed(LevelSort::Available, all).await, [2, 1]);
        let low = LevelFilter { low_stock: true, ..all };
        assert_eq!(followed.listed(LevelSort::Product, low).await, [] as [u128; 0]);
    })
    .await;
}

async fn what_is_low_comes_by_store_and_product(kind: Kind) {
    on(kind, async |followed| {
        let low = [(2, 3), (1, 2), (3, 1), (2, 1)];
        for level in low {
            followed.happens([(level, added(5)), (level, policy(0, 5))]).await;
        }
        followed
            .happens([
                // above, without a reorder point, low by what is held, and not low any more by what has run out
                ((1, 1), added(6)),
                ((1, 1), policy(9, 5)),
                ((2, 4), policy(9, 0)),
                ((4, 1), added(9)),
                ((4, 1), policy(0, 5)),
                ((4, 1), reserved(1, 4, 160)),
                ((4, 2), added(9)),
                ((4, 2), policy(0, 5)),
                ((4, 2), reserved(2, 4, 60)),
            ])
            .await;
        let listed = async |stores: Option<Vec<u128>>| {
            let stores = stores.map(|stores| stores.into_iter().map(store).collect());
            let mut wanted = LowStock { stores, after: None, limit: 2 };
            let mut all = Vec::new();
            loop {
                let page = followed.read_model.low_stock(wanted.clone()).await.unwrap();
                assert!(page.len() <= 2, "{page:?}");
                let Some(last) = page.last() else { return all };
                wanted.after = Some((last.store, last.product));
                let number = |level: &StockLevel| {
                    (level.store.as_uuid().as_u128(), level.product.as_uuid().as_u128())
                };
                all.extend(page.iter().map(number));
            }
        };
        assert_eq!(listed(None).await, [(1, 2), (2, 1), (2, 3), (3, 1), (4, 1)]);
        assert_eq!(listed(Some(vec![3, 2])).await, [(2, 1), (2, 3), (3, 1)]);
        assert_eq!(listed(Some(vec![])).await, []);
    })
    .await;
}

async fn a_reservation_is_told_line_by_line(kind: Kind) {
    on(kind, async |followed| {
        let made: Vec<_> = (1..=6).map(|number| (1, number)).collect();
        for level in made {
            let events = [(level, added(5)), (level, reserved(7, 5, 60)), (level, extended(7, 90))];
            followed.happens(events).await;
        }
        followed
            .happens([
                ((1, 2), committed(7, 3, 2)),
                ((1, 3), released(7, 5, ReleaseCause::Cancelled)),
                ((1, 4), released(7, 5, ReleaseCause::Expired)),
                ((1, 5), released(7, 5, ReleaseCause::PartialCommit)),
                ((1, 6), released(7, 5, ReleaseCause::Shortage)),
            ])
            .await;
        let found = followed.read_model.reservation(reservation(7)).await.unwrap().unwrap();
        assert_eq!((found.id, found.store), (reservation(7), store(1)));
        assert_eq!((found.created_at, found.expires_at), (at(0), at(90)));
        assert_eq!(found.order.as_deref(), Some("order"));
        assert_eq!(found.transaction(), Some("sale"));
        let ended = LineStatus::Released;
        let lines = found.lines.iter();
        let lines: Vec<_> =
            lines.map(|line| (line.quantity, line.committed, line.status, line.ended_at)).collect();
        let end = Some(at(1));
        assert_eq!(
            lines,
            [
                (5, 0, LineStatus::Active, None),
                (5, 3, LineStatus::Committed, end),
                (5, 0, ended(ReleaseCause::Cancelled), end),
                (5, 0, ended(ReleaseCause::Expired), end),
                (5, 0, ended(ReleaseCause::PartialCommit), end),
                (5, 0, ended(ReleaseCause::Shortage), end),
            ]
        );
        assert_eq!(followed.read_model.reservation(reservation(8)).await.unwrap(), None);
    })
    .await;
}

async fn a_reservation_goes_on_with_what_it_keeps(kind: Kind) {
    on(kind, async |followed| {
        let this = (1, 1);
        followed.happens([(this, added(9)), (this, reserved(7, 5, 160))]).await;
        // in one batch and in batches of their own
        followed.happens([(this, keeping(committed(7, 2, 0), 3))]).await;
        let released = released(7, 1, ReleaseCause::Cancelled);
        followed.happens([(this, keeping(released.clone(), 2)), (this, extended(7, 170))]).await;
        let line = async || {
            let found = followed.read_model.reservation(reservation(7)).await.unwrap().unwrap();
            let line = found.lines[0].clone();
            (line.quantity, line.committed, line.held, line.status, line.ended_at)
        };
        assert_eq!(line().await, (5, 2, 2, LineStatus::Active, None));
        let level = followed.level(this).await;
        assert_eq!((level.on_hand, level.reserved, level.lapsed), (7, 2, 0));
        followed.happens([(this, committed(7, 1, 1))]).await;
        let line = async || {
            let found = followed.read_model.reservation(reservation(7)).await.unwrap().unwrap();
            let line = found.lines[0].clone();
            (line.quantity, line.committed, line.held, line.status, line.ended_at)
        };
        assert_eq!(line().await, (5, 3, 0, LineStatus::Committed, Some(at(1))));
        assert_eq!(followed.level(this).await.reserved, 0);
    })
    .await;
}

async fn only_what_is_still_held_runs_out(kind: Kind) {
    on(kind, async |followed| {
        let this = (1, 1);
        followed
            .happens([
                (this, added(9)),
                // the clock stands at 100
                (this, reserved(7, 5, 100)),
                (this, keeping(committed(7, 2, 0), 3)),
            ])
            .await;
        let level = followed.level(this).await;
        assert_eq!((level.on_hand, level.reserved, level.lapsed), (7, 0, 3));
    })
    .await;
}

async fn all_lines_of_a_reservation_have_its_deadline(kind: Kind) {
    on(kind, async |followed| {
        for number in [1, 2] {
            let level = (1, number);
            followed.happens([(level, added(5)), (level, reserved(7, 5, 60))]).await;
        }
        followed.happens([((1, 1), committed(7, 5, 0)), ((1, 2), extended(7, 90))]).await;
        let found = followed.read_model.reservation(reservation(7)).await.unwrap().unwrap();
        assert_eq!(found.expires_at, at(90), "though its first line ended before");
        let listed = followed.reservations(ReservationFilter::default()).await;
        assert_eq!(listed, [7]);
    })
    .await;
}

async fn what_is_overdue_comes_by_deadline(kind: Kind) {
    on(kind, async |followed| {
        followed
            .happens([
                ((1, 1), added(9)),
                ((2, 1), added(9)),
                ((1, 1), reserved(1, 1, 20)),
                ((2, 1), reserved(2, 1, 10)),
                ((2, 1), reserved(3, 1, 5)),
                ((2, 1), released(3, 1, ReleaseCause::Expired)),
                ((2, 1), reserved(4, 1, 21)),
                ((2, 1), reserved(5, 1, 22)),
            ])
            .await;
        let overdue = async |seconds, limit| {
            let levels = followed.read_model.overdue(at(seconds), limit).await.unwrap();
            let level = |level: &OverdueLevel| (level.store.as_uuid().as_u128(), level.holds);
            levels.iter().map(level).collect::<Vec<_>>()
        };
        assert_eq!(overdue(9, 9).await, []);
        assert_eq!(overdue(10, 9).await, [(2, 1)], "at the deadline itself");
        assert_eq!(overdue(20, 9).await, [(2, 1), (1, 1)]);
        assert_eq!(overdue(20, 1).await, [(2, 1)]);
        assert_eq!(overdue(22, 9).await, [(2, 3), (1, 1)]);
        assert_eq!(overdue(22, 3).await, [(2, 2), (1, 1)], "holds are limited, not levels");
        let count = async |seconds| {
            let holds = followed.read_model.count_holds(at(seconds)).await.unwrap();
            (holds.active, holds.overdue)
        };
        assert_eq!(count(9).await, (4, 0), "one has ended");
        assert_eq!(count(10).await, (4, 1), "at the deadline itself");
        assert_eq!(count(22).await, (4, 4));
    })
    .await;
}

async fn a_level_is_passed_over_from_an_event_that_cannot_be_read_and_its_neighbours_are_not(
    kind: Kind,
) {
    on(kind, async |followed| {
        let (this, neighbour) = ((1, 1), (1, 2));
        followed.happens([(this, added(9)), (this, reserved(1, 1, 5))]).await;
        let at_fault = followed.history.record_unreadable(this).await;
        followed.happens([(this, added(7)), (neighbour, added(4))]).await;
        followed.happens([(neighbour, reserved(2, 1, 6))]).await;

        let level = followed.level(this).await;
        assert_eq!((level.on_hand, level.version.get()), (9, 2), "as before that event");
        assert_eq!(followed.level(neighbour).await.on_hand, 4);
        let parked = followed.read_model.progress().parking().streams();
        assert_eq!((parked.len(), parked[0].position), (1, at_fault));
        // whether its hold has ended is not known, and it must not keep the sweeper from others
        let overdue = followed.read_model.overdue(at(10), 1).await.unwrap();
        let (store, product) = (store(1), product(2));
        assert_eq!(overdue, [OverdueLevel { store, product, holds: 1 }]);
    })
    .await;
}

async fn an_observer_hears_of_every_change(kind: Kind) {
    on(kind, async |followed| {
        for events in
            [[((1, 1), added(1)), ((1, 2), added(2))], [((1, 1), added(1)), ((2, 1), added(3))]]
        {
            followed.happens(events).await;
            for level in [(1, 1), (1, 2)] {
                let shown = followed.level(level).await;
                let heard = followed.heard.0.lock().unwrap();
                let last = heard
                    .iter()
                    .rfind(|heard| (heard.store, heard.product) == (shown.store, shown.product));
                assert_eq!(last, Some(&shown));
            }
        }
    })
    .await;
}
