//! Who asks, and what they may do: API keys, tokens of an issuer, and roles.
//!
//! * [`Authenticator`]: from the headers of a request to its [`Principal`], or to why there is none.
//! * [`ApiKeys`] and [`KeyFile`]: keys of our own, in a file that is read anew while it is used.
//! * [`TokenVerifier`]: tokens of one issuer, whose keys are fetched and kept.
//! * [`Role`] and [`Grants`]: what a principal was given; [`Principal::scope_for`] says what that allows.

mod authenticator;
mod credential;
mod grants;
mod keys;
mod metrics;
mod principal;
mod refused;
mod tokens;

pub use authenticator::Authenticator;
pub use credential::{API_KEY, Credential};
pub use grants::{Grants, InvalidGrant, Role};
pub use keys::{
    ApiKey, ApiKeys, KeyFile, KeyFileError, KeyId, KeyRecord, KeyStatus, LIVE_KEYS_MAX, LastUsed,
    NewKey,
};
pub use principal::Principal;
pub use refused::Refused;
pub use tokens::{
    Algorithm, FetchError, InvalidIssuerUrl, IssuerConfig, IssuerUrl, KeySet, KeySource,
    TokenVerifier,
};
