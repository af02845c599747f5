//! What the API layers of all services share: server with timers and drain, problem details, extractors,
//! request context, health, pages and entity tags.
//!
//! ```
//! use axum::{Router, routing::post};
//! use kit_http::{HttpConfig, Json, Problem, RequestContext, standard_layers};
//!
//! #[derive(serde::Deserialize)]
//! #[serde(deny_unknown_fields)]
//! struct Greet { name: String }
//!
//! async fn greet(context: RequestContext, Json(body): Json<Greet>) -> Result<Json<String>, Problem> {
//!     if body.name.is_empty() {
//!         return Err(Problem::invalid("name", "a name must not be empty"));
//!     }
//!     Ok(Json(format!("{} greets {}", context.actor, body.name)))
//! }
//!
//! let app = standard_layers(Router::new().route("/greet", post(greet)), HttpConfig::default());
//! # let _ = app;
//! ```

mod arriving;
mod caller;
mod connection;
mod context;
mod contract;
mod cursor;
mod door;
mod edge_caching;
mod etag;
mod extract;
mod fault;
mod few_lines;
mod forsaken;
mod guard;
mod header;
mod health;
mod hosts;
mod idempotency;
mod in_flight;
mod kept;
mod layers;
mod metrics;
mod objects;
mod origin;
mod page;
mod page_asked;
mod part_faults;
mod passed_on;
mod patience;
mod problem;
mod reading;
mod server;
mod standing;
mod taken;
mod telling;
mod tls;
mod trace;
mod words;

pub use arriving::{body_failed, body_too_slow};
pub use caller::CallerHeaders;
pub use context::{REQUEST_ID, RequestContext, RequestId, TIMEOUT_MS};
pub use contract::{Contract, EXACTLY_ONE_OF, FAULTS_MAX};
pub use cursor::{Cursor, InvalidCursor, Place};
pub use door::PeerAddress;
pub use edge_caching::{EdgeCaching, EdgeLifetimes, SURROGATE_KEY};
pub use etag::ETag;
pub use extract::{BODY_READ_TIMEOUT, Json, Path, Query};
pub use fault::{Fault, FaultCode};
pub use guard::{Admitted, Guard, guarded};
pub use header::only_header;
pub use health::{CHECK_TIMEOUT, Check, Health, Readiness};
pub use hosts::AllowedHosts;
pub use idempotency::{IdempotencyKey, mark_replayed};
pub use layers::{BODY_BYTES_MAX, HttpConfig, standard_layers};
pub use metrics::metrics_routes;
pub use origin::wants_websocket;
pub use page::{InvalidLimit, Limit, Page};
pub use page_asked::wants_page;
pub use part_faults::PartFaults;
pub use passed_on::{PassedOn, carry};
pub use problem::{Problem, Problems, Told};
pub use server::{ServerConfig, serve, serve_over};
pub use standing::Standing;
pub use telling::ProblemPage;
pub use tls::{Tls, TlsError, TlsFiles};
pub use trace::TRACEPARENT;
