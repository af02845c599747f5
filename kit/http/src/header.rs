//! Headers of which a request has at most one.

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::Problem;

/// The value of a header, if there is one.
///
/// Several are refused with 400: to obey one of them and ignore the others would be a guess.
///
/// ```
/// use http::{HeaderMap, HeaderName};
///
/// const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// let mut headers = HeaderMap::new();
/// assert!(kit_http::only_header(&headers, &KEY).unwrap().is_none());
/// headers.append(KEY, "a".parse().unwrap());
/// assert_eq!(kit_http::only_header(&headers, &KEY).unwrap().unwrap(), "a");
/// headers.append(KEY, "a".parse().unwrap());
/// assert_eq!(kit_http::only_header(&headers, &KEY).unwrap_err().status(), 400);
/// ```
pub fn only_header<'h>(
    headers: &'h HeaderMap,
    name: &HeaderName,
) -> Result<Option<&'h HeaderValue>, Problem> {
    let mut values = headers.get_all(name).iter();
    let first = values.next();
    match values.count() {
        0 => Ok(first),
        others => {
            let count = others + 1;
            Err(Problem::bad_request(format!("header {name} is there {count} times, send one")))
        }
    }
}
