//! Use cases of the inventory context: commands go to the executor, queries to the views.

mod answer;
mod answer_codec;
mod availability;
mod catalogue;
mod claims;
mod command;
mod decider;
mod event_codec;
mod feed;
mod history;
mod page;
mod queries;
mod read_models;
mod reservation;
mod snapshot_codec;
mod stock_level;
mod sweeper;
mod writes;

pub use answer::{Answer, LineAnswer};
pub use availability::{Availability, AvailabilityQuestion};
pub use catalogue::{Catalogue, ProductRef, StoreRef};
pub use command::{Line, StoreCommand};
pub use decider::{InventoryDecider, LineRefusal, StoreRefusal};
pub use event_codec::{decode_event, encode_event};
pub use feed::{EventPage, EventStream};
pub use history::{Movement, MovementCause};
pub use page::Page;
pub use queries::{CATCH_UP_WAIT, Freshness, Queries, ReadError};
pub use read_models::{
    LevelFilter, LevelSort, ReadModelRebuild, RebuildError, Rebuilt, StockReadModel, StoreStock,
};
pub use reservation::{LineStatus, ReservationLine, ReservationView};
pub use stock_level::StockLevel;
pub use sweeper::sweep;
pub(crate) use writes::ended_before;
pub use writes::{EndReservation, Sold, WriteError, Writes};
