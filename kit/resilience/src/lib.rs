//! What keeps the failures of others from spreading: a breaker, and a retry budget.
//!
//! ```
//! use std::time::Duration;
//! use kit_resilience::{Breaker, BreakerConfig, Opens};
//!
//! let breaker = Breaker::new(BreakerConfig {
//!     opens: Opens::InARow(2),
//!     pause_min: Duration::from_millis(500),
//!     pause_max: Duration::from_secs(5),
//! });
//! for _ in 0..2 {
//!     breaker.call().expect("it is closed").failed();
//! }
//! assert!(breaker.call().is_none(), "now nobody is asked for half a second");
//! ```

mod breaker;
mod retry_budget;

pub use breaker::{Breaker, BreakerConfig, Call, Mode, Opens};
pub use retry_budget::RetryBudget;
