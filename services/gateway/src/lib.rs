//! The front door: landing page, API documents and their viewers, a page for each error code, and the way to processes elsewhere.
//!
//! Everything comes out of the binary: no page asks another host for anything, so they work in a shop's back
//! room without internet, and their content security policies hold them to it.

mod access;
mod asset;
mod audit;
mod clients;
mod document;
mod limits;
mod page;
mod problems;
mod proxy;
mod viewers;

use axum::Router;
use axum::response::Redirect;
use axum::routing::get;
use kit_core::Timestamp;

use crate::asset::{Asset, CSS, JAVASCRIPT, SVG};

pub use access::{ACCESS, Access, AccessGuard, RouteAccess, access};
pub use audit::Audit;
pub use clients::{InvalidProxy, TrustedProxies, TrustedProxy};
pub use document::{Document, document};
pub use limits::{Quotas, RateClass, RateLimits, rate_limited};
pub use problems::{PROBLEM_CODES, ProblemCode, problem_page};
pub use proxy::{Proxied, Routing, Service, proxied};

/// The product's version, as shown on the pages and in the OpenAPI document.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The data of the landing page about this process.
#[derive(Clone, Debug)]
pub struct GatewayInfo {
    /// Where the events are kept, as people say it, such as `SQLite`.
    pub event_store: String,
    /// When this process began to serve.
    pub started_at: Timestamp,
}

/// The routes for people and their tools: `/`, `/openapi.json`, `/openapi.yaml`, `/swagger`, `/redoc`, `/problems` and what these
/// pages need. The pages are made once, here.
pub fn routes(openapi: &Document, info: &GatewayInfo) -> Router {
    let favicon = get(|| async { Redirect::permanent("/favicon.svg") });
    Router::new()
        .route("/", page::landing(info).route())
        .route("/favicon.svg", Asset::fixed(SVG, include_str!("../web/favicon.svg")).route())
        .route("/favicon.ico", favicon)
        .route("/assets/gondola.css", Asset::fixed(CSS, include_str!("../web/gondola.css")).route())
        .route(
            "/assets/landing.js",
            Asset::fixed(JAVASCRIPT, include_str!("../web/landing.js")).route(),
        )
        .merge(viewers::routes(openapi))
        .merge(problems::routes())
}
