//! How far a view is, as its follower announces it: by `LISTEN`, with polling behind it.

use std::time::Duration;

use kit_core::Position;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_postgres::Error;

use super::SharedView;
use crate::database::Database;
use crate::errors::told;
use crate::session::Session;

/// Time without an announcement after which the view is asked where it is.
const POLL_INTERVAL: Duration = Duration::from_millis(500);

/// Pause before a lost connection is opened again.
const RECONNECT_PAUSE: Duration = Duration::from_millis(500);

/// Keeps a position at that of a view, whoever writes it. Runs until it is dropped.
pub async fn announced(database: Database, view: SharedView, position: watch::Sender<Position>) {
    loop {
        let reason = match listen(&database, &view, &position).await {
            Ok(()) => "the connection ended".to_owned(),
            Err(error) => told(&error),
        };
        tracing::warn!(view = view.name, reason, "view_not_followed");
        tokio::time::sleep(RECONNECT_PAUSE).await;
    }
}

/// Listens until the connection ends.
async fn listen(
    database: &Database,
    view: &SharedView,
    position: &watch::Sender<Position>,
) -> Result<(), Error> {
    let mut session = Session::open(database).await?;
    session.client.batch_execute(&format!("LISTEN {}", database.schema())).await?;
    loop {
        if let Some(state) = view.find(&session.client).await? {
            saw(position, state.mark.position);
        }
        while let Ok(announced) = timeout(POLL_INTERVAL, session.announcements.recv()).await {
            let Some(announced) = announced else { return Ok(()) };
            let of_view = announced.split_once(' ').filter(|(name, _)| *name == view.name);
            if let Some(Ok(at)) = of_view.map(|(_, position)| position.parse()) {
                saw(position, Position::new(at));
            }
        }
    }
}

fn saw(position: &watch::Sender<Position>, at: Position) {
    position.send_if_modified(|position| {
        let is_further = at > *position;
        *position = at.max(*position);
        is_further
    });
}
