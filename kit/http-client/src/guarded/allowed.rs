//! Places inside that may be reached all the same, as a laptop or a test needs it.

use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;

use super::addresses::not_public;

/// Networks and hosts that may be reached though they are not public, and without TLS. None, unless said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowedPlaces(Vec<AllowedPlace>);

/// A network like `127.0.0.0/8`, an address, or the name of a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedPlace(Place);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    Network(IpNet),
    /// By its name, in small letters.
    Host(Box<str>),
}

/// The text names no network and no host.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is neither a network like 127.0.0.0/8, nor an address, nor the name of a host")]
pub struct InvalidPlace {
    text: String,
}

impl FromStr for AllowedPlace {
    type Err = InvalidPlace;

    fn from_str(text: &str) -> Result<Self, InvalidPlace> {
        if let Ok(network) = text.parse::<IpNet>() {
            return Ok(Self(Place::Network(network)));
        }
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Self(Place::Network(address.into())));
        }
        let of_name = |letter: char| letter.is_ascii_alphanumeric() || "-._".contains(letter);
        if text.is_empty() || !text.chars().all(of_name) {
            return Err(InvalidPlace { text: text.to_owned() });
        }
        Ok(Self(Place::Host(text.to_ascii_lowercase().into())))
    }
}

impl FromIterator<AllowedPlace> for AllowedPlaces {
    fn from_iter<I: IntoIterator<Item = AllowedPlace>>(places: I) -> Self {
        Self(places.into_iter().collect())
    }
}

impl AllowedPlaces {
    /// Why a host with these addresses is not to be reached. Every address counts: one that is not public among others is
    /// how a guard is probed.
    pub(super) fn check(
        &self,
        host: &str,
        addresses: &[IpAddr],
        is_plain: bool,
    ) -> Result<(), String> {
        if self.has_host(host) {
            return Ok(());
        }
        for address in addresses.iter().filter(|address| !self.has_address(**address)) {
            if let Some(what) = not_public(*address) {
                return Err(format!("{host} is not to be reached: {address} is {what}"));
            }
            if is_plain {
                return Err(needs_tls(host));
            }
        }
        Ok(())
    }

    /// Why a name is not to be asked for: without TLS its addresses would have to be allowed.
    pub(super) fn check_name(&self, host: &str, is_plain: bool) -> Result<(), String> {
        let may_be_allowed = self.has_host(host) || self.0.iter().any(AllowedPlace::is_network);
        if is_plain && !may_be_allowed { Err(needs_tls(host)) } else { Ok(()) }
    }

    fn has_host(&self, host: &str) -> bool {
        let is_it = |place: &AllowedPlace| matches!(&place.0, Place::Host(name) if name.eq_ignore_ascii_case(host));
        self.0.iter().any(is_it)
    }

    fn has_address(&self, address: IpAddr) -> bool {
        let has = |place: &AllowedPlace| matches!(&place.0, Place::Network(network) if network.contains(&address));
        self.0.iter().any(has)
    }
}

impl AllowedPlace {
    const fn is_network(&self) -> bool {
        matches!(self.0, Place::Network(_))
    }
}

fn needs_tls(host: &str) -> String {
    format!("{host} is to be reached by https")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(allowed: &[&str], host: &str, addresses: &[&str], is_plain: bool) -> bool {
        let places: Result<AllowedPlaces, _> = allowed.iter().map(|one| one.parse()).collect();
        let allowed = places.unwrap();
        let addresses: Vec<IpAddr> = addresses.iter().map(|one| one.parse().unwrap()).collect();
        allowed.check(host, &addresses, is_plain).is_ok()
    }

    #[test]
    fn the_public_is_reached_with_tls_and_nothing_else_is() {
        assert!(check(&[], "shop.example", &["8.8.8.8", "2606:4700::1"], false));
        assert!(!check(&[], "shop.example", &["8.8.8.8"], true));
        assert!(!check(&[], "shop.example", &["127.0.0.1"], false));
        assert!(!check(&[], "shop.example", &["8.8.8.8", "10.0.0.1"], false), "one of several");
    }

    #[test]
    fn what_is_allowed_is_reached_and_only_that() {
        let allowed = ["127.0.0.0/8", "::1", "Receiver.internal"];
        assert!(check(&allowed, "localhost", &["127.0.0.1", "::1"], true));
        assert!(check(&allowed, "receiver.INTERNAL", &["10.0.0.7"], true));
        assert!(!check(&allowed, "other.internal", &["10.0.0.7"], false));
        assert!(!check(&allowed, "a", &["127.0.0.1", "169.254.169.254"], true));
        assert!(!check(&allowed, "a", &["::ffff:127.0.0.1"], true));
        assert!(!check(&allowed, "a", &["8.8.8.8"], true), "public, but not with TLS");
    }

    #[test]
    fn what_is_no_place_is_refused() {
        for wrong in ["", "127.0.0.0/33", "a b", "http://a", "[::1]"] {
            let told = wrong.parse::<AllowedPlace>().unwrap_err().to_string();
            assert!(told.contains(&format!("{wrong:?}")), "{told}");
        }
    }
}
