//! The guard before all routes: it knows the caller, and holds it to the table.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use http::StatusCode;
use http::request::Parts;
use kit_auth::{Authenticator, KeyId, Principal, Refused, Role};
use kit_core::Clock;
use kit_http::{Admitted, Guard, PeerAddress, Problem, RequestContext};
use metrics::{counter, describe_counter};

use super::table::{Access, access};

const REFUSED: &str = "http_refused_callers_total";

/// When keys of an issuer may have been fetched that were not there; they are asked for so often.
const RETRY_AFTER: Duration = Duration::from_secs(30);

/// Lets callers in by their keys and tokens, as the table of routes and roles says.
pub struct AccessGuard {
    authenticator: Authenticator,
    clock: Arc<dyn Clock>,
}

impl AccessGuard {
    /// Knows callers by an authenticator, and when by a clock.
    pub fn new(authenticator: Authenticator, clock: Arc<dyn Clock>) -> Self {
        describe_counter!(REFUSED, "Requests that were refused for who sent them, by reason");
        Self { authenticator, clock }
    }

    async fn let_in(
        &self,
        allowed: &'static [Role],
        route: &str,
        request: &Parts,
    ) -> Result<Admitted, Problem> {
        let now = self.clock.now();
        let principal = match self.authenticator.authenticate(&request.headers, now).await {
            Ok(principal) => principal,
            Err(refused) => {
                note(refused.reason(), route, request, None);
                return Err(unauthorized(&refused));
            }
        };
        let Some(scope) = principal.scope_for(allowed) else {
            note("forbidden", route, request, Some(&principal));
            return Err(forbidden(allowed, &principal));
        };
        Ok(Admitted { actor: principal.subject, scope })
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

/// Counts a refused request, and writes who sent it for those who look into it later.
fn note(reason: &'static str, route: &str, request: &Parts, principal: Option<&Principal>) {
    counter!(REFUSED, "reason" => reason).increment(1);
    let peer = request.extensions.get().map(|PeerAddress(peer)| peer.to_string());
    let context = request.extensions.get::<RequestContext>();
    let request_id = context.map(|context| context.request_id.as_str());
    let key = principal.and_then(|principal| principal.key.as_ref()).map(KeyId::as_str);
    let subject = principal.map(|principal| principal.subject.as_str());
    let method = request.method.as_str();
    tracing::warn!(reason, method, route, subject, key, peer, request_id, "caller_refused");
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
