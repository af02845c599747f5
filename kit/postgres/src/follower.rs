//! Follows the end of the log that other processes write: by `LISTEN`, with polling behind it.

use std::sync::Arc;
use std::time::Duration;

use kit_core::Position;
use tokio::time::timeout;
use tokio_postgres::Error;

use crate::database::Database;
use crate::errors::told;
use crate::session::Session;
use crate::shared::Shared;

/// Time without an announcement after which the log is asked for its end.
const POLL_INTERVAL: Duration = Duration::from_millis(500);

/// Pause before a lost connection is opened again.
const RECONNECT_PAUSE: Duration = Duration::from_millis(500);

/// Runs until it is aborted.
pub(crate) async fn follow(database: Database, shared: Arc<Shared>) {
    loop {
        let reason = match listen(&database, &shared).await {
            Ok(()) => "the connection ended".to_owned(),
            Err(error) => told(&error),
        };
        tracing::warn!(reason, "log_end_not_followed");
        shared.log.note_reachable(Some(&reason));
        tokio::time::sleep(RECONNECT_PAUSE).await;
    }
}

/// Follows until the connection ends.
async fn listen(database: &Database, shared: &Shared) -> Result<(), Error> {
    let mut session = Session::open(database).await?;
    let channel: String =
        session.client.query_one("SELECT log_channel()", &[]).await?.try_get(0)?;
    session.client.batch_execute(&format!("LISTEN {channel}")).await?;
    loop {
        // an announcement may be lost, and what was written before there was a listener had none
        let sql = "SELECT coalesce(max(position), 0) FROM events";
        let end: i64 = session.client.query_one(sql, &[]).await?.try_get(0)?;
        shared.log.saw(Position::new(u64::try_from(end).unwrap_or_default()));
        shared.log.note_reachable(None);
        while let Ok(announced) = timeout(POLL_INTERVAL, session.announcements.recv()).await {
            let Some(announced) = announced else { return Ok(()) };
            if let Ok(end) = announced.parse() {
                shared.log.saw(Position::new(end));
            }
        }
    }
}
