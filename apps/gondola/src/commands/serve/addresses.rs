//! Addresses of `serve` as people write them, and the reservation of the one to listen on.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use anyhow::Context;
use http::{HeaderValue, Uri};
use tokio::net::{TcpListener, TcpSocket};

/// Connections that wait to be accepted, as the standard library has it.
const BACKLOG: u32 = 1024;

/// Where to listen: `127.0.0.1:8000`, `[::1]:8000`, `localhost:8000`, or a port alone, which is one of loopback. Names other
/// than localhost are refused: what they mean depends on the machine, and a listener must not be public by surprise.
pub(super) fn listen_address(text: &str) -> Result<SocketAddr, String> {
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    let port = text.strip_prefix("localhost:").or_else(|| text.strip_prefix(':')).unwrap_or(text);
    if !port.starts_with('+')
        && let Ok(port) = port.parse()
    {
        return Ok(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port));
    }
    Err("write 127.0.0.1:8000, [::1]:8000, localhost:8000, or 8000 for a port of loopback; 0.0.0.0:8000 is all addresses"
        .to_owned())
}

/// A web origin as browsers send it: scheme, host and port, and nothing behind them; or `*`.
pub(super) fn origin(text: &str) -> Result<HeaderValue, String> {
    let is_origin = || {
        let uri: Uri = text.parse().ok()?;
        let (scheme, authority) = (uri.scheme_str()?, uri.authority()?.as_str());
        (text == format!("{scheme}://{authority}") && !authority.contains('@')).then_some(())
    };
    if text != "*" && (is_origin().is_none() || text != text.to_lowercase()) {
        return Err("an origin is scheme, host and port in small letters without a path or a slash at the end, such as \
                    https://shop.example.com or http://localhost:3000; * allows all"
            .to_owned());
    }
    HeaderValue::from_str(text).map_err(|error| error.to_string())
}

/// An address that is this process's own before anything is opened, so that a second start beside a running one fails
/// before it touches data; callers are refused by the system until it listens.
pub(crate) struct Reserved {
    socket: TcpSocket,
    wanted: SocketAddr,
}

impl Reserved {
    /// Takes the address.
    pub(crate) fn take(wanted: SocketAddr) -> anyhow::Result<Self> {
        let socket = if wanted.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() };
        let reserve = |socket: TcpSocket| {
            // the address of a process that has just ended can be used again
            socket.set_reuseaddr(true)?;
            socket.bind(wanted)?;
            Ok(socket)
        };
        let socket = socket.and_then(reserve).with_context(|| {
            format!("cannot listen on {wanted}: choose another with --listen, or stop what listens there")
        })?;
        Ok(Self { socket, wanted })
    }

    /// Begins to listen.
    pub(crate) fn listen(self) -> anyhow::Result<TcpListener> {
        let Self { socket, wanted } = self;
        socket.listen(BACKLOG).with_context(|| format!("cannot listen on {wanted}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_written_as_people_write_it() {
        let ways = [
            ("127.0.0.1:8000", "127.0.0.1:8000"),
            ("localhost:8000", "127.0.0.1:8000"),
            ("8000", "127.0.0.1:8000"),
            (":8000", "127.0.0.1:8000"),
            ("[::1]:8000", "[::1]:8000"),
            ("0.0.0.0:80", "0.0.0.0:80"),
        ];
        for (text, meant) in ways {
            assert_eq!(listen_address(text).unwrap().to_string(), meant, "{text}");
        }
        for text in
            ["", "localhost", "example.com:80", "70000", "+80", "http://localhost:8000", "-1"]
        {
            assert!(listen_address(text).unwrap_err().contains("localhost:8000"), "{text}");
        }
    }

    #[test]
    fn an_origin_is_what_browsers_send() {
        for text in
            ["*", "https://shop.example.com", "http://localhost:3000", "capacitor://localhost"]
        {
            assert_eq!(origin(text).unwrap(), text);
        }
        let wrong = [
            "",
            "shop.example.com",
            "https://shop.example.com/",
            "https://shop.example.com/app",
            "https://a@b.example",
            "https://Shop.example.com",
            "null",
        ];
        for text in wrong {
            assert!(origin(text).unwrap_err().contains("without a path"), "{text}");
        }
    }

    #[tokio::test]
    async fn an_address_in_use_is_refused_before_anything_is_opened() {
        let first = Reserved::take(([127, 0, 0, 1], 0).into()).unwrap().listen().unwrap();
        let address = first.local_addr().unwrap();
        let error = Reserved::take(address).map(drop).unwrap_err();
        assert!(format!("{error:#}").contains("--listen"), "{error:#}");
    }
}
