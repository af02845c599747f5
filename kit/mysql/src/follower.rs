//! Follows the end of the log that other processes write. MySQL announces nothing, so it is asked.

use std::sync::Arc;
use std::time::Duration;

use kit_core::Position;
use mysql_async::Error;
use mysql_async::prelude::Queryable as _;

use crate::database::{ANSWER_WAIT_MAX, Database};
use crate::errors::told;
use crate::session::{connect, within};
use crate::shared::Shared;

/// Pause between two questions, which cost the server one row of memory. What this process writes moves the head at once.
const POLL_INTERVAL: Duration = Duration::from_millis(25);

/// Pause before a lost connection is opened again.
const RECONNECT_PAUSE: Duration = Duration::from_millis(500);

/// Runs until it is aborted.
pub(crate) async fn follow(database: Database, shared: Arc<Shared>) {
    loop {
        let Err(error) = poll(&database, &shared).await;
        let reason = told(&error);
        tracing::warn!(reason, "log_end_not_followed");
        shared.log.note_reachable(Some(&reason));
        tokio::time::sleep(RECONNECT_PAUSE).await;
    }
}

/// Follows until the connection ends.
async fn poll(database: &Database, shared: &Shared) -> Result<std::convert::Infallible, Error> {
    let mut conn = connect(database.opts()).await?;
    loop {
        let asked = conn.query_first("SELECT position FROM log");
        let end: Option<u64> = within(ANSWER_WAIT_MAX, asked).await?;
        shared.log.saw(Position::new(end.unwrap_or_default()));
        shared.log.note_reachable(None);
        tokio::time::sleep(POLL_INTERVAL).await;
    }
}
