//! Stock levels and reservations: the rules of reserving stock, without input or output.
//!
//! [`Inventory`] is one stock level: one product in one store. [`decide()`] answers a [`Command`] with the [`Event`]s
//! that it causes or with a [`Refusal`]; [`evolve`] folds an event into the state. Both are pure: the present time and
//! new ids are arguments. What always holds, after every single event:
//!
//! - 0 <= reserved <= on hand, so available is never negative;
//! - on hand and shortfall are the fold of the physical facts in the order of their business times;
//! - a hold belongs to the half-open interval `[created_at, expires_at)`: from its deadline on it cannot be
//!   committed, and its units are free at that same instant, whether or not the sweeper has run;
//! - a hold ends exactly once: committed, released, expired, revoked or sent to another store.
//!
//! ```
//! use gondola_inventory_domain::{
//!     AddStock, Command, Inventory, PositiveQuantity, Refusal, ReservationId, ReserveStock, TimeToLive, decide, evolve,
//! };
//! use kit_core::Timestamp;
//!
//! let now = Timestamp::from_millis(0);
//! let add = Command::AddStock(AddStock {
//!     quantity: PositiveQuantity::new(3)?,
//!     reason: None,
//!     reference: None,
//!     occurred_at: None,
//! });
//! let events = decide(&Inventory::default(), &add, now)?;
//! let inventory = events.iter().fold(Inventory::default(), evolve);
//! assert_eq!(inventory.available_at(now).get(), 3);
//!
//! let reserve = Command::ReserveStock(ReserveStock {
//!     reservation_id: ReservationId::from_uuid(uuid::Uuid::from_u128(1)),
//!     quantity: PositiveQuantity::new(4)?,
//!     ttl: TimeToLive::default(),
//!     reason: None,
//!     order: None,
//!     customer: None,
//!     sold_at: None,
//! });
//! assert!(matches!(decide(&inventory, &reserve, now), Err(Refusal::InsufficientStock { .. })));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod balance;
mod basket;
mod change;
mod checkout;
mod command;
mod customer;
mod decide;
mod end_cause;
mod event;
mod holds;
mod ids;
mod inventory;
mod look_back;
mod physical;
mod pos_batch;
mod posting;
mod quantity;
mod refusal;
mod replenishment;
mod reservation;
mod snapshot;
mod sourcing;
mod split_reservation;
mod stocktake;
#[cfg(test)]
mod testing;
mod text;
mod transaction;
mod transfer;
mod ttl;

pub use balance::{Balance, Told};
pub use basket::{BASKET_LINES_MAX, InvalidBasket, sum_demand};
pub use change::{InvalidChange, Part, ReservationChange};
pub use checkout::{
    BeginCheckout, CHECKOUT_DEFINITION, CHECKOUT_GRACE, CancelCheckout, Checkout, CheckoutCommand,
    CheckoutEvent, CheckoutRefusal, CheckoutStatus, CheckoutStep, CheckoutTerms, CommitCheckout,
    Confirmation, ExpireCheckout, Participant, ParticipantStatus, decide_checkout, evolve_checkout,
};
pub use command::{
    AddStock, AdjustStock, Command, CommitReservation, CountStock, DispatchTransfer,
    ExpireReservations, ExtendReservation, OnShortage, ReceiveTransfer, ReleaseReservation,
    ReserveStock, SetStockPolicy,
};
pub use customer::{Customer, CustomerKey};
pub use decide::{FUTURE_TOLERANCE, decide, decide_with};
pub use end_cause::EndCause;
pub use event::{Event, ReleaseCause};
pub use holds::Hold;
pub use ids::{
    CheckoutId, PosBatchId, ProductId, ReservationId, SplitReservationId, StocktakeId, StoreId,
    TransferId, checkout_stream_id, is_process_stream, parse_checkout_stream_id,
    parse_pos_batch_stream_id, parse_split_stream_id, parse_stocktake_stream_id, parse_stream_id,
    parse_transfer_stream_id, pos_batch_stream_id, split_stream_id, stocktake_stream_id, stream_id,
    transfer_stream_id,
};
pub use inventory::{HOLDS_MAX, Inventory, StockPolicy, evolve};
pub use look_back::{LookBack, LookBacks};
pub use physical::{PhysicalStock, RecentFact};
pub use pos_batch::{
    LineOutcome, MergeLines, POS_AGE_MAX, POS_DIFFERENCES_MAX, POS_LINES_MAX, POS_SEQUENCE_MAX,
    PosBatch, PosBatchCommand, PosBatchEvent, PosBatchRefusal, PosBatchTerms, PosDifference,
    PosLine, PosTimeFault, ReceivePosBatch, RecordMerge, RefusedLine, ShortLine, decide_pos_batch,
    evolve_pos_batch, pos_batch_id,
};
pub use posting::Posting;
pub use quantity::{OutOfRange, PositiveQuantity, StockDelta, StockQuantity};
pub use refusal::Refusal;
pub use replenishment::{Donor, OrderTerms, StockPosition, choose_donors, choose_supplier};
pub use reservation::{LineStatus, Reservation, ReservationLine};
pub use snapshot::{InvalidParts, InventoryParts, PhysicalParts};
pub use sourcing::{PARCELS_MAX, Parcel, Source, Sourcing, SourcingStrategy, source_basket};
pub use split_reservation::{
    CommitSplitReservation, ExpireSplitReservation, PART_GRACE, PARTS_MAX, PLANS_MAX, PartStatus,
    PlannedPart, RecordPlan, ReleaseSplitReservation, RequestSplitReservation, SPLIT_DEFINITION,
    SPLIT_SECONDS_MAX, SplitBasket, SplitPart, SplitRefusal, SplitReservation,
    SplitReservationCommand, SplitReservationEvent, SplitStatus, SplitStep, SplitTerms, Wanted,
    decide_split, evolve_split,
};
pub use stocktake::{
    ApproveLines, COUNTS_MAX, CancelStocktake, Comparison, CountedLevel, PostCounts, PostedCount,
    RecordCounts, RecordPosting, RecountCause, RecountLines, RejectLines, STOCKTAKE_COUNTS_MAX,
    STOCKTAKE_PRODUCTS_MAX, ShelfCount, Stocktake, StocktakeCommand, StocktakeEvent, StocktakeLine,
    StocktakeLineStatus, StocktakeRefusal, StocktakeStatus, StocktakeTerms, UnitCost,
    VarianceLimit, Verdict, decide_stocktake, evolve_stocktake,
};
pub use text::{
    CustomerRef, InvalidText, OrderRef, PosLineId, Reason, Reference, TillId, TransactionRef, Zone,
};
pub use transaction::{DecidedLines, LineCommand, decide_all};
pub use transfer::{
    Arrival, CancelCause, CancelTransfer, Cancellation, Delayed, ExpireTransfer, NextStep,
    RECEIPTS_MAX, ReceiveArrivals, RecordStep, RequestTransfer, ReturnTransfer, SendTransfer,
    StepOutcome, TRANSFER_DEFINITION, Terms, Transfer, TransferCommand, TransferEvent,
    TransferLine, TransferRefusal, TransferStatus, TransferStep, decide_transfer, evolve_transfer,
};
pub use ttl::TimeToLive;
