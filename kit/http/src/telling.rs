//! A problem on its way out: which request it is about, all that is wrong with the request, and a page where one is wanted.

use axum::body::Body;
use axum::extract::MatchedPath;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_LENGTH, VARY};
use http::{HeaderMap, HeaderValue, Method, Uri};

use crate::contract::Asked;
use crate::kept::KeptBody;
use crate::problem::INVALID;
use crate::{Fault, FaultCode, Problem, RequestId};

/// Longest words of the first fault, in bytes, where more is to be said after them.
const FIRST_BYTES_MAX: usize = 330;

/// Makes a page of a problem, for a browser: its body, and headers such as those of the media type and the content security
/// policy.
pub type ProblemPage = fn(&Problem) -> (HeaderMap, String);

/// What is kept of a request for the case that it is refused.
pub(crate) struct Refusable {
    uri: Uri,
    body: KeptBody,
}

impl Refusable {
    pub(crate) const fn new(uri: Uri, body: KeptBody) -> Self {
        Self { uri, body }
    }
}

/// What a problem's answer goes by.
pub(crate) struct Telling<'t> {
    pub(crate) request_id: &'t RequestId,
    pub(crate) method: &'t Method,
    pub(crate) route: Option<&'t MatchedPath>,
    pub(crate) kept: Option<&'t Refusable>,
    /// How pages of problems are made, if any are.
    pub(crate) page: Option<ProblemPage>,
    /// Whether this caller wants one.
    pub(crate) wants_page: bool,
}

impl Telling<'_> {
    /// The answer itself, unless it is a problem: that one is said in full.
    pub(crate) fn finish(&self, mut response: Response) -> Response {
        let Some(problem) = response.extensions_mut().remove::<Problem>() else {
            return response;
        };
        let problem = self.with_all_faults(problem).of_request(self.request_id);
        let (mut head, _) = response.into_parts();
        head.headers.remove(CONTENT_LENGTH);
        if self.page.is_some() {
            head.headers.append(VARY, HeaderValue::from_static("accept"));
        }
        let body = match self.page.filter(|_| self.wants_page) {
            Some(page) => {
                let (headers, page) = page(&problem);
                head.headers.extend(headers);
                Body::from(page)
            }
            None => problem.into_response().into_body(),
        };
        Response::from_parts(head, body)
    }

    fn with_all_faults(&self, problem: Problem) -> Problem {
        let (Some(kept), Some(route)) = (self.kept, self.route) else { return problem };
        let contract = kept.body.contract();
        let asked = Asked { method: self.method, route, uri: &kept.uri, body: kept.body.get() };
        let blamed = |field: &str, detail: &str| {
            let pointer = asked.body.and_then(|_| contract.pointer(&asked, field));
            match pointer {
                Some(pointer) => Fault::in_body(pointer, FaultCode::Invalid, detail),
                None => Fault::in_parameter(field, FaultCode::Invalid, detail),
            }
        };
        with_found(problem, || contract.faults(&asked), blamed)
    }
}

/// A problem with all faults that a contract finds, and the one that a handler found: it named a field of it, and said why.
pub(crate) fn with_found(
    problem: Problem,
    found: impl FnOnce() -> Vec<Fault>,
    blamed: impl FnOnce(&str, &str) -> Fault,
) -> Problem {
    // others are about the world, or have looked for all their faults
    if problem.code() != INVALID {
        return problem;
    }
    let (own, is_ours) = match problem.known_faults() {
        // a parser stopped here; the contract has better words for the same place
        [stopped_at] => (Some(stopped_at.clone()), false),
        [] => (problem.blamed().map(|(field, detail)| blamed(field, detail)), true),
        _ => return problem,
    };
    let mut faults = found();
    let Some(own) = own else {
        return if faults.is_empty() { problem } else { all(problem, faults) };
    };
    match faults.iter().position(|fault| fault.is_where(&own)) {
        Some(index) if is_ours => faults[index] = own,
        Some(_) => {}
        None => faults.insert(0, own),
    }
    all(problem, faults)
}

/// A problem with all its faults, the first of them in words.
fn all(problem: Problem, faults: Vec<Fault>) -> Problem {
    let Some(first) = faults.first() else { return problem };
    let said = first.detail();
    let detail = match faults.len() - 1 {
        0 => said.to_owned(),
        others => {
            let said = &said[..said.floor_char_boundary(FIRST_BYTES_MAX)];
            let more = if others == 1 { "1 more fault is" } else { "more faults are" };
            let count = if others == 1 { String::new() } else { format!("{others} ") };
            format!("{said}; {count}{more} in \"errors\"")
        }
    };
    problem.detail(detail).faults(faults)
}
