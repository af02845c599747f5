//! How what one process at a time is to do is run: by lease where several processes may share a log.

#![cfg_attr(
    not(any(feature = "mysql", feature = "postgres")),
    expect(
        clippy::unnecessary_wraps,
        reason = "only the address of a database server can be wrong"
    )
)]

use kit_lease::Singletons;

use super::event_store::{DataArgs, EventStoreUrl};

impl DataArgs {
    /// How the singletons of a context are run: their leases are kept where its log is.
    pub(crate) fn singletons(&self, context: &str) -> anyhow::Result<Singletons> {
        match (&self.event_store, context) {
            // only one process can open these
            (EventStoreUrl::Sqlite(_) | EventStoreUrl::Jsonl(_) | EventStoreUrl::Memory, _) => {
                Ok(Singletons::alone())
            }
            #[cfg(feature = "postgres")]
            (EventStoreUrl::Postgres(url), context) => url.singletons(context),
            #[cfg(feature = "mysql")]
            (EventStoreUrl::Mysql(url), context) => url.singletons(context),
        }
    }
}
