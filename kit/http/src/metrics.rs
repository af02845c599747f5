//! How many requests a route has answered, how, and how fast. Each counter is made once, so a request costs two additions.

use std::sync::OnceLock;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use http::header::CONTENT_TYPE;
use http::{Method, StatusCode};
use metrics::{Counter, Histogram, Unit, counter, describe_counter, describe_histogram, histogram};

const REQUESTS: &str = "http_server_requests_total";
const DURATION: &str = "http_server_request_duration_seconds";

/// Methods with a label of their own; others share one, since callers can make up any.
const METHODS: [Method; 6] =
    [Method::GET, Method::POST, Method::PATCH, Method::PUT, Method::DELETE, Method::HEAD];

/// Statuses are from 100 to 599; what is beyond counts as the last.
const STATUSES: usize = 500;

/// What one route counts; nothing until something counts in this process.
#[derive(Default)]
pub(crate) struct RouteMetrics {
    by_method: [OnceLock<MethodMetrics>; METHODS.len() + 1],
}

struct MethodMetrics {
    seconds: Histogram,
    by_status: Box<[OnceLock<Counter>]>,
}

/// The media type of Prometheus' text format.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// `/metrics`, for a listener of its own: what is counted, as a function gives it in the text format of Prometheus.
pub fn metrics_routes(text: impl Fn() -> String + Clone + Send + Sync + 'static) -> Router {
    let page = move || std::future::ready(([(CONTENT_TYPE, TEXT)], text()));
    Router::new().route("/metrics", get(page))
}

/// Says what the numbers are; to be called when the server is made.
pub(crate) fn describe() {
    describe_counter!(REQUESTS, "Requests answered, by route, method and status");
    describe_histogram!(
        DURATION,
        Unit::Seconds,
        "Time until the head of the answer, by route and method"
    );
}

impl RouteMetrics {
    /// Counts an answer. `route` is the route's own text, so that paths do not become labels.
    pub(crate) fn count(&self, route: &str, method: &Method, status: StatusCode, took: Duration) {
        let known = METHODS.iter().position(|known| known == method);
        let name = if known.is_some() { method.as_str() } else { "other" };
        let metrics = self.by_method[known.unwrap_or(METHODS.len())]
            .get_or_init(|| MethodMetrics::new(route, name));
        metrics.seconds.record(took);
        let index = usize::from(status.as_u16().saturating_sub(100)).min(STATUSES - 1);
        let counter = metrics.by_status[index].get_or_init(|| {
            let status = status.as_str().to_owned();
            counter!(REQUESTS, "route" => route.to_owned(), "method" => name.to_owned(), "status" => status)
        });
        counter.increment(1);
    }
}

impl MethodMetrics {
    fn new(route: &str, method: &str) -> Self {
        Self {
            seconds: histogram!(DURATION, "route" => route.to_owned(), "method" => method.to_owned()),
            by_status: (0..STATUSES).map(|_| OnceLock::new()).collect(),
        }
    }
}
