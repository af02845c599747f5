//! What rules look at, and what an alert is about.

use uuid::Uuid;

use crate::{ProductId, StoreId};

/// Something that was seen, as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Observation {
    /// A stock level after an event.
    Stock {
        /// In which store.
        store: StoreId,
        /// Of which product.
        product: ProductId,
        /// Units that may be reserved.
        available: u64,
        /// The reorder point of the level; 0 where none was set, `None` from publishers that do not tell it.
        reorder_point: Option<u64>,
        /// Units sold or moved though they were not there; `None` from publishers that do not tell it.
        shortfall: Option<u64>,
        /// By how much the event corrected the units on hand, if it is a correction.
        adjusted: Option<i64>,
        /// The event.
        event: Uuid,
    },
    /// What share of the holds that a store was asked for was refused lately.
    Refusals {
        /// The store.
        store: StoreId,
        /// That share, 0 to 100.
        percent: u64,
    },
    /// A transfer has left; what is overdue is a matter of time.
    InTransit {
        /// The transfer.
        transfer: Uuid,
        /// Where it goes.
        destination: StoreId,
    },
    /// How long a transfer has been in transit.
    Transit {
        /// The transfer.
        transfer: Uuid,
        /// Where it goes.
        destination: StoreId,
        /// Whole hours; 0 once it is in transit no more.
        hours: u64,
    },
    /// How a saga gets on.
    Saga {
        /// Which.
        saga: Uuid,
        /// The store whose step it is, if it is one's.
        store: Option<StoreId>,
        /// How often that step has failed; 0 when the saga has got on.
        attempts: u64,
        /// What it fails of, as a text for people.
        failure: Option<String>,
    },
    /// How far a view differs from the log.
    Drift {
        /// The view.
        view: Box<str>,
        /// Rows that differ.
        rows: u64,
    },
}

/// What an alert is about. There is at most one unresolved alert for each rule and subject.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A stock level.
    Level(StoreId, ProductId),
    /// One correction of a stock level, by its event.
    Adjustment(StoreId, ProductId, Uuid),
    /// A store.
    Store(StoreId),
    /// A saga, such as a transfer, with the store that it is at.
    Saga(Uuid, Option<StoreId>),
    /// A view.
    View(Box<str>),
}

impl Subject {
    /// Tells it from all other subjects.
    #[must_use]
    pub fn key(&self) -> Vec<u8> {
        let of_ids = |tag: u8, ids: &[Uuid]| {
            let bytes = ids.iter().flat_map(|id| id.into_bytes());
            [tag].into_iter().chain(bytes).collect()
        };
        match self {
            Self::Level(store, product) => of_ids(b'L', &[store.as_uuid(), product.as_uuid()]),
            Self::Adjustment(store, product, event) => {
                of_ids(b'A', &[store.as_uuid(), product.as_uuid(), *event])
            }
            Self::Store(store) => of_ids(b'S', &[store.as_uuid()]),
            // the store changes from step to step
            Self::Saga(saga, _) => of_ids(b'P', &[*saga]),
            Self::View(name) => [b'V'].into_iter().chain(name.bytes()).collect(),
        }
    }

    /// The store that it is of, if it is of one.
    #[must_use]
    pub const fn store(&self) -> Option<StoreId> {
        match self {
            Self::Level(store, _) | Self::Adjustment(store, ..) | Self::Store(store) => {
                Some(*store)
            }
            Self::Saga(_, store) => *store,
            Self::View(_) => None,
        }
    }

    /// The product that it is of, if it is of one.
    #[must_use]
    pub const fn product(&self) -> Option<ProductId> {
        match self {
            Self::Level(_, product) | Self::Adjustment(_, product, _) => Some(*product),
            _ => None,
        }
    }
}
