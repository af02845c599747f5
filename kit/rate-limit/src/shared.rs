//! The port of limits that several processes share.

use std::num::NonZeroU32;

use async_trait::async_trait;

use crate::key::Key;
use crate::quota::Quota;
use crate::standing::Standing;

/// What is shared did not answer; its user goes on by its own limit.
#[derive(Clone, Debug, thiserror::Error)]
#[error("shared rate limits cannot be used now: {0}")]
pub struct SharedLimitsError(pub String);

/// Limits that several processes share.
#[async_trait]
pub trait SharedLimits: Send + Sync {
    /// Takes units of a key's quota in a limit, all of them or none, in one step with the decision.
    ///
    /// `cost` is at most the burst. An adapter goes by the clock of what it keeps the limits in, so that all processes go by one;
    /// when that goes back, a key MUST NOT wait longer than for its whole burst.
    async fn take(
        &self,
        limit: &str,
        key: &Key,
        quota: Quota,
        cost: NonZeroU32,
    ) -> Result<Standing, SharedLimitsError>;
}
