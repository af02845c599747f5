//! Webhooks and deliveries as they are shown.

use std::sync::Arc;

use async_trait::async_trait;
use gondola_notification_domain::{DeliveryId, WebhookId};
use kit_core::Timestamp;
use kit_service::{ReadError, Slice};
use kit_sqlite::columns::{limit, timestamp, unsigned, version};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::SqliteWebhooks;
use super::rows::{DELIVERY, WEBHOOK, delivery, webhook};
use crate::use_cases::{
    Attempt, DayFigures, Delivery, DeliveryDetail, DeliveryQuery, DeliveryState, HistoryEntry,
    WebhookEntry, WebhookReadModel,
};

/// Attempts of a delivery that are shown.
const ATTEMPTS_SHOWN: usize = 100;

#[async_trait]
impl WebhookReadModel for SqliteWebhooks {
    async fn webhooks(
        &self,
        after: Option<WebhookId>,
        most: usize,
    ) -> Result<Slice<WebhookEntry, WebhookId>, ReadError> {
        let after = after.map_or([0; 16], |after| after.as_uuid().into_bytes());
        let read = move |file: &Connection| {
            let mut stored =
                file.prepare_cached(&format!("{WEBHOOK} WHERE id > ?1 ORDER BY id LIMIT ?2"))?;
            stored.query_map(params![after, limit(most + 1)], webhook)?.collect()
        };
        let rows = Arc::clone(&self.reads).read(read).await?;
        Ok(Slice::cut(rows, most, |last: &WebhookEntry| last.webhook.id))
    }

    async fn webhook(&self, id: WebhookId) -> Result<Option<WebhookEntry>, ReadError> {
        let key = id.as_uuid().into_bytes();
        let read = move |file: &Connection| {
            let mut stored = file.prepare_cached(&format!("{WEBHOOK} WHERE id = ?1"))?;
            stored.query_row([key], webhook).optional()
        };
        Ok(Arc::clone(&self.reads).read(read).await?)
    }

    async fn history(&self, id: WebhookId, most: usize) -> Result<Vec<HistoryEntry>, ReadError> {
        let key = id.as_uuid().into_bytes();
        let read = move |file: &Connection| {
            let mut stored = file.prepare_cached(
                "SELECT version, event_type, data, recorded_at, actor FROM webhook_events \
                 WHERE webhook_id = ?1 ORDER BY version DESC LIMIT ?2",
            )?;
            let entry = |row: &Row<'_>| {
                Ok(HistoryEntry {
                    version: version(row, 0)?,
                    event_type: row.get(1)?,
                    data: row.get(2)?,
                    recorded_at: timestamp(row, 3)?,
                    actor: row.get(4)?,
                })
            };
            stored.query_map(params![key, limit(most)], entry)?.collect()
        };
        Ok(Arc::clone(&self.reads).read(read).await?)
    }

    async fn deliveries(
        &self,
        query: DeliveryQuery,
    ) -> Result<Slice<Delivery, DeliveryId>, ReadError> {
        let most = query.limit;
        let read = move |file: &Connection| listed(file, &query);
        let rows = Arc::clone(&self.reads).read(read).await?;
        Ok(Slice::cut(rows, most, |last: &Delivery| last.id))
    }

    async fn delivery(
        &self,
        webhook: WebhookId,
        id: DeliveryId,
    ) -> Result<Option<DeliveryDetail>, ReadError> {
        let read = move |file: &Connection| detail(file, webhook, id);
        Ok(Arc::clone(&self.reads).read(read).await?)
    }

    async fn figures(&self, webhook: WebhookId, days: usize) -> Result<Vec<DayFigures>, ReadError> {
        let key = webhook.as_uuid().into_bytes();
        let read = move |file: &Connection| {
            let mut stored = file.prepare_cached(
                "SELECT day, delivered, failed, dead FROM daily_figures WHERE webhook_id = ?1 \
                 ORDER BY day DESC LIMIT ?2",
            )?;
            let figures = |row: &Row<'_>| {
                let (delivered, failed) = (unsigned(row, 1)?, unsigned(row, 2)?);
                Ok(DayFigures { day: row.get(0)?, delivered, failed, dead: unsigned(row, 3)? })
            };
            stored.query_map(params![key, limit(days)], figures)?.collect()
        };
        Ok(Arc::clone(&self.reads).read(read).await?)
    }
}

fn listed(file: &Connection, query: &DeliveryQuery) -> rusqlite::Result<Vec<Delivery>> {
    let mut stored = file.prepare_cached(&format!(
        "{DELIVERY} WHERE webhook_id = ?1 AND id < ?2 AND (?3 IS NULL OR state = ?3) \
         AND (?4 IS NULL OR event_type = ?4) AND created_at >= ?5 AND created_at < ?6 ORDER BY id DESC LIMIT ?7"
    ))?;
    let before = query.before.map_or([0xff; 16], |before| before.as_uuid().into_bytes());
    let (since, until) =
        (query.since.map(Timestamp::as_millis), query.until.map(Timestamp::as_millis));
    let wanted = params![
        query.webhook.as_uuid().into_bytes(),
        before,
        query.state.map(DeliveryState::as_str),
        query.event_type,
        since.unwrap_or(i64::MIN),
        until.unwrap_or(i64::MAX),
        limit(query.limit + 1)
    ];
    stored.query_map(wanted, delivery)?.collect()
}

fn detail(
    file: &Connection,
    webhook: WebhookId,
    id: DeliveryId,
) -> rusqlite::Result<Option<DeliveryDetail>> {
    let key = id.as_uuid().into_bytes();
    let mut stored =
        file.prepare_cached(&format!("{DELIVERY} WHERE id = ?1 AND webhook_id = ?2"))?;
    let wanted = params![key, webhook.as_uuid().into_bytes()];
    let found = stored.query_row(wanted, |row| Ok((delivery(row)?, row.get(9)?))).optional()?;
    let Some((delivery, payload)) = found else { return Ok(None) };
    let mut stored = file.prepare_cached(
        "SELECT number, made_at, latency_ms, status, error, answer FROM attempts WHERE delivery_id = ?1 \
         ORDER BY number DESC LIMIT ?2",
    )?;
    let attempts = stored.query_map(params![key, limit(ATTEMPTS_SHOWN)], |row| {
        Ok(Attempt {
            number: row.get(0)?,
            at: timestamp(row, 1)?,
            latency_ms: unsigned(row, 2)?,
            status: row.get(3)?,
            error: row.get(4)?,
            answer: row.get(5)?,
        })
    })?;
    let mut attempts: Vec<Attempt> = attempts.collect::<Result<_, _>>()?;
    attempts.reverse();
    Ok(Some(DeliveryDetail { delivery, payload, attempts }))
}
