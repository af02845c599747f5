//! Use cases of the inventory context: requests go to the executor, queries to the views.

mod answer;
mod answer_codec;
mod arrival_wait;
mod availability;
mod basket_availability;
mod business_order;
mod catalogue;
mod checkout_steps;
mod claims;
mod command;
mod command_error;
mod conditions;
mod customers;
mod decider;
mod drift;
mod drift_figures;
mod ended;
mod event_codec;
mod event_filter;
mod feed;
mod held_basket;
mod history;
mod history_query;
mod history_turns;
mod hold_limits;
mod hold_tallies;
mod inbound;
mod level_history;
mod line_steps;
mod live_feed;
mod look_back;
mod look_up;
mod many_levels;
mod names;
mod order_confirmations;
mod order_reservation;
mod parked_names;
mod past;
mod plan;
mod pos_steps;
mod queries;
mod read_error;
mod read_models;
mod recent_writes;
mod reconciler;
mod replenishment;
mod request;
mod reservation_list;
mod running_balance;
mod snapshot_codec;
mod sourcing;
mod split_steps;
mod stock_commands;
mod stock_level;
mod stocktake_steps;
mod store_steps;
mod supplier_offers;
mod sweeper;
mod transfer_steps;

pub use answer::{Performed, ReservationAnswer, ReservationAnswerLine, StockAnswer};
pub use arrival_wait::ArrivalWait;
pub use availability::{Availability, AvailabilityQuestion};
pub use basket_availability::{BasketAvailability, BasketOffer, BasketQuestion};
pub use catalogue::{Catalogue, LevelRef, ProductRef, StoreRef, UnknownName};
pub(crate) use checkout_steps::CHECKOUT_TOO_LATE;
pub use checkout_steps::checkout_reservation;
pub use command_error::CommandError;
pub use conditions::{NotReservable, Unmet};
pub use customers::{CustomerKeys, Customers, KeyRecord, KnownCustomer};
pub(crate) use decider::route;
pub use decider::{InventoryDecider, LineRefusal};
pub use drift::{Drift, DriftField, LevelCopy};
pub use drift_figures::{DriftFigure, DriftFigures};
pub use event_codec::{decode_event, encode_event};
pub(crate) use event_codec::{event_data, personal};
pub use event_filter::EventFilter;
pub use feed::{EventPage, EventStream, Streamed};
pub use history::{Movement, MovementCause};
pub use history_query::{HistoryOrder, HistoryPlace, HistoryQuestion};
pub(crate) use hold_limits::{
    HeldLine, HoldGate, HoldLedger, Holder, REQUESTERS_KEPT, SharedLedger, is_counted,
};
pub use hold_limits::{HoldLimit, HoldLimitReached, HoldLimits, HolderKind, Limited};
pub use hold_tallies::{HoldTallies, HoldTally};
pub use inbound::{Inbound, InboundByLevel, InboundStock};
pub use look_up::{CatalogueLookUp, FoundEntries, FoundEntry, LookUpFailed, WantedEntries};
pub use many_levels::{ChangedPage, ManyLevels};
pub use names::Named;
pub use order_confirmations::{ConfirmationAnswer, OrderConfirmations, PreparedConfirmation};
pub use order_reservation::OrderError;
pub use parked_names::{CatalogueFeedEnded, DrainedNames, ParkedNames};
pub use queries::{Freshness, Queries};
pub use read_error::ReadError;
pub use read_models::{
    ChangedLevels, HoldCount, LevelFilter, LevelSort, LowStock, OverdueLevel, ProductTotals,
    ReadModelRebuild, RebuildError, RebuildPhase, Rebuilt, StockReadModel, StoreStock,
    ToldOfRebuild,
};
pub(crate) use reconciler::has_view_drift;
pub use reconciler::{LevelCopies, Reconciled, Reconciler};
pub use replenishment::{
    ProposedOrder, Replenishment, ReplenishmentLine, ReplenishmentPlanner, ReplenishmentQuestion,
};
pub use request::{ReservationTerms, SaleHalf, StockRequest};
pub use reservation_list::{
    FoundReservations, RESERVATIONS_EXAMINED_MAX, ReservationFilter, ReservationPlace,
    WantedReservations,
};
pub use running_balance::OnRecord;
pub use sourcing::SourcingQuestion;
pub(crate) use split_steps::Found;
pub use split_steps::part_reservation;
pub use stock_commands::StockCommands;
pub use stock_level::StockLevel;
pub use supplier_offers::{FoundOffer, SupplierOffers};
pub use sweeper::Sweeper;
