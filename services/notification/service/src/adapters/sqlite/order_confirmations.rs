//! Order confirmations in the state's file: all that are wanted at the same time are written with one flush.

use std::sync::Arc;

use async_trait::async_trait;
use gondola_contracts::topics;
use gondola_notification_domain::{DisabledReason, Severity, StoreId};
use kit_core::{IdSource, Timestamp};
use kit_sqlite::columns::{number, unsigned};
use rusqlite::{OptionalExtension as _, Transaction, params};
use uuid::Uuid;

use super::SqliteWebhooks;
use super::followed::{PENDING_MAX, insert, pending};
use super::state::{State, disable};
use super::subscriptions::{Collected, insert_all};
use crate::use_cases::{
    ConfirmationAnswer, ConfirmationRepository, ConfirmationRequest, News, PreparedConfirmation,
    WriteError,
};

/// Why a confirmation is refused that was dropped before it came.
const DROPPED: &str = "the checkout was rolled back before its confirmation was taken";

/// One that is to be carried out.
pub(super) struct Wanted {
    request: ConfirmationRequest,
    now: Timestamp,
    ids: Arc<dyn IdSource>,
}

#[async_trait]
impl ConfirmationRepository for SqliteWebhooks {
    async fn confirm(
        &self,
        request: ConfirmationRequest,
        now: Timestamp,
        ids: Arc<dyn IdSource>,
    ) -> Result<ConfirmationAnswer, WriteError> {
        self.confirmations.write(&self.writer, Wanted { request, now, ids }).await
    }
}

impl State {
    /// Carries out all of these, or none.
    pub(super) fn confirm_all(
        &mut self,
        all: &[Wanted],
    ) -> Result<Vec<ConfirmationAnswer>, WriteError> {
        let (mut answers, mut told) = (Vec::with_capacity(all.len()), Vec::new());
        // taken apart: webhooks and subscriptions are read while the file is written
        let is_wanted = |store: Uuid| {
            let (what, store) = (topics::ORDER_CONFIRMED, Some(StoreId::from_uuid(store)));
            let people = || self.subscriptions.iter().map(|entry| &entry.subscription.settings);
            self.enabled().any(|hook| hook.settings.wants(what, store))
                || people().any(|settings| settings.wants(what, store, Severity::Info))
        };
        let wanted: Vec<bool> = all
            .iter()
            .map(|one| match &one.request {
                ConfirmationRequest::Prepare(prepared) => is_wanted(prepared.store_id),
                _ => true,
            })
            .collect();
        let commit = self.file.unchecked_transaction()?;
        for (one, is_wanted) in all.iter().zip(wanted) {
            let (answer, news) = write(&commit, one, is_wanted)?;
            answers.push(answer);
            told.extend(news.map(|news| (news, one)));
        }
        let is_disabled = self.deliver(&commit, &told)?;
        commit.commit()?;
        if is_disabled {
            self.reload()?;
        }
        Ok(answers)
    }

    /// Makes the deliveries and notifications of confirmations that are let go. Says whether a webhook was disabled, since too many wait for it.
    fn deliver(
        &self,
        commit: &Transaction<'_>,
        told: &[(News, &Wanted)],
    ) -> rusqlite::Result<bool> {
        let mut is_disabled = false;
        for entry in &self.webhooks {
            let is_enabled = self.enabled().any(|webhook| webhook.id == entry.webhook.id);
            let settings = &entry.webhook.settings;
            let wants = |news: &News| is_enabled && settings.wants(&news.event_type, news.store);
            let mut latest = None;
            for (news, one) in told.iter().filter(|(news, _)| wants(news)) {
                insert(commit, entry.webhook.id, news, one.now, &*one.ids)?;
                latest = Some(one.now);
            }
            if let Some(now) = latest
                && pending(commit, entry.webhook.id)? > PENDING_MAX
            {
                disable(commit, entry, DisabledReason::Backlog, now)?;
                is_disabled = true;
            }
        }
        for (news, one) in told {
            let collected = Collected::of(&self.subscriptions, std::slice::from_ref(news));
            insert_all(commit, &collected, one.now, &*one.ids)?;
        }
        Ok(is_disabled)
    }
}

/// How a confirmation stands.
struct Kept {
    state: String,
    detail: Option<String>,
    prepared: Option<String>,
}

fn kept(commit: &Transaction<'_>, checkout: Uuid) -> rusqlite::Result<Option<Kept>> {
    let mut stored = commit.prepare_cached(
        "SELECT state, detail, prepared FROM order_confirmations WHERE checkout_id = ?1",
    )?;
    let read = |row: &rusqlite::Row<'_>| {
        Ok(Kept { state: row.get(0)?, detail: row.get(1)?, prepared: row.get(2)? })
    };
    stored.query_row([checkout.into_bytes()], read).optional()
}

/// Writes one, and gives what is to be told.
fn write(
    commit: &Transaction<'_>,
    one: &Wanted,
    is_wanted: bool,
) -> Result<(ConfirmationAnswer, Option<News>), WriteError> {
    match &one.request {
        ConfirmationRequest::Prepare(prepared) => {
            Ok((prepare(commit, prepared, one.now, is_wanted)?, None))
        }
        ConfirmationRequest::Commit { checkout_id, transaction_id } => {
            write_commit(commit, *checkout_id, transaction_id, one.now)
        }
        ConfirmationRequest::Drop { checkout_id } => {
            drop_prepared(commit, *checkout_id, one.now)?;
            Ok((ConfirmationAnswer::Taken, None))
        }
    }
}

fn prepare(
    commit: &Transaction<'_>,
    prepared: &PreparedConfirmation,
    now: Timestamp,
    is_wanted: bool,
) -> Result<ConfirmationAnswer, WriteError> {
    if let Some(kept) = kept(commit, prepared.checkout_id)? {
        return Ok(match kept.state.as_str() {
            "refused" => ConfirmationAnswer::Refused(kept.detail.unwrap_or_default()),
            "dropped" => ConfirmationAnswer::Refused(DROPPED.to_owned()),
            _ => ConfirmationAnswer::Taken,
        });
    }
    let refusal = (!is_wanted).then(|| {
        format!(
            "no enabled webhook and no subscription wants {} of store {}: make one with POST /api/v1/webhooks or POST \
             /api/v1/subscriptions, or check out with confirmation notWanted",
            topics::ORDER_CONFIRMED,
            prepared.store_id
        )
    });
    let state = if is_wanted { "prepared" } else { "refused" };
    let says =
        serde_json::to_string(prepared).map_err(|error| WriteError::Failed(error.to_string()))?;
    let mut insert = commit
        .prepare_cached("INSERT INTO order_confirmations VALUES (?1, ?2, ?3, ?4, NULL, ?5)")?;
    insert.execute(params![
        prepared.checkout_id.into_bytes(),
        state,
        refusal,
        is_wanted.then_some(says),
        now.as_millis()
    ])?;
    Ok(refusal.map_or(ConfirmationAnswer::Taken, ConfirmationAnswer::Refused))
}

/// Lets one go, and gives what is to be told, unless it was before. Refused is what is not kept here: those that are written
/// with it are none the worse.
fn write_commit(
    commit: &Transaction<'_>,
    checkout: Uuid,
    transaction_id: &str,
    now: Timestamp,
) -> Result<(ConfirmationAnswer, Option<News>), WriteError> {
    let kept = kept(commit, checkout)?;
    let prepared = match kept {
        Some(Kept { state, .. }) if state == "committed" => {
            return Ok((ConfirmationAnswer::Taken, None));
        }
        Some(Kept { prepared: Some(prepared), .. }) => prepared,
        Some(Kept { state, .. }) => return Ok((not_kept(checkout, &state), None)),
        None => return Ok((not_kept(checkout, "unknown"), None)),
    };
    let prepared: PreparedConfirmation =
        serde_json::from_str(&prepared).map_err(|error| WriteError::Failed(error.to_string()))?;
    let last =
        "SELECT coalesce(max(sequence), 0) FROM order_confirmations WHERE sequence IS NOT NULL";
    let last = commit.prepare_cached(last)?.query_row([], |row| unsigned(row, 0))?;
    let sequence = last + 1;
    let mut update = commit.prepare_cached(
        "UPDATE order_confirmations SET state = 'committed', prepared = NULL, sequence = ?2, changed_at = ?3 \
         WHERE checkout_id = ?1",
    )?;
    update.execute(params![checkout.into_bytes(), number(sequence), now.as_millis()])?;
    let news = prepared.news(transaction_id.to_owned(), sequence, now);
    Ok((ConfirmationAnswer::Taken, Some(news)))
}

fn not_kept(checkout: Uuid, state: &str) -> ConfirmationAnswer {
    ConfirmationAnswer::Refused(format!(
        "the confirmation of checkout {checkout} is {state}, and can be let go only while it is prepared: where its state was put \
         back from a copy, or begun anew, tell the customer by hand"
    ))
}

/// One that is let go already stays so: a checkout is committed or rolled back, never both.
fn drop_prepared(
    commit: &Transaction<'_>,
    checkout: Uuid,
    now: Timestamp,
) -> Result<(), WriteError> {
    let mut upsert = commit.prepare_cached(
        "INSERT INTO order_confirmations VALUES (?1, 'dropped', NULL, NULL, NULL, ?2) \
         ON CONFLICT (checkout_id) DO UPDATE SET state = 'dropped', prepared = NULL, changed_at = ?2 \
         WHERE state = 'prepared'",
    )?;
    upsert.execute(params![checkout.into_bytes(), now.as_millis()])?;
    Ok(())
}
