//! What a transfer can be asked to do.

use kit_core::Timestamp;

use crate::{PositiveQuantity, ProductId, Reason, Reference, StockQuantity, StoreId, TimeToLive};

/// A request to one transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransferCommand {
    /// See [`RequestTransfer`].
    RequestTransfer(RequestTransfer),
    /// See [`SendTransfer`].
    SendTransfer(SendTransfer),
    /// See [`CancelTransfer`].
    CancelTransfer(CancelTransfer),
    /// See [`ReceiveArrivals`].
    ReceiveArrivals(ReceiveArrivals),
    /// See [`ReturnTransfer`].
    ReturnTransfer(ReturnTransfer),
    /// See [`ExpireTransfer`].
    ExpireTransfer(ExpireTransfer),
    /// See [`RecordStep`].
    RecordStep(RecordStep),
}

/// The goods leave the source: all that is held for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SendTransfer {
    /// When they left; `None` is now.
    pub occurred_at: Option<Timestamp>,
}

/// Give it up before anything has left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CancelTransfer {
    /// The reason, as free text.
    pub reason: Option<Reason>,
}

/// What is still in transit goes back to the source and has arrived there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnTransfer {
    /// The reason, as free text.
    pub reason: Option<Reason>,
    /// When it was back; `None` is now.
    pub occurred_at: Option<Timestamp>,
}

/// The time of its hold is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpireTransfer;

/// A step was performed, or was not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordStep {
    /// Which one.
    pub step: u32,
    /// What came of it.
    pub outcome: StepOutcome,
}

/// Send units of one store to another, and hold them at the source until they leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestTransfer {
    /// Where they are.
    pub source: StoreId,
    /// Where they go.
    pub destination: StoreId,
    /// 1 to 500 products, each once.
    pub lines: Vec<(ProductId, PositiveQuantity)>,
    /// How long they are held; then it is cancelled, unless they have left.
    pub hold: TimeToLive,
    /// What those who ask call it; no other transfer has it, unless that one was refused.
    pub reference: Option<Reference>,
    /// The reason, as free text.
    pub reason: Option<Reason>,
}

/// Units of a transfer have arrived at its destination, or are known not to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiveArrivals {
    /// At least one product, each once.
    pub lines: Vec<Arrival>,
    /// Why something differs, as free text.
    pub reason: Option<Reason>,
    /// When they arrived; `None` is now.
    pub occurred_at: Option<Timestamp>,
}

/// What was found of one product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The product.
    pub product: ProductId,
    /// Units that were sent and go on the shelf.
    pub accepted: StockQuantity,
    /// Units beyond those that were sent; they go on the shelf too.
    pub over: StockQuantity,
    /// Units that were sent and came to harm: they are nobody's stock any more.
    pub damaged: StockQuantity,
    /// Units that were sent and will not come.
    pub short: StockQuantity,
}

impl Arrival {
    /// Units that go on the shelf; `None` when that is more than a stock level can have.
    #[must_use]
    pub fn on_shelf(&self) -> Option<StockQuantity> {
        let units = i64::from(self.accepted.get()) + i64::from(self.over.get());
        StockQuantity::new(units).ok()
    }

    /// Units that are no longer in transit.
    #[must_use]
    pub fn accounted(&self) -> u64 {
        [self.accepted, self.damaged, self.short].iter().map(|units| u64::from(units.get())).sum()
    }
}

/// What came of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepOutcome {
    /// It is done, now or by an earlier try.
    Done,
    /// The store will not do it.
    Refused(String),
    /// It was tried in vain and goes on being tried: people should look.
    Delayed {
        /// How often.
        attempts: u32,
        /// What the last try failed of.
        detail: String,
    },
}
