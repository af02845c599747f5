//! How far a view is, as its follower announces it: by `LISTEN`, with polling behind it.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;
use tokio_postgres::Error;

use super::{SharedView, ViewPlace};
use crate::database::Database;
use crate::errors::told;
use crate::session::Session;

/// Time without an announcement after which the view is asked where it is.
const POLL_INTERVAL: Duration = Duration::from_millis(500);

/// Pause before a lost connection is opened again.
const RECONNECT_PAUSE: Duration = Duration::from_millis(500);

/// Keeps a place at that of a view, which any process may write. Runs until it is dropped.
pub async fn announced(database: Database, view: SharedView, place: watch::Sender<ViewPlace>) {
    loop {
        let reason = match listen(&database, &view, &place).await {
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
    place: &watch::Sender<ViewPlace>,
) -> Result<(), Error> {
    let mut session = Session::open(database).await?;
    session.client.batch_execute(&format!("LISTEN {}", database.schema())).await?;
    loop {
        // an announcement may be lost, and what was written before there was a listener had none
        if let Some(state) = view.find(&session.client).await? {
            saw(place, state.place());
        }
        while let Ok(announced) = timeout(POLL_INTERVAL, session.announcements.recv()).await {
            let Some(announced) = announced else { return Ok(()) };
            let of_view = announced.split_once(' ').filter(|(name, _)| *name == view.name);
            if let Some(Ok(at)) = of_view.map(|(_, at)| at.parse()) {
                saw(place, at);
            }
        }
    }
}

fn saw(place: &watch::Sender<ViewPlace>, at: ViewPlace) {
    place.send_if_modified(|place| {
        let is_further = at > *place;
        *place = at.max(*place);
        is_further
    });
}
