//! Alerts: what rules look at, what callers want of alerts and rules, and the ports through which it is kept.

mod commands;
mod entry;
mod errors;
mod hold_window;
mod measuring;
mod metrics;
mod observe;
mod ports;
mod sweeper;

pub use commands::{Alerts, AlertsDeps};
pub use entry::{AlertEntry, AlertQuery, AlertTally, AlertWanted, Handled, RuleEntry, RuleWanted};
pub use errors::AlertError;
pub use hold_window::StoreHolds;
pub(crate) use measuring::{Measuring, MeasuringDeps};
pub use metrics::AlertMetrics;
pub use observe::{AlertSource, Observe, Observed, StockObservations};
pub use ports::{
    AlertReadModel, AlertRepository, DriftSeen, MeasuredNow, Measurements, Observations,
};
pub use sweeper::{Sweeper, SweeperDeps};

/// Most rules that there may be.
pub const ALERT_RULES_MAX: usize = 100;
