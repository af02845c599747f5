//! Who may come in: asked about every request to a route, before its handler sees it.

use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::response::{IntoResponse, Response};
use axum::routing::Route;
use http::header::WWW_AUTHENTICATE;
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use kit_core::{Actor, Scope};
use tower::layer::layer_fn;
use tower::{Service as _, service_fn};

use crate::{Problem, RequestContext};

/// Which scheme a caller is to use that has sent no credential, or none that holds.
const CHALLENGE: HeaderValue = HeaderValue::from_static("Bearer realm=\"gondola\"");

/// A caller that may come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admitted {
    /// Who it is, as events record it.
    pub actor: Actor,
    /// What it may see and change.
    pub scope: Scope,
}

/// Decides who may come in.
#[async_trait]
pub trait Guard: Send + Sync {
    /// Who sends a request to a route, given as its path with the names of its parameters; `None` where anybody may come in.
    /// MUST refuse a route that it does not know.
    async fn admit(&self, route: &str, request: &Parts) -> Result<Option<Admitted>, Problem>;
}

/// The guard that let a request in, among its extensions.
#[derive(Clone)]
pub(crate) struct LetInBy(pub(crate) Arc<dyn Guard>);

/// Puts a guard before all routes; to be called before [`standard_layers`](crate::standard_layers), which give its answers what
/// all answers have. Who comes in is the actor of the request, whatever its headers say; layers within find [`Admitted`] among its
/// extensions.
pub fn guarded(router: Router, guard: Arc<dyn Guard>) -> Router {
    router.layer(layer_fn(move |route: Route| {
        let guard = Arc::clone(&guard);
        service_fn(move |request: Request| {
            let (guard, mut route) = (Arc::clone(&guard), route.clone());
            async move {
                match past(&guard, request).await {
                    Ok(request) => route.call(request).await,
                    Err(problem) => Ok(refused(problem)),
                }
            }
        })
    }))
}

/// The request as its handler sees it.
async fn past(guard: &Arc<dyn Guard>, request: Request) -> Result<Request, Problem> {
    let (mut head, body) = request.into_parts();
    // a path without a route leads nowhere for everybody
    if let Some(route) = head.extensions.get::<MatchedPath>().cloned()
        && let Some(admitted) = guard.admit(route.as_str(), &head).await?
    {
        let Admitted { actor, scope } = admitted.clone();
        head.extensions.insert(admitted);
        head.extensions.insert(LetInBy(Arc::clone(guard)));
        let context = head.extensions.get_mut::<RequestContext>();
        let context = context.ok_or_else(|| Problem::internal("no kit_http::standard_layers"))?;
        (context.actor, context.scope) = (actor, scope);
    }
    Ok(Request::from_parts(head, body))
}

fn refused(problem: Problem) -> Response {
    let mut response = problem.into_response();
    if response.status() == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(WWW_AUTHENTICATE, CHALLENGE);
    }
    response
}
