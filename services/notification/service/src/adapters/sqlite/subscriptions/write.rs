//! Subscriptions as they are written, with the places of the logs: what happened before a subscription is not told it.

use gondola_notification_domain::{SubscriptionId, SubscriptionRefusal, SubscriptionSettings};
use kit_core::Version;
use kit_sqlite::columns::number;
use rusqlite::{Transaction, params};

use super::collect::insert;
use crate::adapters::sqlite::followed::save_places;
use crate::adapters::sqlite::state::State;
use crate::use_cases::subscriptions::{
    Notice, SUBSCRIPTIONS_MAX, SubscriptionEntry, SubscriptionError, SubscriptionWrite,
    WantedSubscription, encode_subscription,
};

impl State {
    pub(super) fn write_subscription(
        &mut self,
        wanted: &WantedSubscription,
    ) -> Result<Option<SubscriptionEntry>, SubscriptionError> {
        let id = wanted.id;
        let present = self.subscriptions.iter().find(|entry| entry.subscription.id == id);
        match (&wanted.write, present) {
            // made by the same request, which came twice at once
            (SubscriptionWrite::Create(_), Some(entry)) => return Ok(Some(entry.clone())),
            (SubscriptionWrite::Create(_), None)
                if self.subscriptions.len() >= SUBSCRIPTIONS_MAX =>
            {
                return Err(SubscriptionError::TooMany { most: SUBSCRIPTIONS_MAX });
            }
            (SubscriptionWrite::Create(_), None) => {}
            (_, None) => return Err(SubscriptionRefusal::NotFound(id).into()),
            (_, Some(entry)) => {
                let actual = entry.version;
                if let Some(expected) = wanted.expected.filter(|expected| *expected != actual) {
                    return Err(SubscriptionError::Changed { expected, actual });
                }
            }
        }
        let version = present.map_or(Version::ZERO, |entry| entry.version);
        let commit = self.file.transaction()?;
        match &wanted.write {
            SubscriptionWrite::Create(settings) | SubscriptionWrite::Change(settings) => {
                write_row(&commit, wanted, settings, version)?;
            }
            SubscriptionWrite::Delete => forget(&commit, id)?,
            SubscriptionWrite::Test(notification) => {
                let test = Notice::test(notification.as_uuid(), wanted.at);
                let at = (wanted.at, wanted.at, false);
                insert(&commit, (id, notification.as_uuid()), &test, at)?;
            }
        }
        save_places(&commit, &self.places)?;
        commit.commit()?;
        self.saved();
        self.reload_subscriptions()?;
        Ok(self.subscriptions.iter().find(|entry| entry.subscription.id == id).cloned())
    }
}

fn write_row(
    commit: &Transaction<'_>,
    wanted: &WantedSubscription,
    settings: &SubscriptionSettings,
    before: Version,
) -> rusqlite::Result<()> {
    commit.execute(
        "INSERT INTO subscriptions VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6) ON CONFLICT (id) DO UPDATE SET version = ?2, \
         channel = ?3, settings = ?4, updated_at = ?5, updated_by = ?6",
        params![
            wanted.id.as_uuid().into_bytes(),
            number(before.get() + 1),
            settings.recipient.channel().as_str(),
            encode_subscription(settings),
            wanted.at.as_millis(),
            wanted.actor.as_str(),
        ],
    )?;
    Ok(())
}

/// Forgets a subscription with all there is about it: its address is personal data.
fn forget(commit: &Transaction<'_>, id: SubscriptionId) -> rusqlite::Result<()> {
    for forget in [
        "DELETE FROM notification_attempts WHERE notification_id IN \
         (SELECT id FROM notifications WHERE subscription_id = ?1)",
        "DELETE FROM notification_events WHERE subscription_id = ?1",
        "DELETE FROM notifications WHERE subscription_id = ?1",
        "DELETE FROM subscriptions WHERE id = ?1",
    ] {
        commit.execute(forget, [id.as_uuid().into_bytes()])?;
    }
    Ok(())
}
