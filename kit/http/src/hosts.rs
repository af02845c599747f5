//! Under which names a server answers: a page of another name must not reach it, whatever that name resolves to.

use std::net::IpAddr;

use http::header::HOST;
use http::uri::Authority;
use http::{HeaderMap, StatusCode, Uri};

use crate::Problem;

/// The names of a server that only its own machine may use.
///
/// A web page of any site can have its own name resolve to 127.0.0.1 (DNS rebinding); the browser then takes this server
/// for that site and lets the page read and write. The `Host` header still has the site's name.
#[derive(Clone, Debug, Default)]
pub struct AllowedHosts(Vec<Box<str>>);

impl AllowedHosts {
    /// Every name that can only mean this machine (`localhost`, names below it, loopback addresses) and these.
    /// Ports are not looked at, nor is upper or lower case.
    pub fn loopback_and(names: impl IntoIterator<Item = String>) -> Self {
        Self(names.into_iter().map(String::into_boxed_str).collect())
    }

    /// Refuses a request to another name. One without any passes: no browser leaves it out.
    pub(crate) fn check(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), Problem> {
        let mut names = named(uri, headers);
        names.find(|name| !self.has(name)).map_or(Ok(()), |other| Err(misdirected(other)))
    }

    fn has(&self, name: &str) -> bool {
        is_loopback(name) || self.0.iter().any(|allowed| allowed.eq_ignore_ascii_case(name))
    }
}

/// Whether all names of a request, if any, can only mean this machine.
pub(crate) fn is_this_machine(uri: &Uri, headers: &HeaderMap) -> bool {
    named(uri, headers).all(is_loopback)
}

fn named<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> impl Iterator<Item = &'a str> {
    let stated = headers.get_all(HOST).iter().map(|value| value.to_str().unwrap_or("?"));
    stated.chain(uri.authority().map(Authority::as_str)).map(without_port)
}

fn misdirected(name: &str) -> Problem {
    let (code, title) = ("misdirected-request", "Not a name of this server");
    Problem::new(StatusCode::MISDIRECTED_REQUEST, code, title).detail(format!(
        "this server answers to localhost and loopback addresses, not to {name:?}; if that is its name, start it with \
         --allow-host {name}"
    ))
}

fn without_port(host: &str) -> &str {
    match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => host.split(':').next().unwrap_or(host),
    }
}

fn is_loopback(name: &str) -> bool {
    let is_localhost = |name: &str| name.eq_ignore_ascii_case("localhost");
    // the part after the last dot, since all names below localhost are this machine (RFC 6761)
    is_localhost(name.rsplit('.').next().unwrap_or(name))
        || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[track_caller]
    fn passes(hosts: &[&str], uri: &str) -> bool {
        let allowed = AllowedHosts::loopback_and(["till.example".to_owned()]);
        let mut headers = HeaderMap::new();
        for host in hosts {
            headers.append(HOST, HeaderValue::from_bytes(host.as_bytes()).unwrap());
        }
        allowed.check(&uri.parse().unwrap(), &headers).is_ok()
    }

    #[test]
    fn names_of_this_machine_and_the_allowed_one_pass_with_any_port() {
        let names = ["localhost", "LocalHost:8000", "a.localhost", "127.0.0.1:8000", "127.9.9.9"];
        for name in names.into_iter().chain(["[::1]", "[::1]:8000", "TILL.example:80"]) {
            assert!(passes(&[name], "/"), "{name}");
        }
        assert!(passes(&[], "/"), "without any");
        assert!(passes(&["localhost"], "http://127.0.0.1:8000/"));
    }

    #[test]
    fn every_other_name_is_refused() {
        let names =
            ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1"];
        for name in names.into_iter().chain(["xlocalhost", "", "[::2]", "till.example.org", "é"]) {
            assert!(!passes(&[name], "/"), "{name}");
        }
        assert!(!passes(&["localhost", "evil.example"], "/"), "one of two");
        assert!(!passes(&["localhost"], "http://evil.example/"), "the target itself");
    }
}
