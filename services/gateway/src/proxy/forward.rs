//! The way of one request: to the process of its store, or to the next, or back with the reason.

use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use kit_http::{Problem, RequestContext, body_failed};
use kit_http_client::{begin_span, end_span};

use super::attempt::{Outgoing, is_looked_into};
use super::headers;
use super::named::Named;
use super::pool::Pool;
use super::upgrade::Upgrading;
use super::upstream::Failure;

/// How much of a body is looked into, in bytes. A body that ends within it can also be sent again.
const LOOKED_INTO_MAX: usize = 64 * 1024;

/// When a service without a process may be asked again: a process that was started anew is found within a second.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Passes a request on and its answer back.
pub(super) async fn forward(pool: &Pool, request: Request) -> Response {
    match try_forward(pool, request).await {
        Ok(answer) => answer,
        Err(problem) => problem.into_response(),
    }
}

async fn try_forward(pool: &Pool, mut request: Request) -> Result<Response, Problem> {
    let upgrading = Upgrading::of(&mut request);
    let (head, mut body) = request.into_parts();
    let context = head.extensions.get::<RequestContext>().cloned();
    let context = context.ok_or_else(|| Problem::internal("no kit_http::standard_layers"))?;
    let mut named = Named::in_head(&head);
    let looked_into = is_looked_into(&head);
    let beginning = if looked_into { beginning_of(&mut body).await? } else { Bytes::new() };
    if looked_into {
        named = named.or_in_body(&beginning);
    }
    let key = named.key(&pool.memory);
    let rest = (!body.is_end_stream()).then_some(body);
    let mut outgoing = Outgoing::new(head, &named, beginning, rest);
    if upgrading.is_some() {
        Upgrading::ask(&mut outgoing.headers);
    }
    let answer = send(pool, key, outgoing, &context).await.map_err(|none| problem(pool, none))?;
    if let Some(upgrading) = upgrading {
        return Ok(pool.tunnels.begin(upgrading, answer));
    }
    let (mut head, body) = answer.into_parts();
    named.learn(&head, &pool.memory);
    headers::end_to_end(&mut head.headers);
    Ok(Response::from_parts(head, Body::new(body)))
}

/// The body up to a limit, or as far as it goes.
async fn beginning_of(body: &mut Body) -> Result<Bytes, Problem> {
    let mut beginning = Vec::new();
    while beginning.len() < LOOKED_INTO_MAX && !body.is_end_stream() {
        match body.frame().await {
            Some(Ok(frame)) => {
                if let Ok(data) = frame.into_data() {
                    beginning.extend_from_slice(&data);
                }
            }
            Some(Err(error)) => return Err(body_failed(&error)),
            None => break,
        }
    }
    Ok(beginning.into())
}

/// Asks one process after the other, as long as that is safe and there is time; the error is the last failure, if any was asked.
async fn send(
    pool: &Pool,
    key: Option<u64>,
    mut outgoing: Outgoing,
    context: &RequestContext,
) -> Result<Response<Incoming>, Option<Failure>> {
    pool.budget.earn();
    let mut last = None;
    for upstream in pool.in_order(key) {
        let Some(mut visit) = upstream.enter() else { continue };
        if last.is_some_and(|last| !(outgoing.may_follow(last) && pool.budget.spend())) {
            break;
        }
        if last.is_some() {
            pool.repetitions.increment(1);
        }
        let time = context.time_left();
        let Some(mut request) = outgoing.to(upstream, time) else { break };
        let mut span = begin_span(&mut request, pool.service);
        let repeatable = outgoing.is_repeatable;
        let sent = visit.send(pool.client(), request, repeatable);
        let failure = match tokio::time::timeout(time, sent).await {
            Ok(Ok(answer)) => {
                end_span(span, answer.status());
                return Ok(answer);
            }
            Ok(Err(failure)) => failure,
            Err(_elapsed) => visit.too_late(time),
        };
        if let Some(span) = &mut span {
            span.fail(failure.told());
        }
        last = Some(failure);
    }
    Err(last)
}

/// What is said for a service that did not answer.
fn problem(pool: &Pool, last: Option<Failure>) -> Problem {
    let service = pool.service;
    let problem = match last {
        None | Some(Failure::NotSent) => {
            let (code, title) = ("service-unavailable", "A service is away");
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, code, title)
                .detail(format!("no process of the {service} service can be reached; nothing was done"))
        }
        Some(Failure::Unanswered | Failure::TooLate) => {
            Problem::outcome_unknown(RETRY_AFTER).detail(format!(
                "the process of the {service} service did not answer; a change may or may not have happened. Send the same \
                 request with the same Idempotency-Key again to find out"
            ))
        }
    };
    problem.with("service", service).retry_after(RETRY_AFTER.max(pool.rest()))
}
