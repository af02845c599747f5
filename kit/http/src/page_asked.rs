//! Whether a caller wants a page for people rather than JSON.

use http::HeaderMap;
use http::header::ACCEPT;

/// Whether a request asks for a page, as browsers do when a person goes somewhere: `Accept` names `text/html`.
pub fn wants_page(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let is_page = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("text/html"));
        is_page && !parts.any(|part| ["q=0", "q=0.0", "q=0.00", "q=0.000"].contains(&part))
    })
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn browsers_want_pages_and_programs_do_not() {
        for (accept, wanted) in [
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true),
            ("application/json, text/html;q=0.5", true),
            ("Text/HTML", true),
            ("*/*", false),
            ("text/*", false),
            ("application/json", false),
            ("application/json, text/html; q=0", false),
            ("text/html-sandboxed", false),
        ] {
            let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(accept))]);
            assert_eq!(wants_page(&headers), wanted, "{accept}");
        }
        assert!(!wants_page(&HeaderMap::new()));
    }
}
