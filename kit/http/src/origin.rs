//! From which origins pages may open a WebSocket: browsers let any page try, and ask no server before.

use http::header::{HOST, ORIGIN, UPGRADE};
use http::uri::Authority;
use http::{HeaderMap, HeaderValue, StatusCode, Uri};

use crate::Problem;

/// Whether a request wants to go on as a WebSocket.
pub fn wants_websocket(headers: &HeaderMap) -> bool {
    let named = headers.get_all(UPGRADE).iter().filter_map(|value| value.to_str().ok());
    named.flat_map(|value| value.split(',')).any(|one| one.trim().eq_ignore_ascii_case("websocket"))
}

/// Refuses a WebSocket of a page whose origin is neither this server nor allowed. A program that says none passes, since no page
/// can leave it out.
pub(crate) fn check(allowed: &[HeaderValue], headers: &HeaderMap) -> Result<(), Problem> {
    if !wants_websocket(headers) {
        return Ok(());
    }
    let mut origins = headers.get_all(ORIGIN).iter();
    let is_allowed = |origin: &HeaderValue| {
        allowed.iter().any(|one| one == "*" || one == origin) || is_own(origin, headers)
    };
    origins.find(|origin| !is_allowed(origin)).map_or(Ok(()), |origin| Err(refused(origin)))
}

/// Whether an origin has the name that the request was sent to. The scheme is not looked at: a proxy in front may end TLS.
fn is_own(origin: &HeaderValue, headers: &HeaderMap) -> bool {
    let uri = origin.to_str().ok().and_then(|origin| origin.parse::<Uri>().ok());
    let Some(origin) = uri.as_ref().and_then(Uri::authority) else { return false };
    let host = headers.get(HOST).and_then(|value| value.to_str().ok());
    host.and_then(|host| host.parse::<Authority>().ok()).is_some_and(|host| host == *origin)
}

fn refused(origin: &HeaderValue) -> Problem {
    let (code, title) = ("origin-not-allowed", "A page of another origin");
    let origin = String::from_utf8_lossy(origin.as_bytes());
    Problem::new(StatusCode::FORBIDDEN, code, title).detail(format!(
        "pages of {origin:.200} may not open a WebSocket here; if they shall, start the server with --cors-origin {origin:.200}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(allowed: &[&'static str], upgrade: &'static str, origin: &'static str) -> bool {
        let allowed: Vec<_> = allowed.iter().copied().map(HeaderValue::from_static).collect();
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_static("shop.example:8000"));
        headers.insert(UPGRADE, HeaderValue::from_static(upgrade));
        headers.insert(ORIGIN, HeaderValue::from_static(origin));
        check(&allowed, &headers).is_ok()
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
    fn a_program_says_no_origin_and_one_of_two_is_enough_to_be_refused() {
        let mut headers = HeaderMap::new();
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        assert!(check(&[], &headers).is_ok());
        headers.insert(HOST, HeaderValue::from_static("a"));
        headers.append(ORIGIN, HeaderValue::from_static("http://a"));
        assert!(check(&[], &headers).is_ok());
        headers.append(ORIGIN, HeaderValue::from_static("http://b"));
        assert!(check(&[], &headers).is_err());
    }
}
