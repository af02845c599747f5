//! What the tasks of a store and its readers share.

use std::sync::Arc;

use kit_event_store::shared_log::LogState;

use crate::lost::LostSessions;

/// The state of an open store.
pub(crate) struct Shared {
    pub(crate) log: Arc<LogState>,
    pub(crate) lost: LostSessions,
}
