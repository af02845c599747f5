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
        .merge(assets())
        .merge(viewers::routes(openapi))
        .merge(problems::routes())
}

/// The style sheets and scripts of our own.
fn assets() -> Router {
    let files = [
        ("/assets/gondola.css", CSS, include_str!("../web/gondola.css")),
        ("/assets/viewers.css", CSS, include_str!("../web/viewers.css")),
        ("/assets/calls.js", JAVASCRIPT, include_str!("../web/calls.js")),
        ("/assets/events.js", JAVASCRIPT, include_str!("../web/events.js")),
        ("/assets/feed.js", JAVASCRIPT, include_str!("../web/feed.js")),
        ("/assets/landing.js", JAVASCRIPT, include_str!("../web/landing.js")),
        ("/assets/mend.js", JAVASCRIPT, include_str!("../web/mend.js")),
        ("/assets/redoc.js", JAVASCRIPT, include_str!("../web/redoc.js")),
        ("/assets/swagger.js", JAVASCRIPT, include_str!("../web/swagger.js")),
    ];
    files.into_iter().fold(Router::new(), |router, (path, media_type, text)| {
        router.route(path, Asset::fixed(media_type, text).route())
    })
}
