//! From a token to its principal.

use std::io;
use std::sync::Arc;

use jsonwebtoken::{Header, Validation, decode, decode_header};
use kit_core::Timestamp;

use super::claims::Claims;
use super::issuer::{Algorithm, IssuerConfig};
use super::key_cache::KeyCache;
use super::key_source::{HttpKeySource, KeySource};
use crate::principal::Principal;
use crate::refused::Refused;

/// Longest id of a key, in bytes.
const KEY_ID_LENGTH_MAX: usize = 256;

/// Verifies the tokens of one issuer.
///
/// Algorithms, keys and their addresses come from the configuration and the issuer. What a token says about them only chooses
/// among these: a key in its header, or an address of one, is not looked at.
pub struct TokenVerifier {
    issuer: IssuerConfig,
    keys: KeyCache,
}

impl TokenVerifier {
    /// Verifies with the keys that the issuer gives over HTTP; nothing is fetched yet. Fails where the machine's certificates
    /// cannot be read.
    pub fn over_http(issuer: IssuerConfig) -> io::Result<Self> {
        let source = Arc::new(HttpKeySource::new(&issuer)?);
        Ok(Self::new(issuer, source))
    }

    /// Verifies with the keys of a source.
    pub fn new(issuer: IssuerConfig, source: Arc<dyn KeySource>) -> Self {
        Self { issuer, keys: KeyCache::new(source) }
    }

    /// Who a token is of at this time.
    pub async fn principal(&self, token: &str, now: Timestamp) -> Result<Principal, Refused> {
        let header = decode_header(token).map_err(|_| {
            Refused::InvalidToken(
                "its header cannot be read, or its algorithm is none that is known",
            )
        })?;
        let algorithm = self.algorithm(&header)?;
        let id = key_id(&header)?;
        let key = self.keys.find(id, algorithm, now).await?;
        let claims = decode::<Claims>(token, &key, &only_signature(algorithm)).map_err(reason)?;
        claims.claims.principal(&self.issuer, now)
    }

    /// The algorithm of a header that may be: one of the configuration, on a token that is meant for access.
    fn algorithm(&self, header: &Header) -> Result<Algorithm, Refused> {
        let typ = header.typ.as_deref().unwrap_or_default();
        // RFC 7515, 4.1.9: a typ without a slash leaves application/ out
        let typ = typ.strip_prefix("application/").unwrap_or(typ);
        if !self.issuer.types.iter().any(|accepted| accepted.eq_ignore_ascii_case(typ)) {
            return Err(Refused::InvalidToken("its typ is not accepted"));
        }
        if header.crit.is_some() || header.enc.is_some() || header.zip.is_some() {
            return Err(Refused::InvalidToken("it asks for extensions that are not known"));
        }
        let mut accepted = self.issuer.algorithms.iter().copied();
        let accepted = accepted.find(|algorithm| algorithm.jws() == header.alg);
        accepted.ok_or(Refused::InvalidToken("its algorithm is not accepted"))
    }
}

fn key_id(header: &Header) -> Result<&str, Refused> {
    let id = header.kid.as_deref().filter(|id| !id.is_empty() && id.len() <= KEY_ID_LENGTH_MAX);
    id.ok_or(Refused::InvalidToken("it does not name its key with a kid"))
}

/// What claims say is checked here, by our own clock.
fn only_signature(algorithm: Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm.jws());
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation
}

fn reason(error: jsonwebtoken::errors::Error) -> Refused {
    Refused::InvalidToken(match error.into_kind() {
        jsonwebtoken::errors::ErrorKind::Json(_) => {
            "it lacks iss, sub, aud, exp or iat, or has one of another kind"
        }
        _ => "its signature does not hold",
    })
}
