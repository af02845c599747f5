//! Where requests come from, and which proxies in front are believed when they say so.

use std::net::IpAddr;
use std::str::FromStr;
use std::sync::Arc;

use http::request::Parts;
use http::{HeaderMap, HeaderName};
use kit_http::PeerAddress;

/// Who asked, from the first to the last who passed it on.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The addresses of a proxy, or of several: one, or a block as in `10.0.0.0/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrustedProxy {
    address: IpAddr,
    /// How many bits of it count.
    bits: u32,
}

/// The text is neither an address nor a block.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is neither an address, as in 10.0.0.7 or ::1, nor a block of them, as in 10.0.0.0/8"
)]
pub struct InvalidProxy(String);

impl FromStr for TrustedProxy {
    type Err = InvalidProxy;

    fn from_str(text: &str) -> Result<Self, InvalidProxy> {
        let invalid = || InvalidProxy(text.to_owned());
        let (address, bits) =
            text.split_once('/').map_or((text, None), |(it, bits)| (it, Some(bits)));
        let address: IpAddr = address.parse().map_err(|_| invalid())?;
        let all = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(all), |bits| bits.parse().map_err(|_| invalid()))?;
        if bits > all { Err(invalid()) } else { Ok(Self { address, bits }) }
    }
}

impl TrustedProxy {
    fn has(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                (own.to_bits() ^ other.to_bits()).leading_zeros() >= self.bits
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                (own.to_bits() ^ other.to_bits()).leading_zeros() >= self.bits
            }
            _ => false,
        }
    }
}

/// The proxies that are believed when they say who asks.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(Arc<[TrustedProxy]>);

impl FromIterator<TrustedProxy> for TrustedProxies {
    fn from_iter<I: IntoIterator<Item = TrustedProxy>>(proxies: I) -> Self {
        Self(proxies.into_iter().collect())
    }
}

impl TrustedProxies {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Where a request comes from: the other end of its connection, or what trusted proxies say of it; `None` where it did not
    /// come over a connection.
    pub(crate) fn client(&self, request: &Parts) -> Option<IpAddr> {
        let PeerAddress(peer) = request.extensions.get()?;
        Some(client(*peer, &request.headers, &self.0))
    }
}

/// `X-Forwarded-For` is read from the right, as far as those who wrote it are trusted: what is further left, the caller may have
/// made up.
fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[TrustedProxy]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|proxy| proxy.has(address));
    let mut client = peer;
    let told = headers.get_all(FORWARDED_FOR).iter().rev();
    let told = told.flat_map(|value| value.to_str().unwrap_or("?").rsplit(','));
    for address in told {
        if !is_trusted(client) {
            break;
        }
        let Ok(address) = address.trim().parse::<IpAddr>() else { break };
        client = address;
    }
    client.to_canonical()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &[&str]) -> String {
        let trusted = ["10.0.0.0/8", "::1", "2001:db8::/32"].map(|text| text.parse().unwrap());
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, value.parse().unwrap());
        }
        client(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn a_caller_cannot_make_up_its_address() {
        assert_eq!(seen("192.0.2.1", &["198.51.100.7"]), "192.0.2.1", "no proxy of ours");
        assert_eq!(seen("10.1.2.3", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(seen("10.1.2.3", &["203.0.113.9, 198.51.100.7"]), "198.51.100.7");
        assert_eq!(seen("10.1.2.3", &["203.0.113.9", "198.51.100.7, 10.9.9.9"]), "198.51.100.7");
        assert_eq!(seen("::ffff:10.1.2.3", &["::ffff:198.51.100.7"]), "198.51.100.7");
        assert_eq!(seen("2001:db8::5", &["2001:db9::1"]), "2001:db9::1");
    }

    #[test]
    fn where_a_proxy_says_nothing_it_is_itself_who_asks() {
        assert_eq!(seen("10.1.2.3", &[]), "10.1.2.3");
        assert_eq!(seen("10.1.2.3", &["unknown"]), "10.1.2.3");
        assert_eq!(seen("::1", &["203.0.113.9, , 10.0.0.2"]), "10.0.0.2");
    }

    #[test]
    fn what_is_no_address_is_no_proxy() {
        for bad in ["", "proxy.example", "10.0.0.0/33", "::1/129", "10.0.0.0/", "10.0.0.0/8/8"] {
            assert!(bad.parse::<TrustedProxy>().is_err(), "{bad}");
        }
        let everything: TrustedProxy = "0.0.0.0/0".parse().unwrap();
        assert!(everything.has("203.0.113.9".parse().unwrap()));
    }
}
