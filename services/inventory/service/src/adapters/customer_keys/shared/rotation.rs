//! The master key of keys that processes share: one of them hands all keys over, the others take it from their file then.

use std::path::Path;
use std::sync::Arc;

use kit_event_store::EventStoreError;
use kit_event_store::subject_keys::{SubjectKey, SubjectKeys, SubjectKeysError};
use tokio::task::spawn_blocking;

use super::{Core, MasterKeyError, OpenKeysError, master_keys, unsealable};
use crate::adapters::customer_keys::master_key_file::MasterKeys;
use crate::adapters::customer_keys::sealing::MasterKey;

/// Notes the first master key, and refuses one that is not that of the keys, unless that one is in the file as well: then all
/// keys are handed over. The answer has the generation of the keys, too.
pub(super) async fn adopt(
    keys: &dyn SubjectKeys,
    found: MasterKeys,
    path: &Path,
) -> Result<(MasterKey, u64), OpenKeysError> {
    let MasterKeys { present, former } = found;
    let state = keys.begin(present.mark()).await?;
    if state.mark != present.mark() {
        let former = former.filter(|former| state.mark == former.mark());
        let other = || MasterKeyError::Other(path.to_owned());
        let former = former.ok_or_else(other)?;
        let rewrap = |key: &SubjectKey| handed_over(key, &former, &present);
        match keys.hand_over(former.mark(), present.mark(), &rewrap).await {
            Ok(()) => {}
            // a third one took over meanwhile
            Err(SubjectKeysError::OtherMasterKey) => return Err(other().into()),
            Err(SubjectKeysError::Store(error)) => return Err(error.into()),
        }
    }
    Ok((present, state.generation))
}

/// The master key of the file that has this mark: keys are read with it also while another one is to take over.
pub(super) fn right_master_key(path: &Path, mark: &[u8]) -> Result<MasterKey, OpenKeysError> {
    let MasterKeys { present, former } = master_keys(path, false)?;
    let right = [Some(present), former].into_iter().flatten().find(|key| mark == key.mark());
    Ok(right.ok_or_else(|| MasterKeyError::Other(path.to_owned()))?)
}

fn handed_over(
    key: &SubjectKey,
    former: &MasterKey,
    present: &MasterKey,
) -> Result<SubjectKey, EventStoreError> {
    let SubjectKey { key_id, wrapped_key, sealed_reference, created_at, .. } = key;
    let handed_over = former.handed_over(present, *key_id, wrapped_key, sealed_reference);
    let (subject, wrapped_key) = handed_over.map_err(unsealable)?;
    let (key_id, created_at) = (*key_id, *created_at);
    Ok(SubjectKey {
        subject,
        key_id,
        wrapped_key,
        sealed_reference: sealed_reference.clone(),
        created_at,
    })
}

impl Core {
    /// Takes the master key that is in the file now; whether it is another one.
    pub(super) async fn take_master_key(&self) -> Result<bool, OpenKeysError> {
        let path = self.master_key_file.clone();
        let read = spawn_blocking(move || master_keys(&path, false)).await;
        let found = read.map_err(|error| OpenKeysError::Thread(error.into()))??;
        if found.present.mark() == self.master.read().mark() {
            let state = self.keys.state().await?;
            let is_right = state.is_some_and(|state| state.mark == found.present.mark());
            let other = || MasterKeyError::Other(self.master_key_file.clone());
            return if is_right { Ok(false) } else { Err(other().into()) };
        }
        let (master, _) = adopt(&*self.keys, found, &self.master_key_file).await?;
        *self.master.write() = Arc::new(master);
        Ok(true)
    }

    /// Looks at the file. One that cannot be used changes nothing, and is told in the log once: `said` is what was said last.
    pub(super) async fn check_master_key(&self, said: &mut Option<String>) {
        match self.take_master_key().await {
            Ok(is_other) => {
                *said = None;
                if is_other {
                    tracing::info!("customer_master_key_rotated");
                }
            }
            Err(error) => {
                let error = error.to_string();
                if said.as_ref() != Some(&error) {
                    tracing::error!(error, "customer_master_key_not_rotated");
                    *said = Some(error);
                }
            }
        }
    }
}
