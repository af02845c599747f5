//! Process managers of the inventory context: what spans several stores, several contexts, or more than one append.

pub mod checkouts;
pub(crate) mod driven;
pub mod pos_batches;
pub mod process_list;
pub mod sagas;
pub mod split_reservations;
pub mod stocktakes;
pub mod stored;
pub mod transfers;

/// The shapes of the data of all events of processes.
pub(crate) fn event_data() -> Vec<crate::event_data::EventDataShape> {
    let mut all = transfers::codec::event_data();
    all.extend(split_reservations::codec::event_data());
    all.extend(checkouts::codec::event_data());
    all.extend(pos_batches::codec::event_data());
    all.extend(stocktakes::codec::event_data());
    all
}
