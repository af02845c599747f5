//! Headers on their way through: those of one connection stay, those about the caller are added.

use http::header::{
    CONNECTION, EXPECT, HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN, PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
};
use http::request::Parts;
use kit_http::{PeerAddress, REQUEST_ID, RequestContext};

/// What is about one connection only (RFC 9110, 7.6.1), and what is answered here.
const HOP_BY_HOP: [HeaderName; 10] = [
    CONNECTION,
    EXPECT,
    HeaderName::from_static("keep-alive"),
    PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION,
    HeaderName::from_static("proxy-connection"),
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// Who asked, from the first to the last who passed it on. Only what a trusted server has added, from the right, can be believed.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The name that the caller used for this server.
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// Takes out what is about this connection.
pub(super) fn end_to_end(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named.iter().chain(&HOP_BY_HOP) {
        headers.remove(name);
    }
}

/// The headers of a request as it is passed on. Trace context and all else that callers send goes along.
pub(super) fn passed_on(head: &mut Parts) -> HeaderMap {
    let mut headers = std::mem::take(&mut head.headers);
    end_to_end(&mut headers);
    // where a page is from has been looked at here, where its address is known
    headers.remove(ORIGIN);
    if let Some(host) = headers.remove(HOST) {
        headers.insert(FORWARDED_HOST, host);
    }
    if let Some(PeerAddress(peer)) = head.extensions.get() {
        let known = headers.get_all(FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok());
        let all: Vec<_> = known.map(str::to_owned).chain([peer.to_string()]).collect();
        if let Ok(all) = HeaderValue::try_from(all.join(", ")) {
            headers.insert(FORWARDED_FOR, all);
        }
    }
    if let Some(context) = head.extensions.get::<RequestContext>() {
        headers.insert(REQUEST_ID, context.request_id.header_value());
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_of_the_connection_stays_and_what_it_names_too() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("connection", "close, X-Mine"),
            ("x-mine", "1"),
            ("te", "trailers"),
            ("transfer-encoding", "chunked"),
            ("traceparent", "00-1-2-03"),
            ("content-length", "3"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        end_to_end(&mut headers);
        let left: Vec<_> = headers.keys().map(HeaderName::as_str).collect();
        assert_eq!(left, ["traceparent", "content-length"]);
    }
}
