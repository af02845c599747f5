//! Use cases of the inventory context: commands go to the executor, queries to the views.

mod answer;
mod answer_codec;
mod catalogue;
mod claims;
mod command;
mod decider;
mod event_codec;
mod history;
mod queries;
mod reservation;
mod snapshot_codec;
mod stock_level;
mod sweeper;
mod writes;

pub use answer::{Answer, LineAnswer};
pub use catalogue::{Catalogue, ProductRef, StoreRef};
pub use command::{Line, StoreCommand};
pub use decider::{InventoryDecider, LineRefusal, StoreRefusal};
pub use event_codec::{decode_event, encode_event};
pub use history::{Movement, MovementCause, movement};
pub use queries::{
    CATCH_UP_WAIT, Freshness, LevelFilter, LevelSort, Levels, Queries, ReadError, StorePage,
};
pub use reservation::{LineStatus, ReservationLine, ReservationView};
pub use stock_level::StockLevel;
pub use sweeper::sweep;
pub(crate) use writes::ended_before;
pub use writes::{EndReservation, Sold, WriteError, Writes};
