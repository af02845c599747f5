//! Connections to servers of others, such as a collector of traces or an issuer of tokens.

use std::io;
use std::time::Duration;

use hyper::body::Body;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

type Connector = HttpsConnector<HttpConnector>;

/// How long a connection may take to be made; others are farther away than processes of ours.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// Connections to servers of others, for requests with bodies of one kind.
pub type OutsideConnections<B> = Client<Connector, B>;

/// Connections that are made when they are needed. With TLS those certificates hold that the machine trusts; fails where
/// they cannot be read.
pub fn outside_connections<B>() -> io::Result<OutsideConnections<B>>
where
    B: Body + Send,
    B::Data: Send,
{
    let mut http = HttpConnector::new();
    http.set_nodelay(true);
    http.set_connect_timeout(Some(CONNECT_TIMEOUT));
    let mut builder = Client::builder(TokioExecutor::new());
    Ok(builder.pool_timer(TokioTimer::new()).build(connector(http)?))
}

fn connector(mut http: HttpConnector) -> io::Result<Connector> {
    http.enforce_http(false);
    let builder = HttpsConnectorBuilder::new().with_native_roots()?;
    Ok(builder.https_or_http().enable_http1().wrap_connector(http))
}
