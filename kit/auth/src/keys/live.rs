//! The keys of a process that serves: looked up by their ids, and kept up with their file.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use kit_core::Timestamp;
use kit_process::critical_task;
use parking_lot::RwLock;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::api_key::{ApiKey, KeyId};
use super::file::{KeyFile, KeyFileError};
use super::last_used::LastUsed;
use super::record::{KeyRecord, KeyStatus};
use crate::metrics;
use crate::principal::Principal;
use crate::refused::Refused;

/// Between two readings of the file. It is read as a whole: a volume that is replaced may keep its time.
const READ_EVERY: Duration = Duration::from_secs(2);

/// Keys by which callers are known.
pub struct ApiKeys {
    file: KeyFile,
    keys: RwLock<HashMap<KeyId, KeyRecord>>,
    last_used: Arc<LastUsed>,
    file_errors: ::metrics::Counter,
}

impl ApiKeys {
    /// The keys of a file. One that cannot be used is refused here; later what it said before holds.
    pub fn open(file: KeyFile) -> Result<Self, KeyFileError> {
        let keys = RwLock::new(by_id(file.read()?));
        let last_used = Arc::new(LastUsed::beside(file.path()));
        Ok(Self { file, keys, last_used, file_errors: metrics::file_errors() })
    }

    /// Who has a key at this time.
    pub fn principal(&self, text: &str, now: Timestamp) -> Result<Principal, Refused> {
        let key = ApiKey::parse(text).ok_or(Refused::InvalidKey)?;
        let principal = {
            let keys = self.keys.read();
            let record = keys.get(key.id()).ok_or(Refused::InvalidKey)?;
            if !record.secret_sha256.matches(&key.hash()) {
                return Err(Refused::InvalidKey);
            }
            match record.status(now) {
                KeyStatus::Revoked => return Err(Refused::InvalidKey),
                KeyStatus::Expired => return Err(Refused::ExpiredKey),
                KeyStatus::Live => {}
            }
            Principal {
                subject: record.subject().ok_or(Refused::InvalidKey)?,
                grants: record.roles.clone(),
                key: Some(record.id.clone()),
            }
        };
        self.note_use(key.id(), now);
        Ok(principal)
    }

    /// Notes a use without waiting for the disk.
    fn note_use(&self, id: &KeyId, now: Timestamp) {
        if !self.last_used.is_news(id, now) {
            return;
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let (last_used, id) = (Arc::clone(&self.last_used), id.clone());
        runtime.spawn_blocking(move || {
            // a file that is mounted to be read only has no folder beside it
            if let Err(error) = last_used.note(&id, now) {
                tracing::debug!(key = %id, %error, "use_of_api_key_is_not_noted");
            }
        });
    }

    /// Keeps the keys up with their file until `stop`.
    pub fn watch(self: Arc<Self>, tasks: &TaskTracker, stop: CancellationToken) {
        let watching = async move {
            let mut last_error = String::new();
            loop {
                tokio::time::sleep(READ_EVERY).await;
                last_error = self.read_anew(last_error).await;
            }
        };
        tasks.spawn(critical_task("api-keys", stop.run_until_cancelled_owned(watching)));
    }

    /// Reads the file once more; gives what was wrong with it, which is logged when it is news.
    async fn read_anew(&self, last_error: String) -> String {
        let file = self.file.clone();
        match tokio::task::spawn_blocking(move || file.read()).await {
            Ok(Ok(keys)) => {
                *self.keys.write() = by_id(keys);
                String::new()
            }
            Ok(Err(error)) => {
                self.file_errors.increment(1);
                let error = error.to_string();
                if error != last_error {
                    tracing::warn!(error, "api_keys_stay_as_they_were");
                }
                error
            }
            // the process is about to end
            Err(_not_run) => last_error,
        }
    }
}

fn by_id(keys: Vec<KeyRecord>) -> HashMap<KeyId, KeyRecord> {
    keys.into_iter().map(|key| (key.id.clone(), key)).collect()
}
