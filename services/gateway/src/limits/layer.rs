//! The rate limits before all routes, behind the guard: who has proven who it is has a quota of its own.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::response::{IntoResponse, Response};
use axum::routing::Route;
use kit_core::Actor;
use kit_http::Admitted;
use tower::layer::layer_fn;
use tower::{Service as _, service_fn};

use super::{RateClass, RateLimits, Taken};
use crate::access::rate_class;
use crate::audit::{Audit, Caller};

/// Puts rate limits before all routes; to be called before [`kit_http::guarded`], which says who callers are.
pub fn rate_limited(router: Router, limits: Arc<RateLimits>, audit: Arc<Audit>) -> Router {
    router.layer(layer_fn(move |route: Route| {
        let (limits, audit) = (Arc::clone(&limits), Arc::clone(&audit));
        service_fn(move |request: Request| {
            let (limits, audit, route) = (Arc::clone(&limits), Arc::clone(&audit), route.clone());
            async move { Ok::<_, Infallible>(through(&limits, &audit, route, request).await) }
        })
    }))
}

async fn through(
    limits: &RateLimits,
    audit: &Audit,
    mut route: Route,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let path = head.extensions.get::<MatchedPath>().cloned();
    let class = path.as_ref().and_then(|path| rate_class(head.method.as_str(), path.as_str()));
    let caller: Option<Actor> = head.extensions.get().map(|Admitted { actor, .. }| actor.clone());
    let taken = match class {
        Some(class) => limits.take(class, caller.as_ref(), &head).await,
        None => None,
    };
    let answer = match taken.as_ref().map_or(Ok(()), Taken::check) {
        Ok(()) => {
            let body = match &taken {
                Some(taken) if class == Some(RateClass::Bulk) => taken.body(body),
                _ => body,
            };
            route.call(Request::from_parts(head, body)).await
        }
        Err(problem) => {
            let subject = caller.as_ref().map(Actor::as_str);
            let route = path.as_ref().map_or("", MatchedPath::as_str);
            audit.refused("rate_limited", route, &head, Caller { subject, key: None });
            Ok(problem.into_response())
        }
    };
    let Ok(mut answer) = answer;
    if let Some(taken) = taken {
        taken.write(answer.headers_mut());
    }
    answer
}
