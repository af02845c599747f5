//! A gateway before processes that answer, die, hang and come back.

mod breaker;
mod faults;
mod routing;
mod streams;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use gondola_gateway::{Routing, Service, proxied};
use http::{HeaderMap, Method, StatusCode};
use kit_http::{HttpConfig, Readiness, ServerConfig, serve, standard_layers};
use kit_testkit::http::{Answer, TestClient};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, PathItem};
use utoipa::openapi::{OpenApi, OpenApiBuilder, PathsBuilder};

/// Where a WebSocket may be opened.
const LIVE: &str = "/api/v1/live";

/// What the service answers to.
const PATHS: [&str; 6] = [
    LIVE,
    "/api/v1/inventory/reserve",
    "/api/v1/inventory/commit",
    "/api/v1/inventory/batch",
    "/api/v1/inventory/stores/{store}/products",
    "/api/v1/inventory/reservations/{reservationId}",
];

/// What answers to reads say to caches.
const CACHE_CONTROL: &str = "public, max-age=0, s-maxage=30, stale-if-error=60";

/// The store that every answer to a change names.
const STORE_ID: &str = "11111111-1111-1111-1111-111111111111";

/// The reservation that every change makes.
const RESERVATION: &str = "01a2018f-cd78-71ec-bd03-a858ef3bd04b";

/// A process of the service; stopped when it is dropped.
struct Process {
    address: SocketAddr,
    /// Headers of the requests that it got.
    got: Arc<Mutex<Vec<HeaderMap>>>,
    readiness: Readiness,
    stop: CancellationToken,
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Process {
    async fn start() -> Self {
        Self::serving("127.0.0.1:0", Router::new()).await
    }

    /// With more routes than the usual answer.
    async fn serving(place: &str, routes: Router) -> Self {
        let got = Arc::new(Mutex::new(Vec::new()));
        let usual = Router::new().fallback(answer).with_state(Arc::clone(&got));
        let readiness = Readiness::new(vec![]);
        let routes = routes.merge(readiness.routes()).merge(usual);
        let listener = TcpListener::bind(place).await.unwrap();
        let (address, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
        let app = standard_layers(routes, HttpConfig::default());
        tokio::spawn(serve(listener, app, ServerConfig::default(), stop.clone()));
        Self { address, got, readiness, stop }
    }

    fn requests(&self) -> usize {
        self.got.lock().unwrap().len()
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

async fn answer(State(got): State<Arc<Mutex<Vec<HeaderMap>>>>, request: Request) -> Response {
    got.lock().unwrap().push(request.headers().clone());
    if request.method() == Method::GET {
        let headers = [("cache-control", CACHE_CONTROL), ("surrogate-key", "a-1 b-2")];
        return (StatusCode::OK, headers, "read").into_response();
    }
    let place = format!("/api/v1/inventory/reservations/{RESERVATION}");
    let headers = [("x-store-id", STORE_ID.to_owned()), ("location", place)];
    (StatusCode::CREATED, headers, "done").into_response()
}

fn of_paths(paths: &[&str]) -> OpenApi {
    let paths = paths.iter().fold(PathsBuilder::new(), |paths, path| {
        paths.path(*path, PathItem::new(HttpMethod::Post, OperationBuilder::new()))
    });
    OpenApiBuilder::new().paths(paths).build()
}

/// A gateway before some services.
struct Gateway {
    client: TestClient,
    app: Router,
    stop: CancellationToken,
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Gateway {
    /// Before the processes of one service.
    fn before(urls: &[String], routing: Routing) -> Self {
        let upstreams = urls.iter().map(|url| url.parse().unwrap()).collect();
        Self::of([Service { name: "inventory", document: of_paths(&PATHS), upstreams, routing }])
    }

    fn of(services: impl IntoIterator<Item = Service>) -> Self {
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let (mut routes, mut checks) = (Router::new(), Vec::new());
        for service in services {
            let of_service = proxied(service, &tasks, &stop);
            routes = routes.merge(of_service.routes);
            checks.extend(of_service.checks);
        }
        let routes = routes.merge(Readiness::new(checks).routes());
        let app = standard_layers(routes, HttpConfig::default());
        Self { client: TestClient::new(app.clone(), ""), app, stop }
    }

    /// Listens, and gives its address.
    async fn serve(&self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = self.stop.clone();
        tokio::spawn(serve(listener, self.app.clone(), ServerConfig::default(), stop));
        address
    }

    /// Asks once, whatever the answer.
    async fn get(&self, path: &str) -> Answer {
        self.client.send(Method::GET, path, &[], None).await
    }
}
