//! The guard before all routes: it knows the caller, and holds it to the table.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use http::StatusCode;
use http::request::Parts;
use kit_auth::{Authenticator, KeyId, Principal, Refused, Role};
use kit_core::{Actor, Clock};
use kit_http::{Admitted, Guard, Problem};

use super::table::{Access, access};
use crate::audit::{Audit, Caller};
use crate::limits::RateLimits;

/// When keys of an issuer may have been fetched that were not there; they are asked for so often.
const RETRY_AFTER: Duration = Duration::from_secs(30);

/// Lets callers in by their keys and tokens, as the table of routes and roles says.
pub struct AccessGuard {
    authenticator: Authenticator,
    clock: Arc<dyn Clock>,
    audit: Arc<Audit>,
    limits: Option<Arc<RateLimits>>,
}

impl AccessGuard {
    /// Knows callers by an authenticator, and when by a clock; with limits, who is refused too often is not asked again.
    pub fn new(
        authenticator: Authenticator,
        clock: Arc<dyn Clock>,
        audit: Arc<Audit>,
        limits: Option<Arc<RateLimits>>,
    ) -> Self {
        Self { authenticator, clock, audit, limits }
    }

    async fn let_in(
        &self,
        allowed: &'static [Role],
        route: &str,
        request: &Parts,
    ) -> Result<Admitted, Problem> {
        let now = self.clock.now();
        self.check_refusals(None, route, request)?;
        let principal = match self.authenticator.authenticate(&request.headers, now).await {
            Ok(principal) => principal,
            Err(refused) => {
                // an issuer that is away is nobody's fault who asks
                if refused != Refused::NoIssuerKeys {
                    self.note_refusal(None, request);
                }
                self.audit.refused(refused.reason(), route, request, Caller::default());
                return Err(unauthorized(&refused));
            }
        };
        let Some(scope) = principal.scope_for(allowed) else {
            self.check_refusals(Some(&principal), route, request)?;
            self.note_refusal(Some(&principal.subject), request);
            self.audit.refused("forbidden", route, request, named(&principal));
            return Err(forbidden(allowed, &principal));
        };
        Ok(Admitted { actor: principal.subject, scope })
    }

    /// Refuses who was refused too often.
    fn check_refusals(
        &self,
        principal: Option<&Principal>,
        route: &str,
        request: &Parts,
    ) -> Result<(), Problem> {
        let Some(limits) = &self.limits else { return Ok(()) };
        let subject = principal.map(|principal| &principal.subject);
        limits.check_refusals(subject, request).inspect_err(|_| {
            let caller = principal.map(named).unwrap_or_default();
            self.audit.refused("rate_limited", route, request, caller);
        })
    }

    fn note_refusal(&self, subject: Option<&Actor>, request: &Parts) {
        if let Some(limits) = &self.limits {
            limits.note_refusal(subject, request);
        }
    }
}

#[async_trait]
impl Guard for AccessGuard {
    async fn admit(&self, route: &str, request: &Parts) -> Result<Option<Admitted>, Problem> {
        match access(request.method.as_str(), route) {
            Access::Public => Ok(None),
            Access::Roles(allowed) => self.let_in(allowed, route, request).await.map(Some),
        }
    }
}

fn named(principal: &Principal) -> Caller<'_> {
    let key = principal.key.as_ref().map(KeyId::as_str);
    Caller { subject: Some(principal.subject.as_str()), key }
}

fn unauthorized(refused: &Refused) -> Problem {
    let unauthorized = |code, title| Problem::new(StatusCode::UNAUTHORIZED, code, title);
    let problem = match refused {
        Refused::Missing => unauthorized("authentication-required", "Authentication required"),
        Refused::NoIssuerKeys => {
            let (code, title) = ("authentication-unavailable", "Tokens cannot be verified");
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, code, title).retry_after(RETRY_AFTER)
        }
        _ => unauthorized("invalid-credential", "Invalid credential"),
    };
    problem.detail(refused.to_string())
}

fn forbidden(allowed: &[Role], principal: &Principal) -> Problem {
    let roles: Vec<_> = allowed.iter().map(|role| role.as_str()).collect();
    let (caller, its) = (&principal.subject, &principal.grants);
    let has = if its.is_empty() { "no role".to_owned() } else { its.to_string() };
    Problem::new(StatusCode::FORBIDDEN, "forbidden", "Not allowed")
        .detail(format!("this is for {}, and {caller} has {has}", roles.join(", ")))
        .with("roles", roles)
}
