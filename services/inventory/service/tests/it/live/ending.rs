//! How live streams end, and who may have one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use http::StatusCode;
use http::request::Parts;
use kit_core::{Actor, Scope};
use kit_http::{Admitted, Guard, Problem, guarded};
use serde_json::json;
use tokio_tungstenite::tungstenite::Error;

use super::client::{Client, LIVE, Served, Wire, websocket};
use super::{OTHER_STORE, stores};
use crate::app::{App, STORE, about};

/// Streams that one caller may have.
const OF_CALLER: usize = 32;

/// Lets in who names itself: to [`STORE`] only, until told to let nobody in, or to another store.
#[derive(Default)]
struct Porter {
    is_closed: AtomicBool,
    has_moved: AtomicBool,
}

#[async_trait]
impl Guard for Porter {
    async fn admit(&self, route: &str, request: &Parts) -> Result<Option<Admitted>, Problem> {
        assert_eq!(route, LIVE);
        let name = request.headers.get("x-name").and_then(|name| name.to_str().ok());
        if name.is_none() || self.is_closed.load(Ordering::Relaxed) {
            return Err(Problem::new(StatusCode::UNAUTHORIZED, "invalid-credential", "No"));
        }
        let store = if self.has_moved.load(Ordering::Relaxed) { OTHER_STORE } else { STORE };
        let scope = Scope::only([store.parse().unwrap()]);
        Ok(Some(Admitted { actor: Actor::new(name.unwrap()).unwrap(), scope }))
    }
}

fn with_porter(app: &App) -> (Router, Arc<Porter>) {
    let porter = Arc::new(Porter::default());
    (guarded(app.routes.clone(), Arc::clone(&porter) as _), porter)
}

async fn add_in(app: &App, store: &str) {
    let mut body = about(1, json!({"quantity": 1}));
    body["storeId"] = json!(store);
    app.post("/stock", body).await.expect(201);
}

#[tokio::test]
async fn a_caller_with_one_store_follows_that_store_only() {
    let app = App::start("memory").await;
    let (routes, _porter) = with_porter(&app);
    let served = Served::start(routes, &app.drain).await;
    for wire in [Wire::Sse, Wire::WebSocket] {
        let mut client = Client::open_with(&served, wire, "after=0", &[("x-name", "maria")]).await;
        client.next().await.unwrap();
        // of the past, and of what is to come
        for store in [OTHER_STORE, STORE, OTHER_STORE, STORE] {
            add_in(&app, store).await;
        }
        let seen = [client.next().await.unwrap(), client.next().await.unwrap()];
        assert_eq!(stores(&seen), [json!(STORE)].into());
        assert_eq!(seen[1].id, seen[0].id.map(|id| id + 2), "{wire:?}");
    }
    let query = format!("stores={OTHER_STORE}");
    let refused = websocket(&served, &query, &[("x-name", "maria")]).await.unwrap_err();
    let Error::Http(refused) = refused else { panic!("{refused}") };
    assert_eq!(refused.status(), 404, "as if there were no such store");
    app.shut_down().await;
}

#[tokio::test(start_paused = true)]
async fn a_credential_that_holds_no_longer_ends_the_stream() {
    let app = App::start("memory").await;
    for moved in [false, true] {
        let (routes, porter) = with_porter(&app);
        let mut client = Client::in_process(&routes, "", &[("x-name", "maria")]).await;
        client.next().await.unwrap();
        tokio::time::sleep(Duration::from_secs(11)).await;
        add_in(&app, STORE).await;
        assert_eq!(client.next().await.unwrap().event, "StockAddedEvent", "it still holds");
        let change = if moved { &porter.has_moved } else { &porter.is_closed };
        change.store(true, Ordering::Relaxed);
        let begun = tokio::time::Instant::now();
        let rest = client.rest().await;
        assert!(begun.elapsed() <= Duration::from_secs(5), "{:?}", begun.elapsed());
        let (ended, rest) = rest.split_last().unwrap();
        assert_eq!(ended.data["reason"], "credential");
        assert!(rest.iter().all(|told| told.event == "heartbeat"), "{rest:?}");
    }
    tokio::time::resume();
    app.shut_down().await;
}

/// Who writes much meanwhile keeps nobody from looking at the credential.
#[tokio::test]
async fn a_client_that_talks_all_the_time_is_asked_about_again_all_the_same() {
    let app = App::start("memory").await;
    let (routes, porter) = with_porter(&app);
    let served = Served::start(routes, &app.drain).await;
    let mut client = Client::open_with(&served, Wire::WebSocket, "", &[("x-name", "maria")]).await;
    client.next().await.unwrap();
    porter.is_closed.store(true, Ordering::Relaxed);
    let told = async {
        loop {
            if client.say("x".into()).await.is_err() {
                return None;
            }
            if let Ok(told) = tokio::time::timeout(Duration::from_millis(20), client.next()).await {
                return told;
            }
        }
    };
    let told = tokio::time::timeout(crate::app::PATIENCE, told).await.expect("it is asked about");
    assert_eq!(told.unwrap().data["reason"], "credential");
    assert!(client.next().await.is_none());
    assert_eq!(client.closed(), Some(1008), "policy violation");
    app.shut_down().await;
}

#[tokio::test]
async fn a_caller_has_so_many_streams_and_others_have_theirs() {
    let app = App::start("memory").await;
    let (routes, _porter) = with_porter(&app);
    let served = Served::start(routes, &app.drain).await;
    let mut open = Vec::new();
    for number in 0..OF_CALLER {
        let wire = if number % 2 == 0 { Wire::Sse } else { Wire::WebSocket };
        let mut client = Client::open_with(&served, wire, "", &[("x-name", "maria")]).await;
        client.next().await.unwrap();
        open.push(client);
    }
    let maria = async || websocket(&served, "", &[("x-name", "maria")]).await;
    let Err(Error::Http(refused)) = maria().await else { panic!("one too many") };
    assert_eq!(
        (refused.status().as_u16(), &refused.headers()["retry-after"]),
        (429, &"5".parse().unwrap())
    );
    assert!(websocket(&served, "", &[("x-name", "joao")]).await.is_ok());
    open.pop();
    let freed = async {
        while maria().await.is_err() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(crate::app::PATIENCE, freed).await.unwrap();
    drop(open);
    app.shut_down().await;
}

#[tokio::test]
async fn a_drain_tells_all_where_to_go_on_and_ends() {
    let app = App::start("memory").await;
    let served = Served::start(app.routes.clone(), &app.drain).await;
    let (mut events, mut socket) = (
        Client::open(&served, Wire::Sse, "").await,
        Client::open(&served, Wire::WebSocket, "").await,
    );
    for client in [&mut events, &mut socket] {
        client.next().await.unwrap();
    }
    app.add(1, 1).await;
    for client in [&mut events, &mut socket] {
        client.next().await.unwrap();
    }
    app.drain.cancel();
    for client in [&mut events, &mut socket] {
        let rest = client.rest().await;
        assert_eq!(rest.len(), 1);
        assert_eq!(rest[0].data, json!({"reason": "shutdown", "resumeAfter": 1}));
    }
    assert_eq!(socket.closed(), Some(1012), "service restart");
    app.shut_down().await;
}

#[tokio::test]
async fn a_websocket_takes_no_long_messages_and_no_page_of_another_origin() {
    let app = App::start("memory").await;
    let served = Served::start(app.routes.clone(), &app.drain).await;
    let mut client = Client::open(&served, Wire::WebSocket, "").await;
    client.next().await.unwrap();
    client.say("x".repeat(100_000)).await.unwrap();
    assert!(client.next().await.is_none(), "it ends");
    let own = format!("http://{}", served.address);
    assert!(websocket(&served, "", &[("origin", &own)]).await.is_ok());
    let other = websocket(&served, "", &[("origin", "http://evil.example")]).await;
    let Err(Error::Http(refused)) = other else { panic!("it was let in") };
    assert_eq!(refused.status(), 403);
    app.shut_down().await;
}
