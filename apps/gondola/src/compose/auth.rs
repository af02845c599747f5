//! How callers are known: by a file of API keys, by tokens of an issuer, or not at all.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use gondola_gateway::{AccessGuard, Audit, RateLimits};
use http::HeaderValue;
use kit_auth::{
    Algorithm, ApiKeys, Authenticator, IssuerConfig, IssuerUrl, KeyFile, TokenVerifier,
};
use kit_core::SystemClock;
use kit_http::Guard;
use kit_http_client::Credential;

use super::Serving;

/// Arguments of the commands that serve.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct AuthArgs {
    /// File of API keys, which `gondola keys` makes and changes; with it, or with `--oidc-issuer`, callers must say who they
    /// are. It is read anew every 2 seconds; while it cannot be used, what it said before holds. Give the same file to each
    /// process.
    #[arg(long, env = "GONDOLA_API_KEYS", value_name = "FILE")]
    api_keys: Option<PathBuf>,

    /// Issuer of tokens (`OpenID` Connect), letter by letter as tokens name it in `iss`, as in
    /// `https://login.example/realms/shop`. Its keys are found by its discovery document.
    #[arg(long, env = "GONDOLA_OIDC_ISSUER", hide_env_values = true, value_name = "URL")]
    oidc_issuer: Option<IssuerUrl>,

    /// Whom tokens must be for, as `aud` names it.
    #[arg(long, env = "GONDOLA_OIDC_AUDIENCE", value_name = "NAME")]
    oidc_audience: Option<String>,

    /// Where the issuer's keys are (JWKS), for issuers that have them on another server.
    #[arg(long, env = "GONDOLA_OIDC_JWKS_URL", hide_env_values = true, value_name = "URL")]
    oidc_jwks_url: Option<IssuerUrl>,

    /// Algorithms that tokens may be signed with; may be repeated. What a token says itself only chooses among them.
    #[arg(long, env = "GONDOLA_OIDC_ALGORITHM", default_value = "RS256", value_delimiter = ',', value_parser = algorithm())]
    oidc_algorithm: Vec<Algorithm>,

    /// Values that `typ` of a token may have; may be repeated. `at+jwt` alone keeps out what is no access token, where the issuer
    /// tells them apart.
    #[arg(
        long,
        env = "GONDOLA_OIDC_TOKEN_TYPE",
        default_values = ["at+jwt", "JWT"],
        value_name = "NAME",
        value_delimiter = ','
    )]
    oidc_token_type: Vec<String>,

    /// Longest time, in seconds, for which a token may be valid, from `iat` to `exp`.
    #[arg(long, env = "GONDOLA_OIDC_LIFETIME_MAX", default_value_t = 900, value_name = "60..86400",
        value_parser = clap::value_parser!(u64).range(60..=86_400))]
    oidc_lifetime_max: u64,

    /// Claim that has the roles, in a list or with spaces between them; with dots where it is nested, as in
    /// `realm_access.roles`. Roles are `admin`, `operator`, `service`, `viewer` and `store:<id of the store>`; others are passed
    /// over.
    #[arg(long, env = "GONDOLA_OIDC_ROLES_CLAIM", default_value = "roles", value_name = "NAME")]
    oidc_roles_claim: String,

    /// File with the API key, of role `service`, that this process shows to processes it asks itself, as an inventory alone asks
    /// the store service for names. It is read at each question.
    #[arg(long, env = "GONDOLA_SERVICE_KEY", value_name = "FILE")]
    service_key: Option<PathBuf>,
}

fn algorithm() -> impl TypedValueParser<Value = Algorithm> {
    PossibleValuesParser::new(Algorithm::NAMES).try_map(|name| name.parse())
}

impl AuthArgs {
    /// Whether callers must say who they are.
    pub(crate) const fn is_configured(&self) -> bool {
        self.api_keys.is_some() || self.oidc_issuer.is_some()
    }

    /// Refuses what does not go together. Opens nothing.
    pub(crate) fn check(&self) -> Result<()> {
        if self.oidc_issuer.is_some() {
            ensure!(
                self.oidc_audience.as_ref().is_some_and(|audience| !audience.is_empty()),
                "--oidc-issuer needs --oidc-audience: without it a token that was made for another service would do here"
            );
        } else if self.oidc_audience.is_some() || self.oidc_jwks_url.is_some() {
            bail!(
                "--oidc-audience and --oidc-jwks-url are about tokens of an issuer: give --oidc-issuer"
            );
        }
        Ok(())
    }

    /// The guard before all routes, where callers must say who they are.
    pub(crate) fn guard(
        &self,
        serving: &Serving,
        audit: Arc<Audit>,
        limits: Option<Arc<RateLimits>>,
    ) -> Result<Option<Arc<dyn Guard>>> {
        if !self.is_configured() {
            return Ok(None);
        }
        let keys = match &self.api_keys {
            Some(path) => Some(Arc::new(ApiKeys::open(KeyFile::at(path))?)),
            None => None,
        };
        if let Some(keys) = &keys {
            Arc::clone(keys).watch(&serving.process.tasks, serving.process.stop.clone());
        }
        let tokens = match self.issuer() {
            Some(issuer) => Some(
                TokenVerifier::over_http(issuer)
                    .context("cannot read the certificates of this machine")?,
            ),
            None => None,
        };
        let authenticator = Authenticator { keys, tokens };
        Ok(Some(Arc::new(AccessGuard::new(authenticator, Arc::new(SystemClock), audit, limits))))
    }

    fn issuer(&self) -> Option<IssuerConfig> {
        Some(IssuerConfig {
            issuer: self.oidc_issuer.clone()?,
            keys_url: self.oidc_jwks_url.clone(),
            audience: self.oidc_audience.clone()?,
            algorithms: self.oidc_algorithm.clone(),
            types: self.oidc_token_type.clone(),
            lifetime_max: Duration::from_secs(self.oidc_lifetime_max),
            roles_claim: self.oidc_roles_claim.clone(),
        })
    }

    /// What this process shows to those that it asks, if anything.
    pub(crate) fn credential(&self) -> Option<Credential> {
        let path = self.service_key.clone()?;
        Some(Box::new(move || match read_key(&path) {
            Ok(key) => Some(key),
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "service_key_cannot_be_read");
                None
            }
        }))
    }
}

/// A key alone in a file, of some bytes: reading it costs less than the question it is shown with.
pub(crate) fn read_key(path: &Path) -> Result<HeaderValue> {
    let mut key = HeaderValue::try_from(std::fs::read_to_string(path)?.trim())?;
    key.set_sensitive(true);
    Ok(key)
}
