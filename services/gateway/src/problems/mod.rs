//! A page for each error code: the `type` of a problem leads to it.

mod table;
mod told;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::{ACCEPT, VARY};
use http::{HeaderMap, HeaderValue};
use kit_http::{Json, Path, Problem, wants_page};
use serde::Serialize;

use crate::asset::Asset;
use crate::page::{Page, escape};

pub use table::PROBLEM_CODES;
pub use told::problem_page;

/// An error code: what it means, and what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ProblemCode {
    /// The stable name; the last part of a problem's `type`.
    pub code: &'static str,
    /// The HTTP status that it comes with; none where several do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The title of such problems.
    pub title: &'static str,
    /// The heading that it stands below.
    pub topic: &'static str,
    /// What has happened.
    pub cause: &'static str,
    /// What to do next.
    pub remedy: &'static str,
}

impl ProblemCode {
    fn status_text(&self) -> String {
        self.status.map_or_else(|| "any".to_owned(), |status| status.to_string())
    }
}

type Pages = Arc<BTreeMap<&'static str, (&'static ProblemCode, Asset)>>;

/// `/problems` and `/problems/{code}`: pages, or JSON where the caller accepts that rather.
pub(crate) fn routes() -> Router {
    let all = Arc::new(index());
    let pages = PROBLEM_CODES.iter().map(|known| (known.code, (known, page(known))));
    let pages: Pages = Arc::new(pages.collect());
    let list =
        get(move |headers: HeaderMap| async move { chosen(&headers, &all, &*PROBLEM_CODES) });
    Router::new()
        .route("/problems", list.clone())
        .route("/problems/", list)
        .route("/problems/{code}", get(one))
        .with_state(pages)
}

async fn one(
    State(pages): State<Pages>,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (known, page) = pages.get(code.as_str()).ok_or_else(|| {
        Problem::not_found(format!(
            "there is no error code {code:?}, see /problems for all of them"
        ))
    })?;
    Ok(chosen(&headers, page, known))
}

/// The page, or the same as JSON.
fn chosen(headers: &HeaderMap, page: &Asset, facts: impl Serialize) -> Response {
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let wants_json = accept.contains("json") && !wants_page(headers);
    let mut response = if wants_json { Json(facts).into_response() } else { page.answer(headers) };
    response.headers_mut().insert(VARY, HeaderValue::from_static("accept"));
    response
}

fn page(known: &ProblemCode) -> Asset {
    let ProblemCode { code, title, topic, .. } = known;
    let (status, cause, remedy) = (known.status_text(), prose(known.cause), prose(known.remedy));
    let main = format!(
        r#"<article class="page">
<p class="crumb"><a href="/problems">Error codes</a> / {topic}</p>
<h1>{title}</h1>
<p class="lead"><code>{code}</code> <span class="status-code">HTTP {status}</span></p>
<section><h2>What happened</h2><p>{cause}</p></section>
<section><h2>What to do</h2><p>{remedy}</p></section>
</article>"#
    );
    let page = Page {
        path: &format!("/problems/{code}"),
        title: &format!("{title} · Gondola error codes"),
        description: &format!("What the Gondola error code {code} means and what to do about it."),
        head: "",
        main: &main,
    };
    Asset::page(page.html())
}

/// The page of all codes, by topic.
fn index() -> Asset {
    let by_topic = PROBLEM_CODES.chunk_by(|one, next| one.topic == next.topic);
    let sections: String = by_topic.map(section).collect();
    let main = format!(
        r#"<div class="page">
<section class="hero">
<h1>Error codes</h1>
<p class="lead">Every error is a problem document (RFC 9457). Its <code>code</code> is stable: let programs decide
by it, never by the words of <code>detail</code>.</p>
</section>
{sections}</div>"#
    );
    let page = Page {
        path: "/problems",
        title: "Gondola error codes",
        description: "What each error code of the Gondola API means and what to do about it.",
        head: "",
        main: &main,
    };
    Asset::page(page.html())
}

fn section(codes: &[ProblemCode]) -> String {
    let topic = codes[0].topic;
    let rows: String = codes.iter().map(row).collect();
    format!(
        r#"<section>
<h2 id="{topic}">{topic}</h2>
<div class="scroll" role="region" aria-labelledby="{topic}" tabindex="0">
<table class="codes">
<thead><tr><th scope="col">Status</th><th scope="col">Code</th><th scope="col">What happened</th></tr></thead>
<tbody>
{rows}</tbody>
</table>
</div>
</section>
"#
    )
}

fn row(known: &ProblemCode) -> String {
    let (code, status, cause) = (known.code, known.status_text(), prose(known.cause));
    format!(
        r#"<tr><td>{status}</td><td class="name"><a href="/problems/{code}">{code}</a></td><td class="wide">{cause}</td></tr>
"#
    )
}

/// Text as HTML, with words between backticks as code.
fn prose(text: &str) -> String {
    let parts = text.split('`').map(escape).enumerate();
    parts
        .map(|(index, part)| if index % 2 == 1 { format!("<code>{part}</code>") } else { part })
        .collect()
}
