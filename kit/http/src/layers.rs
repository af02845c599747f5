//! What happens around every request, in one layer: context, panics, deadline, headers, compression, log.

use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::response::{IntoResponse, Response};
use axum::routing::Route;
use http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, ETAG, LOCATION, RETRY_AFTER, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderName, HeaderValue, Method, StatusCode};
use kit_core::{Actor, Clock, IdSource, RandomIds, SystemClock};
use kit_trace::Entered;
use tower::layer::layer_fn;
use tower::{Service, ServiceExt, service_fn};
use tower_http::CompressionLevel;
use tower_http::compression::Compression;
use tower_http::cors::{AllowHeaders, Any, CorsLayer};

use crate::context::REQUEST_ID;
use crate::few_lines::FewLines;
use crate::idempotency::IDEMPOTENCY_REPLAYED;
use crate::kept::KeptBody;
use crate::metrics::{self, RouteMetrics};
use crate::passed_on::PassedOn;
use crate::problem::{Cause, Refused};
use crate::telling::{ProblemPage, Refusable, Telling};
use crate::{AllowedHosts, Contract, Problem, RequestContext, hosts, origin, trace, wants_page};

/// Longest request body unless a route has its own `axum::extract::DefaultBodyLimit` layer, in bytes.
pub const BODY_BYTES_MAX: usize = 256 * 1024;

/// Shortest answer worth compressing, in bytes; below, gzip and its headers cost more than they save.
const COMPRESS_BYTES_MIN: u64 = 1024;

/// Requests that take longer than this are logged even when they succeed.
const SLOW: Duration = Duration::from_secs(1);

/// `Retry-After` of an answer that missed its deadline.
const RETRY_AFTER_DEADLINE: Duration = Duration::from_secs(1);

/// How long a browser need not ask again whether a page may call.
const PREFLIGHT_KEPT: Duration = Duration::from_mins(10);

/// How long browsers come by HTTPS alone, in seconds: a year.
const STRICT_FOR_A_YEAR: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// How the standard layers behave.
#[derive(Clone)]
pub struct HttpConfig {
    /// How long a handler may take until its answer's head; then 503. An answer's body may stream on.
    pub deadline: Duration,
    /// Longest request body in bytes.
    pub body_bytes_max: usize,
    /// Web origins whose pages may call the API from a browser, and open WebSockets; the one entry `*` means all. None by default:
    /// without authentication, any page that a user of this machine visits could otherwise change stock. Pages
    /// served by the same host and port need no entry.
    pub cors_origins: Vec<HeaderValue>,
    /// The names that requests may be sent to (421 otherwise); all where there is none.
    pub hosts: Option<AllowedHosts>,
    /// Whether clients come by HTTPS: browsers are then told to come no other way. Not under names of this machine
    /// alone, where other servers have other ports.
    pub https: bool,
    /// What the operations take: a refused request is held against it, so that its answer has all its faults.
    pub contract: Option<Arc<Contract>>,
    /// Makes the pages of problems, for browsers; JSON for all where there is none.
    pub problem_page: Option<ProblemPage>,
    /// Time for new request ids.
    pub clock: Arc<dyn Clock>,
    /// New request ids.
    pub ids: Arc<dyn IdSource>,
}

impl Default for HttpConfig {
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(30),
            body_bytes_max: BODY_BYTES_MAX,
            cors_origins: Vec::new(),
            hosts: None,
            https: false,
            contract: None,
            problem_page: None,
            clock: Arc::new(SystemClock),
            ids: Arc::new(RandomIds),
        }
    }
}

/// Puts the layers that every API has around all routes; call it once, last.
///
/// They give each request its [`RequestContext`] and echo `x-request-id`; turn panics, missed deadlines and
/// bare error statuses (unknown routes and methods) into problems; limit bodies; set `x-content-type-options`
/// and a `cache-control` where the handler set none; gzip answers of known length over 1 KiB (streams never);
/// answer CORS preflights and refuse what other origins' pages would change, and their WebSockets; and log one line per request: `debug`, `info` when slower than a second
/// or refused as it is (ten such a second and route), `warn` or `error` for 5xx.
pub fn standard_layers(router: Router, config: HttpConfig) -> Router {
    metrics::describe();
    let cors = cors(&config.cors_origins);
    let shared = Arc::new(Shared { anonymous: Actor::system("api"), config });
    // A closure over the route rather than a stack of middleware: every layer of the stack would cost each
    // request a boxed service and a boxed future.
    let standard = layer_fn(move |route: Route| {
        let (shared, mut route) = (Arc::clone(&shared), route);
        let of_route = Arc::new(OfRoute::default());
        service_fn(move |mut request: Request| {
            let (exchange, refusal) = Exchange::begin(&shared, &of_route, &mut request);
            let answer = match refusal {
                Some(problem) => Err(problem),
                None => Ok(route.call(request)),
            };
            exchange.run(answer)
        })
    });
    // handlers become routes here, once: axum would otherwise make them, and what is around them, anew for each request
    let router = router.with_state::<()>(()).layer(standard);
    match cors {
        Some(cors) => router.layer(cors),
        None => router,
    }
}

struct Shared {
    config: HttpConfig,
    /// The actor of requests that name none.
    anonymous: Actor,
}

/// What the requests of a route share.
#[derive(Default)]
struct OfRoute {
    metrics: RouteMetrics,
    refused: FewLines,
}

/// One request and what its answer needs to know of it.
struct Exchange {
    shared: Arc<Shared>,
    of_route: Arc<OfRoute>,
    started: Instant,
    context: RequestContext,
    method: Method,
    route: Option<MatchedPath>,
    accept_encoding: Option<HeaderValue>,
    /// Whether a problem is to be a page.
    wants_page: bool,
    /// Present where a refused request is held against a contract.
    refusable: Option<Refusable>,
    /// Browsers are to come by HTTPS alone.
    strict_transport: bool,
    /// Present where requests are traced.
    trace: Option<Box<Entered>>,
}

impl Exchange {
    /// Reads what the answer needs and adds context and body limit as extensions for the handler. A request to another
    /// server or with invalid context headers is returned with its refusal.
    fn begin(
        shared: &Arc<Shared>,
        of_route: &Arc<OfRoute>,
        request: &mut Request,
    ) -> (Self, Option<Problem>) {
        let HttpConfig { clock, ids, body_bytes_max, hosts, deadline, cors_origins, .. } =
            &shared.config;
        let headers = request.headers();
        let (clock, ids) = (clock.as_ref(), ids.as_ref());
        let (context, refusal) =
            RequestContext::read(headers, &shared.anonymous, ids, clock, *deadline);
        let misdirected =
            hosts.as_ref().and_then(|hosts| hosts.check(request.uri(), headers).err());
        let other_origin =
            origin::check(cors_origins, (request.method(), request.uri()), headers).err();
        let accept_encoding = headers.get(ACCEPT_ENCODING).cloned();
        let wants_page = shared.config.problem_page.is_some() && wants_page(headers);
        let refusable = shared.config.contract.as_ref().map(|contract| {
            let body = KeptBody::new(Arc::clone(contract));
            request.extensions_mut().insert(body.clone());
            Refusable::new(request.uri().clone(), body)
        });
        DefaultBodyLimit::max(*body_bytes_max).apply(request);
        request.extensions_mut().insert(context.clone());
        let strict_transport =
            shared.config.https && !hosts::is_this_machine(request.uri(), request.headers());
        let trace = trace::enter(request, context.correlation_id);
        let exchange = Self {
            shared: Arc::clone(shared),
            wants_page,
            refusable,
            trace,
            strict_transport,
            of_route: Arc::clone(of_route),
            started: Instant::now(),
            context,
            method: request.method().clone(),
            route: request.extensions().get().cloned(),
            accept_encoding,
        };
        (exchange, misdirected.or(other_origin).or(refusal))
    }

    /// Awaits the answer and makes it fit to leave.
    async fn run(
        mut self,
        answer: Result<impl Future<Output = Result<Response, Infallible>>, Problem>,
    ) -> Result<Response, Infallible> {
        let deadline = self.context.time_left();
        let trace = self.trace.as_ref().map(|trace| trace.context);
        let answer = answer.map(|answer| {
            let work = PassedOn::within(&self.context, unless_panic(answer));
            kit_trace::within(trace, work)
        });
        let response = match answer {
            Ok(answer) => match tokio::time::timeout(deadline, answer).await {
                Ok(Ok(Ok(response))) => response,
                Ok(Err(panic)) => Problem::internal(panic).into_response(),
                Err(_elapsed) => deadline_missed(deadline).into_response(),
            },
            Err(refusal) => refusal.into_response(),
        };
        let mut response = self.told(with_body(response));
        trace::end(self.trace.take(), response.status());
        kit_trace::within_call(trace, || self.tell(&mut response));
        self.set_headers(&mut response);
        Ok(self.compressed(response).await)
    }

    /// The answer; a problem says which request it is about, and all that is wrong with it.
    fn told(&self, response: Response) -> Response {
        let HttpConfig { problem_page, .. } = &self.shared.config;
        let telling = Telling {
            request_id: &self.context.request_id,
            method: &self.method,
            route: self.route.as_ref(),
            kept: self.refusable.as_ref(),
            page: *problem_page,
            wants_page: self.wants_page,
        };
        telling.finish(response)
    }

    fn set_headers(&self, response: &mut Response) {
        let headers = response.headers_mut();
        headers.insert(REQUEST_ID, self.context.request_id.header_value());
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if self.strict_transport {
            headers.insert(STRICT_TRANSPORT_SECURITY, STRICT_FOR_A_YEAR);
        }
        if !headers.contains_key(CACHE_CONTROL) {
            // An answer with a tag is worth keeping, but only to be asked about again.
            let keep = if headers.contains_key(ETAG) { "no-cache" } else { "no-store" };
            headers.insert(CACHE_CONTROL, HeaderValue::from_static(keep));
        }
    }

    /// Compresses an answer of known length; a stream passes as it is, since gzip would hold its items back.
    async fn compressed(&self, response: Response) -> Response {
        let length = response.body().size_hint().exact();
        if length.is_none_or(|length| length < COMPRESS_BYTES_MIN) {
            return response;
        }
        let mut request = http::Request::new(());
        if let Some(accept) = &self.accept_encoding {
            request.headers_mut().insert(ACCEPT_ENCODING, accept.clone());
        }
        let mut response = Some(response);
        let answered = service_fn(move |_: http::Request<()>| {
            std::future::ready(Ok::<_, Infallible>(response.take().unwrap_or_default()))
        });
        let Ok(compressed) =
            Compression::new(answered).quality(CompressionLevel::Fastest).oneshot(request).await;
        compressed.map(Body::new)
    }

    /// Counts the answer and writes its line.
    fn tell(&self, response: &mut Response) {
        let status = response.status();
        let cause = response.extensions_mut().remove::<Cause>().map(|Cause(cause)| cause);
        let refused = response.extensions_mut().remove::<Refused>();
        let route = self.route.as_ref().map_or("unmatched", MatchedPath::as_str);
        let duration = self.started.elapsed();
        self.of_route.metrics.count(route, &self.method, status, duration);
        let duration_ms = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        macro_rules! line {
            ($level:ident, $event:literal $(, $field:ident)*) => {
                tracing::$level!(
                    $($field,)*
                    method = %self.method,
                    route,
                    status = status.as_u16(),
                    duration_ms,
                    request_id = %self.context.request_id,
                    cause,
                    $event
                )
            };
        }
        if status == StatusCode::INTERNAL_SERVER_ERROR {
            line!(error, "request failed");
        } else if status.is_server_error() {
            line!(warn, "request not served");
        } else if duration > SLOW {
            line!(info, "slow request");
        } else if let Some(Refused(code)) = refused
            && let Some(left_out) = self.of_route.refused.take(Instant::now())
        {
            let left_out = Some(left_out).filter(|lines| *lines > 0);
            line!(info, "request refused", code, left_out);
        } else {
            line!(debug, "request");
        }
    }
}

/// The future's output, or its panic. (The panic hook logs the panic with its location.)
async fn unless_panic<F: Future>(future: F) -> Result<F::Output, String> {
    let mut future = pin!(future);
    std::future::poll_fn(move |context| {
        let polled = catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context)));
        match polled {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
            Err(payload) => {
                let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
                let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
                let text = text.unwrap_or_else(|| "a value that is no text".to_owned());
                Poll::Ready(Err(format!("panic: {text}")))
            }
        }
    })
    .await
}

fn deadline_missed(deadline: Duration) -> Problem {
    let (code, title) = ("deadline-exceeded", "No answer in time");
    // whole milliseconds: a little of the time was gone before it was looked at
    let within = match (deadline + Duration::from_micros(500)).as_millis() {
        millis if millis.is_multiple_of(1_000) => format!("{} s", millis / 1_000),
        millis => format!("{millis} ms"),
    };
    let detail = format!(
        "no answer within {within}; a change may still take effect: repeat it with the same idempotency-key"
    );
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, code, title)
        .detail(detail)
        .retry_after(RETRY_AFTER_DEADLINE)
}

/// Gives a bare error status, such as the router's own 404 and 405, a problem as its body.
fn with_body(response: Response) -> Response {
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    if !is_error || response.body().size_hint().exact() != Some(0) {
        return response;
    }
    let problem = match status {
        StatusCode::NOT_FOUND => Problem::not_found("no such resource, see /openapi.json"),
        StatusCode::METHOD_NOT_ALLOWED => {
            let (code, title) = ("method-not-allowed", "Method not allowed");
            Problem::new(status, code, title).detail("header allow names the methods that are")
        }
        _ => Problem::new(status, "error", status.canonical_reason().unwrap_or("Error")),
    };
    let mut with_body = problem.into_response();
    let problem_headers = std::mem::take(with_body.headers_mut());
    *with_body.headers_mut() = response.headers().clone();
    with_body.headers_mut().extend(problem_headers);
    with_body
}

/// What a page may see of an answer, beside what all pages may.
const EXPOSED: [HeaderName; 7] = [
    REQUEST_ID,
    ETAG,
    LOCATION,
    RETRY_AFTER,
    IDEMPOTENCY_REPLAYED,
    HeaderName::from_static("ratelimit"),
    HeaderName::from_static("ratelimit-policy"),
];

/// None where no web origin is allowed, which then costs nothing.
fn cors(origins: &[HeaderValue]) -> Option<CorsLayer> {
    // the headers that are asked for instead of `*`, which does not stand for `Authorization`
    let headers = AllowHeaders::mirror_request();
    let cors = CorsLayer::new().allow_methods(Any).allow_headers(headers).expose_headers(EXPOSED);
    let cors = cors.max_age(PREFLIGHT_KEPT);
    if origins.is_empty() {
        None
    } else if origins.iter().any(|origin| origin == "*") {
        Some(cors.allow_origin(Any))
    } else {
        Some(cors.allow_origin(origins.to_vec()))
    }
}
