//! Whose quota a request uses.

use std::net::{IpAddr, Ipv6Addr};

use kit_core::Actor;
use kit_rate_limit::Key;

/// Of an address of IPv6, what a caller cannot choose by itself.
const NETWORK_V6: u128 = !0 << 64;

/// The key of a caller that has proven who it is.
pub(crate) fn caller(actor: &Actor) -> Key {
    Key::new(format!("caller {actor}"))
}

/// The key of the callers at an address, in IPv6 at all of its network.
pub(crate) fn peer(address: IpAddr) -> Key {
    Key::new(match address {
        IpAddr::V4(address) => format!("peer {address}"),
        IpAddr::V6(address) => {
            let network = Ipv6Addr::from_bits(address.to_bits() & NETWORK_V6);
            format!("peer {network}/64")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_network_is_one_peer_and_a_caller_is_no_peer() {
        let of = |text: &str| peer(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
        assert_ne!(caller(&Actor::system("peer 192.0.2.1")), of("192.0.2.1"));
    }
}
