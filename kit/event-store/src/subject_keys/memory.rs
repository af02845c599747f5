//! The reference adapter: keys that go with the process.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use uuid::Uuid;

use super::{KEYS_PAGE, KeptKeys, KeysState, Rewrap, SubjectKey, SubjectKeys, SubjectKeysError};
use crate::EventStoreError;

/// Keys in memory; those who hold it share them, as processes share a database.
#[derive(Debug, Default)]
pub struct MemorySubjectKeys {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    mark: Option<Vec<u8>>,
    generation: u64,
    keys: BTreeMap<Uuid, SubjectKey>,
}

impl Kept {
    /// Refuses who has another master key.
    fn ensure(&self, mark: &[u8]) -> Result<(), SubjectKeysError> {
        let is_known = self.mark.as_deref() == Some(mark);
        if is_known { Ok(()) } else { Err(SubjectKeysError::OtherMasterKey) }
    }

    fn of(&self, subject: &[u8]) -> Option<&SubjectKey> {
        self.keys.values().find(|key| key.subject == subject)
    }

    const fn with(&self, keys: Vec<SubjectKey>) -> KeptKeys {
        KeptKeys { generation: self.generation, keys }
    }
}

impl MemorySubjectKeys {
    fn lock(&self) -> MutexGuard<'_, Kept> {
        // no step panics half done
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl SubjectKeys for MemorySubjectKeys {
    async fn state(&self) -> Result<Option<KeysState>, EventStoreError> {
        let kept = self.lock();
        let state = |mark| KeysState { mark, generation: kept.generation };
        Ok(kept.mark.clone().map(state))
    }

    async fn begin(&self, mark: &[u8]) -> Result<KeysState, EventStoreError> {
        let mut kept = self.lock();
        let mark = kept.mark.get_or_insert_with(|| mark.to_vec()).clone();
        Ok(KeysState { mark, generation: kept.generation })
    }

    async fn obtain(
        &self,
        mark: &[u8],
        offered: &[SubjectKey],
    ) -> Result<KeptKeys, SubjectKeysError> {
        let mut kept = self.lock();
        kept.ensure(mark)?;
        let mut keys = Vec::with_capacity(offered.len());
        for offered in offered {
            let found = kept.of(&offered.subject).cloned();
            keys.push(found.unwrap_or_else(|| {
                kept.keys.insert(offered.key_id, offered.clone());
                offered.clone()
            }));
        }
        Ok(kept.with(keys))
    }

    async fn find(&self, mark: &[u8], subject: &[u8]) -> Result<KeptKeys, SubjectKeysError> {
        let kept = self.lock();
        kept.ensure(mark)?;
        Ok(kept.with(kept.of(subject).cloned().into_iter().collect()))
    }

    async fn destroy(&self, mark: &[u8], subject: &[u8]) -> Result<KeptKeys, SubjectKeysError> {
        let mut kept = self.lock();
        kept.ensure(mark)?;
        let found = kept.of(subject).cloned();
        if let Some(key) = &found {
            kept.keys.remove(&key.key_id);
            kept.generation += 1;
        }
        Ok(kept.with(found.into_iter().collect()))
    }

    async fn page(&self, mark: &[u8], after: Option<Uuid>) -> Result<KeptKeys, SubjectKeysError> {
        let kept = self.lock();
        kept.ensure(mark)?;
        let later = kept.keys.values().filter(|key| after.is_none_or(|after| key.key_id > after));
        Ok(kept.with(later.take(KEYS_PAGE).cloned().collect()))
    }

    async fn hand_over(
        &self,
        former: &[u8],
        present: &[u8],
        rewrap: Rewrap<'_>,
    ) -> Result<(), SubjectKeysError> {
        let mut kept = self.lock();
        if kept.mark.as_deref() == Some(present) {
            return Ok(());
        }
        kept.ensure(former)?;
        let sealed = kept.keys.iter().map(|(id, key)| Ok((*id, rewrap(key)?)));
        kept.keys = sealed.collect::<Result<_, EventStoreError>>()?;
        kept.mark = Some(present.to_vec());
        Ok(())
    }
}
