//! The health check of a log.

use std::future;
use std::sync::Arc;

use kit_event_store::EventLog;
use kit_http::Check;

/// A health check that fails while the log cannot be written, or not be brought into its file, with the reason.
pub fn log_check(name: &'static str, log: Arc<dyn EventLog>) -> Check {
    Check::new(name, move || future::ready(log.health()))
}
