//! Who all customers are, read at once: for exports, which are one process's work and have no server to ask.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use gondola_inventory_domain::CustomerKey;

use super::rotation::right_master_key;
use super::{SharedKeysConfig, failed, unsealable};
use crate::adapters::customer_keys::{CustomerNames, OpenKeysError};

impl CustomerNames {
    /// Reads all keys that processes share, some 200 bytes of memory for each; `None` where there are none.
    pub async fn load(config: &SharedKeysConfig) -> Result<Option<Self>, OpenKeysError> {
        let Some(state) = config.keys.state().await? else { return Ok(None) };
        let path = config.master_key_file.as_deref().ok_or(OpenKeysError::NoMasterKey)?;
        let master = right_master_key(path, &state.mark)?;
        let (mut names, mut after) = (HashMap::<_, _, RandomState>::default(), None);
        loop {
            let page = config.keys.page(master.mark(), after).await.map_err(failed)?;
            let Some(last) = page.keys.last() else { break };
            after = Some(last.key_id);
            for key in page.keys {
                let name = master.reference(key.key_id, &key.wrapped_key, &key.sealed_reference);
                names.insert(CustomerKey::from_uuid(key.key_id), name.map_err(unsealable)?);
            }
        }
        Ok(Some(Self::Loaded(names)))
    }
}
