//! A problem as a page, for people whose browser asked for one.

use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY};
use http::{HeaderMap, HeaderValue};
use kit_http::{Fault, Problem, Told};

use super::{PROBLEM_CODES, prose};
use crate::asset::{HTML, STRICT};
use crate::page::{Page, escape};

/// The page of a problem and its headers: what happened, all that is wrong with the request, and what to do.
///
/// A [`kit_http::ProblemPage`].
pub fn problem_page(problem: &Problem) -> (HeaderMap, String) {
    let Told { title, status, code, detail, request_id, errors } = problem.told();
    let remedy = PROBLEM_CODES.iter().find(|known| known.code == code).map(|known| known.remedy);
    let remedy = remedy.map(|remedy| section("What to do", &format!("<p>{}</p>", prose(remedy))));
    let happened =
        section("What happened", &format!("<p>{}</p>{}", escape(detail), faults(errors)));
    let main = format!(
        r#"<article class="page">
<p class="crumb"><a href="/problems/{code}">Error codes</a> / {code}</p>
<h1>{title}</h1>
<p class="lead"><code>{code}</code> <span class="status-code">HTTP {status}</span></p>
{happened}{remedy}<p>Request <code>{request}</code>. The <a href="/">start page</a> shows what there is.</p>
</article>"#,
        title = escape(title),
        remedy = remedy.unwrap_or_default(),
        request = escape(request_id),
    );
    let page = Page {
        title: &format!("{} · Gondola", escape(title)),
        description: &escape(detail),
        head: r#"<meta name="robots" content="noindex">"#,
        main: &main,
        path: "",
    };
    let headers =
        [(CONTENT_TYPE, HTML), (CONTENT_SECURITY_POLICY, STRICT), (REFERRER_POLICY, "no-referrer")];
    let headers = headers.map(|(name, value)| (name, HeaderValue::from_static(value)));
    (HeaderMap::from_iter(headers), page.html())
}

fn section(heading: &str, content: &str) -> String {
    format!("<section><h2>{heading}</h2>{content}</section>\n")
}

fn faults(errors: &[Fault]) -> String {
    if errors.is_empty() {
        return String::new();
    }
    let one = |fault: &Fault| {
        let (field, detail) = (escape(&fault.field()), escape(fault.detail()));
        format!("<li><code>{field}</code> {detail}</li>")
    };
    format!("<ul>{}</ul>", errors.iter().map(one).collect::<String>())
}
