//! Subscriptions and notifications in the state: they are written in the transaction that moves the place in a log.

mod collect;
mod outbox;
mod reads;
mod rows;
mod write;

use std::sync::Arc;

use async_trait::async_trait;
use gondola_notification_domain::{NotificationId, SubscriptionId};
use kit_core::Timestamp;
use kit_service::{ReadError, Slice};

use super::SqliteWebhooks;
use super::state::State;
use crate::use_cases::subscriptions::{
    DayOfChannel, DueNotification, Notification, NotificationAttemptMade, NotificationDetail,
    NotificationQuery, NotificationQueue, NotificationReadModel, NotificationReplay,
    NotificationTally, SubscriptionEntry, SubscriptionError, SubscriptionRepository,
    WantedSubscription,
};
pub(super) use collect::{Collected, insert_all};
pub(super) use rows::all_subscriptions;

impl SqliteWebhooks {
    /// Has the writer do something about subscriptions.
    async fn change<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut State) -> Result<T, SubscriptionError> + Send + 'static,
    ) -> Result<T, SubscriptionError> {
        let done = self.writer.run(move |state| Ok(work(state))).await;
        done.map_err(|error| SubscriptionError::Failed(error.to_string()))?
    }
}

impl From<rusqlite::Error> for SubscriptionError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

#[async_trait]
impl SubscriptionRepository for SqliteWebhooks {
    async fn write(
        &self,
        wanted: WantedSubscription,
    ) -> Result<Option<SubscriptionEntry>, SubscriptionError> {
        self.change(move |state| state.write_subscription(&wanted)).await
    }

    async fn replay_notifications(
        &self,
        which: NotificationReplay,
        now: Timestamp,
    ) -> Result<usize, SubscriptionError> {
        self.change(move |state| Ok(outbox::replay(&state.file, which, now)?)).await
    }
}

#[async_trait]
impl NotificationQueue for SqliteWebhooks {
    async fn due_notifications(
        &self,
        now: Timestamp,
        of_each: usize,
    ) -> Result<Vec<DueNotification>, SubscriptionError> {
        let is_any = Arc::clone(&self.reads).read(move |file| outbox::is_any_due(file, now)).await;
        if !is_any.map_err(|error| SubscriptionError::Failed(error.to_string()))? {
            return Ok(Vec::new());
        }
        // by the writer: between what it reads and what it closes nothing can join
        self.change(move |state| Ok(outbox::take_due(&mut state.file, now, of_each)?)).await
    }

    async fn record_notification(
        &self,
        made: NotificationAttemptMade,
    ) -> Result<(), SubscriptionError> {
        self.change(move |state| Ok(outbox::record(&mut state.file, &made)?)).await
    }

    async fn tidy_notifications(
        &self,
        now: Timestamp,
    ) -> Result<NotificationTally, SubscriptionError> {
        self.change(move |state| Ok(outbox::tidy(&mut state.file, now)?)).await
    }
}

#[async_trait]
impl NotificationReadModel for SqliteWebhooks {
    async fn subscriptions(
        &self,
        after: Option<SubscriptionId>,
        most: usize,
    ) -> Result<Slice<SubscriptionEntry, SubscriptionId>, ReadError> {
        let read = move |file: &rusqlite::Connection| reads::subscriptions(file, after, most);
        let rows = Arc::clone(&self.reads).read(read).await?;
        Ok(Slice::cut(rows, most, |last: &SubscriptionEntry| last.subscription.id))
    }

    async fn subscription(
        &self,
        id: SubscriptionId,
    ) -> Result<Option<SubscriptionEntry>, ReadError> {
        Ok(Arc::clone(&self.reads).read(move |file| reads::subscription_of(file, id)).await?)
    }

    async fn notifications(
        &self,
        query: NotificationQuery,
    ) -> Result<Slice<Notification, NotificationId>, ReadError> {
        let most = query.limit;
        let read = move |file: &rusqlite::Connection| reads::notifications(file, &query);
        let rows = Arc::clone(&self.reads).read(read).await?;
        Ok(Slice::cut(rows, most, |last: &Notification| last.id))
    }

    async fn notification(
        &self,
        id: NotificationId,
    ) -> Result<Option<NotificationDetail>, ReadError> {
        Ok(Arc::clone(&self.reads).read(move |file| reads::detail(file, id)).await?)
    }

    async fn channel_figures(&self, days: usize) -> Result<Vec<DayOfChannel>, ReadError> {
        Ok(Arc::clone(&self.reads).read(move |file| reads::figures(file, days)).await?)
    }
}
