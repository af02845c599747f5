//! A guard before all routes.

use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use axum::routing::{get, post};
use http::request::Parts;
use http::{Request, StatusCode};
use kit_core::{Actor, Scope};
use kit_http::{
    Admitted, CallerHeaders, Guard, HttpConfig, Json, Problem, RequestContext, guarded,
    standard_layers,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::call;

/// Lets anybody in at one route, and at the others one that says the word.
struct Porter;

#[async_trait]
impl Guard for Porter {
    async fn admit(&self, route: &str, request: &Parts) -> Result<Option<Admitted>, Problem> {
        match (route, request.headers.get("x-word").is_some()) {
            ("/open", _) => Ok(None),
            ("/panics", _) => panic!("a bug in the guard"),
            (_, true) => {
                let scope = Scope::only([Uuid::from_u128(7)]);
                Ok(Some(Admitted { actor: Actor::system("maria"), scope }))
            }
            (_, false) => {
                let (code, title) = ("authentication-required", "Authentication required");
                Err(Problem::new(StatusCode::UNAUTHORIZED, code, title))
            }
        }
    }
}

async fn seen(context: RequestContext, headers: CallerHeaders) -> Json<Value> {
    let caller = headers.caller(&());
    assert_eq!(caller.scope, context.scope, "a command has the scope of its request");
    let limited = caller.scope.owners().map(std::collections::BTreeSet::len);
    Json(json!({ "actor": caller.actor.as_str(), "limited": limited }))
}

fn app() -> Router {
    let routes = Router::new()
        .route("/open", get(seen))
        .route("/panics", get(seen))
        .route("/guarded/{id}", post(seen));
    standard_layers(guarded(routes, Arc::new(Porter)), HttpConfig::default())
}

async fn ask(method: &str, path: &str, headers: &[(&str, &str)]) -> crate::Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    call(&app(), request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_caller_that_is_let_in_is_the_actor_and_has_its_scope() {
    let answer = ask("POST", "/guarded/1", &[("x-word", "1"), ("x-actor", "user:other")]).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.body, json!({ "actor": "maria", "limited": 1 }));
}

#[tokio::test]
async fn where_anybody_may_come_in_all_is_as_without_a_guard() {
    let answer = ask("GET", "/open", &[("x-actor", "user:other")]).await;
    assert_eq!(answer.body, json!({ "actor": "user:other", "limited": null }));
}

#[tokio::test]
async fn a_refusal_is_an_answer_like_all_others_with_a_challenge() {
    let answer = ask("POST", "/guarded/1", &[("x-request-id", "r-1")]).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"gondola\"");
    assert_eq!(answer.header("x-request-id"), "r-1");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.body["code"], "authentication-required");
}

#[tokio::test]
async fn another_method_is_asked_about_too_and_another_path_leads_nowhere() {
    assert_eq!(ask("GET", "/guarded/1", &[]).await.status, StatusCode::UNAUTHORIZED);
    let word = [("x-word", "1")];
    assert_eq!(ask("GET", "/guarded/1", &word).await.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(ask("GET", "/nowhere", &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_guard_that_fails_lets_nobody_in() {
    let answer = ask("GET", "/panics", &[("x-word", "1")]).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
}
