//! Every process watches how far the shared view is, which any of them may write: for its readers, and for its copies of levels.

use std::sync::Arc;
use std::time::Duration;

use kit_event_store::parking::Parking;
use kit_event_store::projection::{ProjectionError, Tracker, ViewReadError};
use kit_postgres::views::{self, ViewPlace};
use tokio::sync::watch;
use tokio::time::Instant;

use super::columns::number;
use super::news::{NEWS, News};
use super::source::{Replica, Source};
use super::tables::VIEW;
use crate::adapters::observer::LevelObserver;

/// How long a replica that is behind is waited for; then the primary shows what it lacks. So a reader that waits for a
/// position waits no longer than that for a replica.
const REPLICA_LAG_MAX: Duration = Duration::from_millis(500);

/// Pause between two looks at a replica that is behind.
const REPLICA_PAUSE: Duration = Duration::from_millis(10);

/// Pause after a look that failed.
const FAILED_PAUSE: Duration = Duration::from_millis(500);

/// What a process shows of the view.
pub(super) struct Watcher {
    pub(super) source: Arc<Source>,
    pub(super) tracker: Tracker,
    pub(super) parking: Parking,
    pub(super) observer: Arc<dyn LevelObserver>,
    /// The generation that the observer knows.
    pub(super) generation: i64,
}

impl Watcher {
    /// Shows what the follower announces; runs until it is dropped.
    pub(super) async fn run(mut self, mut announced: watch::Receiver<ViewPlace>) {
        while announced.changed().await.is_ok() {
            let wanted = *announced.borrow_and_update();
            self.show(wanted).await;
        }
    }

    /// Looks until this process shows a place.
    async fn show(&mut self, wanted: ViewPlace) {
        let source = Arc::clone(&self.source);
        let due = Instant::now() + REPLICA_LAG_MAX;
        loop {
            let replica = source.replica.as_ref().filter(|replica| replica.may_be_asked());
            let replica = replica.filter(|_| Instant::now() < due);
            match self.inspect(replica).await {
                Ok(place) if place >= wanted || replica.is_none() => return,
                Ok(_) => tokio::time::sleep(REPLICA_PAUSE).await,
                Err(error) => {
                    tracing::warn!(%error, "views_not_watched");
                    tokio::time::sleep(FAILED_PAUSE).await;
                }
            }
        }
    }

    /// Learns how far the view is at a database and what has changed, and shows it.
    pub(super) async fn inspect(
        &mut self,
        replica: Option<&Replica>,
    ) -> Result<ViewPlace, ProjectionError> {
        let since = self.source.progress.position();
        let asked = self.source.inspect(replica, NEWS, &[&number(since.get())]).await?;
        let (rows, replica) = asked;
        let Some(news) = News::read(&rows).map_err(|error| unreadable(&error))? else {
            return Ok(ViewPlace::default());
        };
        let place = news.place;
        if let Some(replica) = replica {
            replica.saw(place.position);
        }
        if place.generation > self.generation {
            self.generation = place.generation;
            self.source.replaced_by(place.generation);
            self.observer.replaced(place.position);
        } else {
            news.tell(since, self.observer.as_ref()).map_err(|error| unreadable(&error))?;
        }
        self.show_parked(&news).await?;
        // last: a reader that sees this position sees all of the above
        self.tracker.reached(place.position);
        Ok(place)
    }

    /// Shows which streams the view passes over.
    async fn show_parked(&self, news: &News<'_>) -> Result<(), ProjectionError> {
        if news.parked == 0 && self.parking.is_empty() {
            return Ok(());
        }
        let parked = views::parked_streams(&self.source.primary, VIEW).await?;
        if parked != self.parking.streams() {
            self.parking.replace(parked);
            // levels that were passed over are read again
            self.observer.replaced(news.place.position);
        }
        Ok(())
    }
}

fn unreadable(error: &ViewReadError) -> ProjectionError {
    ProjectionError::View(error.to_string())
}
