//! Tokens of an issuer: what is accepted, the issuer's keys, and verification.

mod claims;
mod issuer;
mod key_cache;
mod key_set;
mod key_source;
mod verifier;

pub use issuer::{Algorithm, InvalidIssuerUrl, IssuerConfig, IssuerUrl};
pub use key_set::KeySet;
pub use key_source::{FetchError, KeySource};
pub use verifier::TokenVerifier;
