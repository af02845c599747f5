//! The suite as tests of each kind of read model.

use std::sync::Arc;

use kit_event_store::projection;
use kit_testkit::clock::SimClock;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::history::{History, at};
#[cfg(feature = "postgres")]
use super::shared;
use super::{Followed, Heard, PATIENCE, memory};
#[cfg(feature = "postgres")]
use crate::adapters::{PostgresDeps, PostgresReadModel};
use crate::adapters::{SqliteFolder, SqliteReadModel};
use crate::use_cases::StockReadModel;

/// The kinds of read model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The port's double.
    Memory,
    Sqlite,
    #[cfg(feature = "postgres")]
    Postgres,
}

/// Runs a test on a read model of a kind.
pub(super) async fn on(kind: Kind, test: impl AsyncFn(&mut Followed)) {
    let (history, heard, folder) =
        (History::new(), Arc::new(Heard::default()), TempDir::new().unwrap());
    let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
    let (log, observer, clock) =
        (Arc::clone(&history.log), Arc::clone(&heard), Arc::new(SimClock::at(at(100))));
    #[cfg(feature = "postgres")]
    let schema = kit_testkit::postgres::Schema::unused();
    let read_model: Arc<dyn StockReadModel> = match kind {
        Kind::Memory => {
            let (read_model, writer, tracker) = memory::empty(observer, clock);
            tasks.spawn(projection::follow(log, Box::new(writer), tracker, stop.clone()));
            Arc::new(read_model)
        }
        Kind::Sqlite => {
            let folder = SqliteFolder {
                folder: folder.path().to_owned(),
                log,
                observer,
                clock,
                tasks: tasks.clone(),
                stop: stop.clone(),
            };
            Arc::new(SqliteReadModel::open(folder).await.unwrap())
        }
        #[cfg(feature = "postgres")]
        Kind::Postgres => {
            let (tasks, stop) = (tasks.clone(), stop.clone());
            let holder = "suite".to_owned();
            let deps = PostgresDeps { log, observer, clock, holder, tasks, stop };
            let views = shared::migrated(&schema).await;
            Arc::new(PostgresReadModel::open(views, deps).await.unwrap())
        }
    };
    let mut followed = Followed { history, read_model, heard };
    test(&mut followed).await;
    stop.cancel();
    tasks.close();
    tokio::time::timeout(PATIENCE, tasks.wait()).await.unwrap();
}

/// The tests by their names.
mod cases {
    pub(super) use super::super::many::{
        many_levels_are_what_each_is_by_itself, what_has_changed_comes_by_its_last_event,
    };
    pub(super) use super::super::reservations::{
        a_page_looks_at_no_more_than_its_share,
        one_that_is_extended_while_pages_are_read_is_not_left_out,
        reservations_are_found_by_how_they_stand_now, reservations_are_found_by_their_deadlines,
        reservations_are_found_by_what_they_are_about,
    };
    pub(super) use super::super::{
        a_level_has_its_shortfall_and_the_time_of_its_latest_count,
        a_level_is_passed_over_from_an_event_that_cannot_be_read_and_its_neighbours_are_not,
        a_level_is_what_its_events_made_of_it, a_product_is_listed_in_the_order_of_stores,
        a_reservation_goes_on_with_what_it_keeps, a_reservation_is_told_line_by_line,
        a_store_is_listed_in_each_order_and_only_what_is_wanted,
        all_lines_of_a_reservation_have_its_deadline, an_observer_hears_of_every_change,
        only_what_is_still_held_runs_out, what_has_run_out_is_free_in_every_view,
        what_is_low_comes_by_store_and_product, what_is_overdue_comes_by_deadline,
    };
}

/// Makes the suite the tests of a kind of read model.
macro_rules! suite {
    ($module:ident, $kind:ident $(, #[$attribute:meta])?) => {
        mod $module {
            use super::Kind;

            suite! { tests [$(#[$attribute])?] $kind
                a_level_is_what_its_events_made_of_it
                a_level_has_its_shortfall_and_the_time_of_its_latest_count
                many_levels_are_what_each_is_by_itself
                what_has_changed_comes_by_its_last_event
                a_store_is_listed_in_each_order_and_only_what_is_wanted
                a_product_is_listed_in_the_order_of_stores
                what_has_run_out_is_free_in_every_view
                a_reservation_is_told_line_by_line
                a_reservation_goes_on_with_what_it_keeps
                only_what_is_still_held_runs_out
                all_lines_of_a_reservation_have_its_deadline
                what_is_low_comes_by_store_and_product
                what_is_overdue_comes_by_deadline
                a_level_is_passed_over_from_an_event_that_cannot_be_read_and_its_neighbours_are_not
                an_observer_hears_of_every_change
                reservations_are_found_by_what_they_are_about
                reservations_are_found_by_how_they_stand_now
                reservations_are_found_by_their_deadlines
                one_that_is_extended_while_pages_are_read_is_not_left_out
                a_page_looks_at_no_more_than_its_share
            }
        }
    };
    (tests $attributes:tt $kind:ident $($test:ident)+) => {
        $(suite! { test $attributes $kind $test })+
    };
    (test [$(#[$attribute:meta])?] $kind:ident $test:ident) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        $(#[$attribute])?
        async fn $test() {
            super::cases::$test(Kind::$kind).await;
        }
    };
}

suite!(on_memory, Memory);
suite!(on_sqlite, Sqlite);
#[cfg(feature = "postgres")]
suite!(on_postgres, Postgres, #[ignore = "needs PostgreSQL: make test-services"]);
