//! From which origins pages may change something or open a WebSocket: browsers let any page try, and ask no server before they
//! send a form or nothing at all.

use http::header::{HOST, ORIGIN, UPGRADE};
use http::uri::Authority;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};

use crate::Problem;

/// What a browser says of a page: whether it is of this server, as the browser sees it (Fetch Metadata). No page can say it.
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether a request wants to go on as a WebSocket.
pub fn wants_websocket(headers: &HeaderMap) -> bool {
    let named = headers.get_all(UPGRADE).iter().filter_map(|value| value.to_str().ok());
    named.flat_map(|value| value.split(',')).any(|one| one.trim().eq_ignore_ascii_case("websocket"))
}

/// Refuses what a page wants whose origin is neither this server nor allowed: a WebSocket, or any method that is not safe. A program
/// that says none passes, since no page can leave it out.
pub(crate) fn check(
    allowed: &[HeaderValue],
    (method, uri): (&Method, &Uri),
    headers: &HeaderMap,
) -> Result<(), Problem> {
    // looked at first, since programs have none
    if !headers.contains_key(ORIGIN) || (method.is_safe() && !wants_websocket(headers)) {
        return Ok(());
    }
    let mut origins = headers.get_all(ORIGIN).iter();
    let is_allowed = |origin: &HeaderValue| {
        allowed.iter().any(|one| one == "*" || one == origin) || is_own(origin, uri, headers)
    };
    origins.find(|origin| !is_allowed(origin)).map_or(Ok(()), |origin| Err(refused(origin)))
}

/// Whether an origin has the name that the request was sent to, or the browser says that it is the server's. The scheme is not
/// looked at: a proxy in front may end TLS; nor does it always pass the name on.
fn is_own(origin: &HeaderValue, uri: &Uri, headers: &HeaderMap) -> bool {
    if headers.get(FETCH_SITE).is_some_and(|site| site == "same-origin") {
        return true;
    }
    let parsed = origin.to_str().ok().and_then(|origin| origin.parse::<Uri>().ok());
    let Some(origin) = parsed.as_ref().and_then(Uri::authority) else { return false };
    let host = headers.get(HOST).and_then(|value| value.to_str().ok());
    let host = host.and_then(|host| host.parse::<Authority>().ok());
    // HTTP/2 has it in the address
    host.as_ref().or_else(|| uri.authority()).is_some_and(|host| host == origin)
}

fn refused(origin: &HeaderValue) -> Problem {
    let (code, title) = ("origin-not-allowed", "A page of another origin");
    let origin = String::from_utf8_lossy(origin.as_bytes());
    Problem::new(StatusCode::FORBIDDEN, code, title).detail(format!(
        "pages of {origin:.200} may change nothing here, nor open a WebSocket; if they shall, start the server with \
         --cors-origin {origin:.200}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(allowed: &[&'static str], upgrade: &'static str, origin: &'static str) -> bool {
        let mut headers = named("shop.example:8000", origin);
        headers.insert(UPGRADE, HeaderValue::from_static(upgrade));
        of(allowed, &Method::GET, &headers)
    }

    fn named(host: &'static str, origin: &'static str) -> HeaderMap {
        let named = [(HOST, host), (ORIGIN, origin)];
        named.into_iter().map(|(name, value)| (name, HeaderValue::from_static(value))).collect()
    }

    fn of(allowed: &[&'static str], method: &Method, headers: &HeaderMap) -> bool {
        let allowed: Vec<_> = allowed.iter().copied().map(HeaderValue::from_static).collect();
        check(&allowed, (method, &Uri::from_static("/any")), headers).is_ok()
    }

    #[test]
    fn only_pages_of_this_server_and_of_allowed_origins_open_a_websocket() {
        assert!(passes(&[], "websocket", "http://shop.example:8000"));
        assert!(passes(&[], "WebSocket", "https://SHOP.example:8000"), "behind a proxy with TLS");
        for other in ["http://evil.example", "http://shop.example:8001", "http://shop.example"] {
            assert!(!passes(&[], "websocket", other), "{other}");
            assert!(!passes(&[], "h2c, WEBSOCKET", other), "{other}");
            assert!(passes(&[], "h2c", other), "no WebSocket");
            assert!(passes(&["*"], "websocket", other));
        }
        for strange in ["null", "", "file://", "http://shop.example:8000@evil.example"] {
            assert!(!passes(&[], "websocket", strange), "{strange:?}");
        }
        assert!(passes(&["https://till.example"], "websocket", "https://till.example"));
        assert!(!passes(&["https://till.example"], "websocket", "https://till.example:444"));
    }

    #[test]
    fn pages_of_others_read_at_most() {
        let evil = named("127.0.0.1:8000", "http://evil.example");
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            assert!(!of(&[], &method, &evil), "{method}");
            assert!(of(&["http://evil.example"], &method, &evil), "{method}");
            assert!(of(&[], &method, &named("127.0.0.1:8000", "http://127.0.0.1:8000")));
            assert!(!of(&[], &method, &named("127.0.0.1:8000", "http://localhost:8000")));
            assert!(!of(&[], &method, &named("127.0.0.1:8000", "null")), "a file, or a frame");
        }
        for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
            assert!(of(&[], &method, &evil), "{method}: CORS decides what of it a page sees");
        }
        // a proxy in front has another name for this server
        let mut own = named("inventory.internal", "https://shop.example");
        own.insert(FETCH_SITE, HeaderValue::from_static("same-origin"));
        assert!(of(&[], &Method::POST, &own));
        own.insert(FETCH_SITE, HeaderValue::from_static("same-site"));
        assert!(!of(&[], &Method::POST, &own));
        let uri = Uri::from_static("https://shop.example/any");
        own.remove(HOST);
        assert!(check(&[], (&Method::POST, &uri), &own).is_ok(), "HTTP/2");
    }

    #[test]
    fn a_program_says_no_origin_and_one_of_two_is_enough_to_be_refused() {
        let mut headers = HeaderMap::new();
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        assert!(of(&[], &Method::GET, &headers) && of(&[], &Method::POST, &headers));
        headers.insert(HOST, HeaderValue::from_static("a"));
        headers.append(ORIGIN, HeaderValue::from_static("http://a"));
        assert!(of(&[], &Method::GET, &headers));
        headers.append(ORIGIN, HeaderValue::from_static("http://b"));
        assert!(!of(&[], &Method::GET, &headers));
    }
}
