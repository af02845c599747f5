//! Reading many stock levels in one question.

use kit_core::Position;

use super::history::{added, at, committed, policy, product, reserved, store};
use super::suite::{Kind, on};
use super::{Followed, StockLevel};
use crate::use_cases::ChangedLevels;

/// A level by the numbers of its store and product.
fn numbers(level: &StockLevel) -> (u128, u128) {
    (level.store.as_uuid().as_u128(), level.product.as_uuid().as_u128())
}

impl Followed {
    /// The levels that have changed since a position, in pages; the next begins after the last level of the one before.
    async fn changed(
        &self,
        after: u64,
        stores: Option<&[u128]>,
        limit: usize,
    ) -> Vec<(u128, u128)> {
        let stores = stores.map(|stores| stores.iter().map(|number| store(*number)).collect());
        let mut wanted = ChangedLevels { after: Position::new(after), stores, limit };
        let mut all = Vec::new();
        loop {
            let page = self.read_model.changed_levels(wanted.clone()).await.unwrap();
            assert!(
                page.len() <= limit && page.is_sorted_by_key(|level| level.position),
                "{page:?}"
            );
            let Some(last) = page.last() else { return all };
            wanted.after = last.position;
            all.extend(page.iter().map(numbers));
        }
    }
}

pub(super) async fn many_levels_are_what_each_is_by_itself(kind: Kind) {
    on(kind, async |followed| {
        followed
            .happens([
                ((1, 1), added(9)),
                ((1, 2), added(8)),
                ((2, 1), added(7)),
                ((2, 2), added(6)),
                // runs out before anybody looks
                ((2, 1), reserved(1, 3, 50)),
                ((2, 1), reserved(2, 2, 160)),
                ((1, 2), policy(1, 2)),
            ])
            .await;
        // the stores and products of the first and last one are there, and those two are not
        let asked = [(1, 3), (2, 1), (1, 2), (3, 1)].map(|(of, it)| (store(of), product(it)));
        let mut found = followed.read_model.levels(asked.into()).await.unwrap();
        found.sort_by_key(numbers);
        assert_eq!(found, [followed.level((1, 2)).await, followed.level((2, 1)).await]);
        let [_, lapsed] = &found[..] else { panic!("{found:?}") };
        assert_eq!((lapsed.reserved, lapsed.lapsed, lapsed.next_deadline), (2, 3, Some(at(160))));
        assert_eq!(followed.read_model.levels(Vec::new()).await.unwrap(), []);
    })
    .await;
}

pub(super) async fn what_has_changed_comes_by_its_last_event(kind: Kind) {
    on(kind, async |followed| {
        followed
            .happens([
                ((1, 1), added(9)),
                ((2, 1), added(8)),
                ((1, 2), added(7)),
                ((3, 1), added(6)),
                ((1, 1), reserved(1, 4, 160)),
            ])
            .await;
        let all = [(2, 1), (1, 2), (3, 1), (1, 1)];
        for limit in [1, 2, 3, 9] {
            assert_eq!(followed.changed(0, None, limit).await, all, "{limit} at once");
        }
        assert_eq!(followed.changed(3, None, 9).await, [(3, 1), (1, 1)]);
        assert_eq!(followed.changed(5, None, 9).await, []);
        assert_eq!(followed.changed(0, Some(&[1, 3]), 2).await, [(1, 2), (3, 1), (1, 1)]);
        assert_eq!(followed.changed(4, Some(&[2]), 9).await, []);
        assert_eq!(followed.changed(0, Some(&[]), 9).await, []);
        followed.happens([((2, 1), added(1)), ((1, 1), committed(1, 4, 1))]).await;
        assert_eq!(followed.changed(5, None, 9).await, [(2, 1), (1, 1)]);
        let wanted = ChangedLevels { after: Position::new(6), stores: None, limit: 1 };
        let last = followed.read_model.changed_levels(wanted).await.unwrap();
        assert_eq!(last, [followed.level((1, 1)).await], "as it is now");
    })
    .await;
}
