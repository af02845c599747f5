//! Looks names up and lets only addresses through that may be reached: the connection is made to those.

use std::error::Error;
use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use hyper_util::client::legacy::connect::dns::Name;
use tower::Service;

use super::AllowedPlaces;

/// The resolver of a guarded client's connections.
#[derive(Clone)]
pub(crate) struct GuardedResolver {
    pub(super) allowed: Arc<AllowedPlaces>,
    /// Whether it is for connections without TLS.
    pub(super) is_plain: bool,
}

/// A name that leads where nobody is to be sent.
#[derive(Debug)]
struct RefusedName(String);

impl fmt::Display for RefusedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for RefusedName {}

/// An address that stands in place of a name: connections are made to it without asking a resolver.
pub(super) fn literal(host: &str) -> Option<IpAddr> {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    bare.parse().ok()
}

/// What was refused, where that is why a request has failed.
pub(super) fn refusal(error: &(dyn Error + 'static)) -> Option<String> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        let named = inner.and_then(|inner| inner.downcast_ref::<RefusedName>());
        if let Some(refused) = named.or_else(|| error.downcast_ref::<RefusedName>()) {
            return Some(refused.to_string());
        }
        cause = error.source();
    }
    None
}

type Addresses = std::vec::IntoIter<SocketAddr>;

impl Service<Name> for GuardedResolver {
    type Response = Addresses;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Addresses>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let Self { allowed, is_plain } = self.clone();
        Box::pin(async move {
            // the port is set by the connector
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let found: Vec<SocketAddr> = found.collect();
            checked(&allowed, name.as_str(), found, is_plain)
        })
    }
}

/// The addresses of a name, if all of them may be reached.
fn checked(
    allowed: &AllowedPlaces,
    name: &str,
    found: Vec<SocketAddr>,
    is_plain: bool,
) -> io::Result<Addresses> {
    let addresses: Vec<IpAddr> = found.iter().map(SocketAddr::ip).collect();
    allowed
        .check(name, &addresses, is_plain)
        .map_err(|why| io::Error::new(io::ErrorKind::PermissionDenied, RefusedName(why)))?;
    Ok(found.into_iter())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_address_is_known_as_the_connector_knows_it() {
        assert_eq!(literal("127.0.0.1"), Some([127, 0, 0, 1].into()));
        assert_eq!(literal("[::1]"), "::1".parse().ok());
        for name in ["localhost", "2130706433", "0x7f.1", "127.1", "0177.0.0.1"] {
            assert_eq!(literal(name), None, "{name} is looked up, and what is found is checked");
        }
    }

    #[test]
    fn one_address_inside_is_enough_to_refuse_a_name() {
        let found: Vec<SocketAddr> = vec![([8, 8, 8, 8], 0).into(), ([10, 0, 0, 1], 0).into()];
        let none = AllowedPlaces::default();
        assert_eq!(checked(&none, "a", found[..1].to_vec(), false).unwrap().len(), 1);
        let refused = checked(&none, "a", found, false).unwrap_err();
        assert!(refusal(&refused).unwrap().contains("10.0.0.1"));
    }
}
