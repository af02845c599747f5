//! Use cases of the inventory context: requests go to the executor, queries to the views.

mod answer;
mod catalogue;
mod claims;
mod command;
mod command_error;
mod decider;
mod ended;
mod event_codec;
mod history;
mod plan;
mod queries;
mod request;
mod snapshot_codec;
mod stock_commands;
mod sweeper;

pub use answer::{ReservationAnswer, ReservationAnswerLine, StockAnswer};
pub use catalogue::{Catalogue, LevelRef, ProductRef, StoreRef, UnknownName};
pub use command_error::CommandError;
pub use decider::{InventoryDecider, LineRefusal};
pub use event_codec::{decode_event, encode_event};
pub use gondola_inventory_domain::{LineStatus, Reservation as ReservationView, ReservationLine};
pub use history::{Movement, MovementCause, movement};
pub use queries::{
    CATCH_UP_WAIT, Freshness, LevelFilter, LevelRow, LevelSort, Levels, Queries, ReadError,
    StorePage,
};
pub use request::{Count, ReservationTerms, SaleHalf, StockRequest};
pub use stock_commands::{Performed, StockCommands};
pub use sweeper::sweep;
