//! What every stock read model must answer about reservations that are searched for.

use gondola_inventory_domain::{Event, LineStatus, OrderRef, ReleaseCause};

use super::Followed;
use super::history::{
    added, at, committed, extended, keeping, product, released, reservation, reserved, store,
};
use super::suite::{Kind, on};
use crate::adapters::customer_column::customer_in;
use crate::use_cases::{RESERVATIONS_EXAMINED_MAX, ReservationFilter, WantedReservations};

fn of(mut event: Event, order_of_it: &str, customer_of_it: &str) -> Event {
    if let Event::StockReserved { order, customer, .. } = &mut event {
        *order = Some(OrderRef::new(order_of_it).unwrap());
        *customer = customer_in(customer_of_it);
    }
    event
}

/// Nine reservations; the clock stands at 100.
async fn given(followed: &mut Followed) {
    followed
        .happens([
            ((1, 1), added(99)),
            ((1, 2), added(99)),
            ((2, 1), added(99)),
            ((1, 1), of(reserved(1, 1, 150), "o-1", "maria")),
            ((1, 2), of(reserved(1, 1, 150), "o-1", "maria")),
            ((1, 1), of(reserved(2, 1, 100), "o-2", "maria")),
            ((2, 1), of(reserved(3, 1, 140), "o-3", "jan")),
            ((1, 1), of(reserved(4, 2, 130), "o-4", "jan")),
            ((1, 1), committed(4, 2, 0)),
            ((1, 1), of(reserved(5, 2, 120), "o-5", "jan")),
            ((1, 1), keeping(committed(5, 1, 0), 1)),
            ((1, 1), of(reserved(6, 1, 110), "o-6", "jan")),
            ((1, 1), released(6, 1, ReleaseCause::Cancelled)),
            ((1, 1), of(reserved(7, 1, 90), "o-7", "jan")),
            ((1, 1), released(7, 1, ReleaseCause::Expired)),
            ((1, 2), of(reserved(8, 1, 160), "o-8", "jan")),
            ((1, 2), released(8, 1, ReleaseCause::Shortage)),
            ((1, 2), of(reserved(9, 1, 95), "o-9", "ada")),
            ((1, 2), extended(9, 170)),
        ])
        .await;
}

pub(super) async fn reservations_are_found_by_what_they_are_about(kind: Kind) {
    on(kind, async |followed| {
        given(followed).await;
        let none = ReservationFilter::default;
        let maria = customer_in("maria");
        for (filter, expected) in [
            (none(), &[7, 2, 6, 5, 4, 3, 1, 8, 9][..]),
            (ReservationFilter { store: Some(store(2)), ..none() }, &[3]),
            (ReservationFilter { product: Some(product(2)), ..none() }, &[1, 8, 9]),
            (ReservationFilter { customer: maria.clone(), ..none() }, &[2, 1]),
            (ReservationFilter { order: Some(OrderRef::new("o-9").unwrap()), ..none() }, &[9]),
            (ReservationFilter { customer: maria, product: Some(product(2)), ..none() }, &[1]),
            (ReservationFilter { store: Some(store(2)), product: Some(product(2)), ..none() }, &[]),
        ] {
            assert_eq!(followed.reservations(filter.clone()).await, expected, "{filter:?}");
        }
    })
    .await;
}

pub(super) async fn reservations_are_found_by_how_they_stand_now(kind: Kind) {
    on(kind, async |followed| {
        given(followed).await;
        let ended = LineStatus::Released;
        for (status, expected) in [
            (LineStatus::Active, &[5, 3, 1, 9][..]),
            (LineStatus::Committed, &[4]),
            (ended(ReleaseCause::Cancelled), &[6]),
            // the second is overdue at this very moment, and nobody has recorded that
            (ended(ReleaseCause::Expired), &[7, 2]),
            (ended(ReleaseCause::Shortage), &[8]),
        ] {
            let filter = ReservationFilter { status: Some(status), ..ReservationFilter::default() };
            assert_eq!(followed.reservations(filter.clone()).await, expected, "{status:?}");
            let store = Some(store(1));
            let here = expected.iter().copied().filter(|id| *id != 3).collect::<Vec<_>>();
            assert_eq!(followed.reservations(ReservationFilter { store, ..filter }).await, here);
        }
    })
    .await;
}

pub(super) async fn reservations_are_found_by_their_deadlines(kind: Kind) {
    on(kind, async |followed| {
        given(followed).await;
        let between = |from: i64, to: i64| ReservationFilter {
            expires_from: Some(at(from)),
            expires_to: Some(at(to)),
            ..ReservationFilter::default()
        };
        assert_eq!(followed.reservations(between(110, 140)).await, [6, 5, 4]);
        assert_eq!(followed.reservations(between(171, 999)).await, [] as [u128; 0]);
        let expired = Some(LineStatus::Released(ReleaseCause::Expired));
        let early = ReservationFilter { status: expired, ..between(0, 100) };
        assert_eq!(followed.reservations(early).await, [7]);
    })
    .await;
}

pub(super) async fn one_that_is_extended_while_pages_are_read_is_not_left_out(kind: Kind) {
    on(kind, async |followed| {
        given(followed).await;
        let mut wanted = WantedReservations {
            filter: ReservationFilter::default(),
            descending: false,
            after: None,
            limit: 6,
        };
        let first = followed.read_model.reservations(wanted.clone()).await.unwrap();
        wanted.after = first.next;
        followed.happens([((1, 1), extended(5, 300))]).await;
        let second = followed.read_model.reservations(wanted).await.unwrap();
        let ids: Vec<_> = second.reservations.iter().map(|it| it.id).collect();
        assert_eq!(ids, [1, 8, 9, 5].map(reservation));
    })
    .await;
}

pub(super) async fn a_page_looks_at_no_more_than_its_share(kind: Kind) {
    on(kind, async |followed| {
        followed.happens([((1, 1), added(9))]).await;
        let many = RESERVATIONS_EXAMINED_MAX as u128 + 10;
        for id in 1..=many {
            followed.history.record((1, 1), reserved(id, 1, 150)).await;
            followed.history.record((1, 1), released(id, 1, ReleaseCause::Cancelled)).await;
        }
        followed.happens([((1, 1), reserved(many + 1, 1, 151))]).await;
        let filter =
            ReservationFilter { status: Some(LineStatus::Active), ..ReservationFilter::default() };
        assert_eq!(followed.reservations(filter).await, [many + 1], "some pages are empty");
    })
    .await;
}
