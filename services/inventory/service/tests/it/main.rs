//! The inventory context as callers meet it: routes called in process, over each event store, at a time that tests set.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod app;
mod asking;
mod asking_elsewhere;
mod balances;
mod basket_availability;
mod baskets;
mod batch;
mod batch_arrays;
mod bus;
mod caching;
mod checkouts;
mod conditions;
mod correcting;
mod deadlines;
mod earlier_release;
mod ending;
mod events;
mod facts;
mod failing_checkouts;
mod failing_pos_batches;
mod failing_split_reservations;
mod failing_stocktakes;
mod failing_transfers;
#[path = "../golden_event/mod.rs"]
mod golden_event;
mod golden_stocktakes;
mod gtins;
mod hold_limits;
mod idempotency;
mod levels_query;
mod limits;
mod listing;
mod live;
mod loads;
mod long_holds;
mod looking_back;
mod names;
mod orders;
mod own_writes;
mod panics;
mod parking;
mod partial;
mod past_moments;
mod pos_batches;
#[cfg(feature = "postgres")]
mod postgres_views;
mod privacy;
#[cfg(feature = "postgres")]
mod privacy_on_servers;
mod proved;
mod readable;
mod reading;
mod rebuild;
mod reconciling;
mod refusals;
mod replenishment;
mod reserving;
mod restart;
mod revoked_split_reservations;
mod saga_news;
mod sagas;
mod searching;
mod several_executors;
mod shared;
mod shared_times;
mod simulated_checkouts;
mod simulated_transfers;
mod slow_clients;
mod sourcing;
mod split_reservations;
mod stocktakes;
mod tills_in_any_order;
mod transfers;
mod two_times;
