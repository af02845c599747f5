//! API keys: what callers have, what is kept of it, and the file that it is kept in.

mod api_key;
mod file;
mod last_used;
mod live;
mod record;

pub use api_key::{ApiKey, KeyId};
pub use file::{KeyFile, KeyFileError, LIVE_KEYS_MAX};
pub use last_used::LastUsed;
pub use live::ApiKeys;
pub(crate) use record::SUBJECT;
pub use record::{KeyRecord, KeyStatus, NewKey};
