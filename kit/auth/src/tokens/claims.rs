//! What a token says, and whether that holds.

use std::time::Duration;

use kit_core::{Actor, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::issuer::IssuerConfig;
use crate::grants::Grants;
use crate::keys::SUBJECT;
use crate::principal::Principal;
use crate::refused::Refused;

/// How far the clocks of the issuer and of this machine may differ.
const LEEWAY: Duration = Duration::from_secs(30);

/// What the actors of our own processes begin with.
const SYSTEM: &str = "system:";

/// The claims that count. Times are whole seconds: one in quotes is a mistake, and not an absent one.
#[derive(Debug, Deserialize)]
pub(super) struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: u64,
    iat: u64,
    #[serde(default)]
    nbf: Option<u64>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    fn has(&self, audience: &str) -> bool {
        match self {
            Self::One(one) => one == audience,
            Self::Several(several) => several.iter().any(|one| one == audience),
        }
    }
}

impl Claims {
    /// Who the token is of, if it holds at this time.
    pub(super) fn principal(
        &self,
        issuer: &IssuerConfig,
        now: Timestamp,
    ) -> Result<Principal, Refused> {
        self.check_parties(issuer)?;
        self.check_times(issuer.lifetime_max, now)?;
        let subject = Actor::new(&self.sub).ok().filter(|subject| {
            // neither one of our own processes nor a key
            [SYSTEM, SUBJECT].iter().all(|reserved| !subject.as_str().starts_with(reserved))
        });
        let subject = subject.ok_or(Refused::InvalidToken("its sub cannot be that of a caller"))?;
        Ok(Principal { subject, grants: self.grants(&issuer.roles_claim), key: None })
    }

    fn check_parties(&self, issuer: &IssuerConfig) -> Result<(), Refused> {
        if self.iss != issuer.issuer.as_str() {
            return Err(Refused::InvalidToken("its iss is another issuer"));
        }
        if !self.aud.has(&issuer.audience) {
            return Err(Refused::InvalidToken("its aud is another service"));
        }
        Ok(())
    }

    fn check_times(&self, lifetime_max: Duration, now: Timestamp) -> Result<(), Refused> {
        let now = u64::try_from(now.as_millis()).unwrap_or(0) / 1_000;
        let leeway = LEEWAY.as_secs();
        if self.exp.saturating_add(leeway) <= now {
            return Err(Refused::InvalidToken("it has expired"));
        }
        if self.nbf.into_iter().chain([self.iat]).any(|begin| begin > now.saturating_add(leeway)) {
            return Err(Refused::InvalidToken("its time has not begun"));
        }
        if self.exp.saturating_sub(self.iat) > lifetime_max.as_secs() {
            return Err(Refused::InvalidToken("it is valid for longer than is accepted"));
        }
        Ok(())
    }

    /// The roles, in a list or in one text with spaces between them.
    fn grants(&self, claim: &str) -> Grants {
        let mut names = claim.split('.');
        let first = names.next().and_then(|name| self.rest.get(name));
        match names.try_fold(first, |value, name| value.map(|value| value.get(name))) {
            Some(Some(Value::Array(roles))) => {
                Grants::known(roles.iter().filter_map(Value::as_str))
            }
            Some(Some(Value::String(roles))) => Grants::known(roles.split(' ')),
            _ => Grants::default(),
        }
    }
}
