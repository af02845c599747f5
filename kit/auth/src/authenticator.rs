//! From the headers of a request to its principal.

use std::sync::Arc;

use http::HeaderMap;
use kit_core::Timestamp;

use crate::credential::Credential;
use crate::keys::ApiKeys;
use crate::principal::Principal;
use crate::refused::Refused;
use crate::tokens::TokenVerifier;

/// Knows callers by their keys and tokens.
pub struct Authenticator {
    /// The keys; `None` where keys are not accepted.
    pub keys: Option<Arc<ApiKeys>>,
    /// Verifies tokens; `None` where tokens are not accepted.
    pub tokens: Option<TokenVerifier>,
}

impl Authenticator {
    /// Who sends a request with these headers at this time.
    pub async fn authenticate(
        &self,
        headers: &HeaderMap,
        now: Timestamp,
    ) -> Result<Principal, Refused> {
        match Credential::of(headers)? {
            Credential::Key(text) => {
                self.keys.as_ref().ok_or(Refused::NotAccepted("API keys"))?.principal(text, now)
            }
            Credential::Token(text) => {
                let tokens = self.tokens.as_ref().ok_or(Refused::NotAccepted("tokens"))?;
                tokens.principal(text, now).await
            }
        }
    }
}
