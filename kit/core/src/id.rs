//! Sources of new identifiers.

use uuid::{NoContext, Uuid};

use crate::Timestamp;

/// A source of new, time-ordered identifiers; tests and simulations pass a seeded one.
pub trait IdSource: Send + Sync {
    /// A new `UUIDv7` whose time part is `now`.
    fn next_id(&self, now: Timestamp) -> Uuid;
}

/// Identifiers from the operating system's randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct RandomIds;

impl IdSource for RandomIds {
    fn next_id(&self, now: Timestamp) -> Uuid {
        let millis = u64::try_from(now.as_millis()).unwrap_or(0);
        let nanos = u32::try_from(millis % 1_000 * 1_000_000).unwrap_or(0);
        Uuid::new_v7(uuid::Timestamp::from_unix(NoContext, millis / 1_000, nanos))
    }
}
