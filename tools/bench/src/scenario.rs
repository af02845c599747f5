//! The scenarios: their stock, their requests, and the expected state afterwards.

use super::dataset::{BASKET_LINES, Dataset, Sums};
use super::load::{Kind, StopCondition, Tally, Workload};
use super::machine_baseline::Method;

/// Units of every stock level that is not to be sold out.
const PLENTY: u32 = 100_000_000;

/// Units of the stock level that is sold out.
const SOLD_OUT_UNITS: u32 = 50_000;

/// Requests for one unit each of it.
const SOLD_OUT_REQUESTS: u64 = 60_000;

/// Different bulk requests that are prepared.
const BULK_REQUESTS: usize = 64;

/// Clients that send bulk requests: each has a thousand commands under way, more would only wait.
const BULK_CLIENTS_MAX: u64 = 8;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scenario {
    /// Holds of one unit, spread over 10,000 stock levels.
    Spread,
    /// Holds of one unit, all on one stock level.
    Hot,
    /// 60,000 holds of one unit on one stock level of 50,000: exactly 50,000 must be accepted.
    SoldOut,
    /// Reservations of 5 products in one store.
    Basket,
    /// Holds of one unit, each followed by its commit; the pair counts as one operation.
    ReserveCommit,
    /// Checkouts of one unit, each with its commit: store, inventory and notification service take part.
    Checkout,
    /// Reads of one of 10,000 stock levels.
    Read,
    /// 90 % reads and 10 % holds, spread over 10,000 stock levels.
    Mixed,
    /// Receipts of stock through the NDJSON bulk route, 1,000 lines a request; a line counts as one operation.
    BulkStock,
    /// Counts that find what there is, through the NDJSON bulk route, 1,000 lines a request; a line counts as one operation.
    BulkCount,
    /// Holds through the NDJSON bulk route, 1,000 lines a request; a line counts as one operation.
    BulkReserve,
}

/// What one accepted write does to the stock.
#[derive(Clone, Copy, Debug)]
enum Effect {
    /// Reserves this many units.
    Holds(u64),
    /// Adds one unit.
    Receives,
    /// Confirms what there is.
    Confirms,
}

impl Scenario {
    /// All, in the order in which they are measured.
    pub const ALL: [Self; 11] = [
        Self::Spread,
        Self::Hot,
        Self::SoldOut,
        Self::Basket,
        Self::ReserveCommit,
        Self::Checkout,
        Self::Read,
        Self::Mixed,
        Self::BulkStock,
        Self::BulkCount,
        Self::BulkReserve,
    ];

    /// What it asks of the server, for people.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Spread => "Holds of one unit, spread over 10,000 stock levels",
            Self::Hot => "Holds of one unit, all on one stock level",
            Self::SoldOut => {
                "60,000 holds of one unit on one stock level of 50,000: exactly 50,000 must be accepted"
            }
            Self::Basket => "Reservations of 5 products in one store",
            Self::ReserveCommit => {
                "Holds of one unit, each followed by its commit; the pair counts as one operation"
            }
            Self::Checkout => {
                "Checkouts of one unit that store, inventory and notification service accept and commit; the pair counts as one operation"
            }
            Self::Read => "Reads of one of 10,000 stock levels",
            Self::Mixed => "90 % reads and 10 % holds, spread over 10,000 stock levels",
            Self::BulkStock => {
                "Receipts of stock through the NDJSON bulk route, 1,000 lines a request; a line counts as one operation"
            }
            Self::BulkCount => {
                "Counts that find what there is, through the NDJSON bulk route, 1,000 lines a request; a line counts as one operation"
            }
            Self::BulkReserve => {
                "Holds through the NDJSON bulk route, 1,000 lines a request; a line counts as one operation"
            }
        }
    }

    /// As it is named on the command line and in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Spread => "spread",
            Self::Hot => "hot",
            Self::SoldOut => "sold-out",
            Self::Basket => "basket",
            Self::ReserveCommit => "reserve-commit",
            Self::Checkout => "checkout",
            Self::Read => "read",
            Self::Mixed => "mixed",
            Self::BulkStock => "bulk-stock",
            Self::BulkCount => "bulk-count",
            Self::BulkReserve => "bulk-reserve",
        }
    }

    /// The stock it runs on.
    pub(super) fn dataset(self) -> Dataset {
        match self {
            Self::Hot => Dataset::new(1, 1, PLENTY),
            Self::SoldOut => Dataset::new(1, 1, SOLD_OUT_UNITS),
            _ => Dataset::new(100, 100, PLENTY),
        }
    }

    /// What the clients ask for.
    pub(super) fn workload(self, dataset: &Dataset) -> Workload {
        let (reads_percent, kind) = match self {
            Self::Read => (100, Kind::Request),
            Self::Mixed => (90, Kind::Request),
            Self::ReserveCommit => (0, Kind::Pair),
            Self::Checkout => (0, Kind::Checkout),
            Self::BulkStock | Self::BulkCount | Self::BulkReserve => (0, Kind::Line),
            Self::Spread | Self::Hot | Self::SoldOut | Self::Basket => (0, Kind::Request),
        };
        let writes = match self {
            Self::Basket => dataset.baskets(),
            Self::Checkout => dataset.checkouts(),
            Self::BulkStock => dataset.bulk_receipts(BULK_REQUESTS),
            Self::BulkCount => dataset.bulk_counts(BULK_REQUESTS),
            Self::BulkReserve => dataset.bulk_reserves(BULK_REQUESTS),
            _ => dataset.reserves(),
        };
        Workload { reads: dataset.reads(), writes, reads_percent, kind }
    }

    /// Whether somebody must be told of its orders.
    pub(super) const fn needs_receiver(self) -> bool {
        matches!(self, Self::Checkout)
    }

    /// How many of the wanted clients send its requests.
    pub(super) fn clients(self, wanted: u64) -> u64 {
        match self {
            Self::BulkStock | Self::BulkCount | Self::BulkReserve => wanted.min(BULK_CLIENTS_MAX),
            _ => wanted,
        }
    }

    /// The stop condition: `timed`, unless the scenario has its own or `events` are wanted of `spread`.
    pub(super) fn until(self, timed: StopCondition, events: Option<u64>) -> StopCondition {
        match (self, events) {
            (Self::SoldOut, _) => StopCondition::Requests(SOLD_OUT_REQUESTS),
            (Self::Spread, Some(events)) => StopCondition::Accepted(events),
            _ => timed,
        }
    }

    /// The empty handler that does the same without the work; none where a request is many operations.
    pub(super) const fn compared_with(self) -> Option<Method> {
        match self {
            Self::Read | Self::Mixed => Some(Method::Get),
            Self::BulkStock | Self::BulkCount | Self::BulkReserve => None,
            _ => Some(Method::Post),
        }
    }

    /// What the stock must come to after these answers.
    pub(super) fn expected(self, dataset: &Dataset, tally: &Tally) -> Sums {
        let filled = dataset.units_in_all();
        match self.effect() {
            Effect::Holds(units) => Sums {
                on_hand: filled - tally.committed * units,
                reserved: (tally.accepted - tally.committed) * units,
            },
            Effect::Confirms => Sums { on_hand: filled, reserved: 0 },
            Effect::Receives => Sums { on_hand: filled + tally.accepted, reserved: 0 },
        }
    }

    /// How many writes must have been accepted and how many refused for want of stock, where that is certain.
    pub(super) fn certain(self) -> (Option<u64>, u64) {
        match self {
            Self::SoldOut => {
                let units = u64::from(SOLD_OUT_UNITS);
                (Some(units), SOLD_OUT_REQUESTS - units)
            }
            _ => (None, 0),
        }
    }

    const fn effect(self) -> Effect {
        match self {
            Self::Basket => Effect::Holds(BASKET_LINES as u64),
            Self::BulkStock => Effect::Receives,
            Self::BulkCount => Effect::Confirms,
            _ => Effect::Holds(1),
        }
    }
}
