//! Tells webhooks and subscriptions of what happens to alerts: the deliveries and the place in the events are one transaction.

use std::sync::Arc;
use std::time::Duration;

use gondola_contracts::topics;
use gondola_notification_domain::StoreId;
use kit_core::{Clock, IdSource, Position};
use kit_event_store::LogMark;
use kit_event_store::projection::ProjectionError;
use kit_process::critical_task;
use kit_service::ReadError;
use kit_sqlite::columns::{limit, number, position, uuid};
use rusqlite::{Connection, Row, params};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::SqliteAlerts;
use crate::adapters::sqlite::{SqliteWebhooks, Taken, unreadable};
use crate::use_cases::{News, Senders};

/// Name of the events in the state of webhooks, the same for ever.
const LOG: &str = "alertWebhooks";

/// Most events told in one transaction.
const EVENTS_MAX: usize = 500;

/// Pause after a failure.
const RETRY_PAUSE: Duration = Duration::from_secs(1);

/// Tells webhooks and subscriptions until it is told to stop.
pub(crate) struct AlertNews {
    pub(crate) alerts: Arc<SqliteAlerts>,
    pub(crate) webhooks: Arc<SqliteWebhooks>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn IdSource>,
    /// Woken when something has become due.
    pub(crate) senders: Senders,
}

impl AlertNews {
    /// Takes up the events where webhooks were told of them last.
    pub(crate) async fn begin(&self) -> Result<(), ProjectionError> {
        let end = self.alerts.writer.run(|state| {
            let incarnation = state.incarnation;
            let position = end(&state.file).map_err(|error| super::unwritable(&error))?;
            Ok(LogMark { incarnation, position })
        });
        // nothing of it can be parked: it has no streams
        self.webhooks.begin_log(LOG, end.await?).await.map(drop)
    }

    /// Tells until `stop`. What fails is tried again. A panic ends the process.
    pub(crate) async fn run(self, stop: CancellationToken) {
        critical_task("alert-news", self.tell_until(stop)).await;
    }

    async fn tell_until(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let told = self.tell().await;
            let pause = async {
                match told {
                    Ok(true) => {}
                    Ok(false) => self.alerts.news.notified().await,
                    Err(error) => {
                        tracing::error!(%error, "webhooks_cannot_be_told_of_alerts");
                        tokio::time::sleep(RETRY_PAUSE).await;
                    }
                }
            };
            stop.run_until_cancelled(pause).await;
        }
    }

    /// Tells some of what there is; says whether there was any.
    async fn tell(&self) -> Result<bool, ProjectionError> {
        let read_failed = |error: ReadError| ProjectionError::View(error.to_string());
        let reads = &self.alerts.reads;
        // first the end, then whether anybody wants it: what comes later is read
        let end = Arc::clone(reads).read(end).await.map_err(|why| read_failed(why.into()))?;
        let at = self.webhooks.checkpoint(LOG, topics::ALERTS, end).await?;
        let some = move |file: &Connection| events(file, at);
        let some = Arc::clone(reads).read(some).await.map_err(|why| read_failed(why.into()))?;
        let Some(last) = some.last().map(|(position, _)| *position) else { return Ok(false) };
        let news = some.into_iter().map(|(_, news)| news).collect();
        let taken = Taken { log: LOG, last, news, parked: Vec::new(), now: self.clock.now() };
        if self.webhooks.take(taken, Arc::clone(&self.ids)).await? {
            self.senders.wake();
        }
        Ok(true)
    }
}

fn end(file: &Connection) -> rusqlite::Result<Position> {
    file.query_row("SELECT position FROM journal", [], |row| position(row, 0))
}

fn events(file: &Connection, after: Position) -> rusqlite::Result<Vec<(Position, News)>> {
    let mut stored = file.prepare_cached(
        "SELECT position, event_id, alert_id, store_id, event_type, payload FROM alert_events \
         WHERE position > ?1 ORDER BY position LIMIT ?2",
    )?;
    let read = |row: &Row<'_>| {
        let store = match row.get::<_, Option<String>>(3)? {
            Some(text) => {
                let id: Uuid = text.parse().map_err(|_| unreadable(3, text))?;
                Some(StoreId::from_uuid(id))
            }
            None => None,
        };
        let news = News {
            event_id: uuid(row, 1)?,
            subject: uuid(row, 2)?.to_string().into(),
            store,
            event_type: row.get::<_, String>(4)?.into(),
            payload: row.get::<_, String>(5)?.into(),
        };
        Ok((position(row, 0)?, news))
    };
    stored.query_map(params![number(after.get()), limit(EVENTS_MAX)], read)?.collect()
}
