//! Rate limits by GCRA: within a process, and shared by several while what they share answers.
//!
//! * [`Quota`]: how much in a second, and at once. [`Key`]: who it is for. [`Standing`]: what is left of it.
//! * [`LocalLimit`]: within this process, bounded in memory.
//! * [`SharedLimits`]: the port of what processes share.
//! * [`Limiter`]: both; what the limits of a process are made of.

mod kept;
mod key;
mod limiter;
mod local;
mod quota;
mod shared;
mod standing;

pub use key::Key;
pub use limiter::{Limiter, Sharing};
pub use local::{KEYS_MAX, LocalLimit};
pub use quota::{InvalidQuota, Quota};
pub use shared::{SharedLimits, SharedLimitsError};
pub use standing::Standing;
