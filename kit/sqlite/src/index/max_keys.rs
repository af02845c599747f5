//! The greatest claim of each namespace, which answers most look-ups of new ids without the file.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use kit_event_store::ClaimKey;
use rusqlite::{Connection, OptionalExtension};

/// A key-range filter: no key above the greatest one of its namespace is in the index.
///
/// Ids made by the server grow with time, so nearly all of their look-ups end here, without touching the file.
#[derive(Debug, Default)]
pub(crate) struct MaxKeys(HashMap<Cow<'static, str>, Arc<str>>);

impl MaxKeys {
    /// Reads the greatest keys of an index.
    pub(crate) fn load(index: &Connection) -> rusqlite::Result<Self> {
        let mut max_keys = HashMap::new();
        let mut namespace = String::new();
        let next = "SELECT namespace FROM claims WHERE namespace > ?1 ORDER BY namespace LIMIT 1";
        let greatest = "SELECT key FROM claims WHERE namespace = ?1 ORDER BY key DESC LIMIT 1";
        while let Some(found) =
            index.query_row(next, [&namespace], |row| row.get::<_, String>(0)).optional()?
        {
            let key = index.query_row(greatest, [&found], |row| row.get(0))?;
            max_keys.insert(Cow::Owned(found.clone()), key);
            namespace = found;
        }
        Ok(Self(max_keys))
    }

    /// Records a key that is in the index now.
    pub(crate) fn raise(&mut self, key: &ClaimKey) {
        match self.0.get_mut(&key.namespace) {
            Some(max) if *max >= key.key => {}
            Some(max) => max.clone_from(&key.key),
            None => {
                self.0.insert(key.namespace.clone(), key.key.clone());
            }
        }
    }

    /// Whether the index cannot have a key.
    pub(crate) fn rule_out(&self, key: &ClaimKey) -> bool {
        self.0.get(&key.namespace).is_none_or(|max| key.key > *max)
    }
}
