//! Connections to other processes, made when they are needed and kept for a while.

use std::time::Duration;

use hyper::body::Body;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

/// How long a connection may take to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// How long an unused connection is kept: less than a server of ours (10 s) and Varnish (5 s) keep it, so that none is used
/// while it is being closed.
const IDLE_TIMEOUT: Duration = Duration::from_secs(3);

/// Connections for requests with bodies of one kind.
pub type Connections<B> = Client<HttpConnector, B>;

/// Connections of which at most so many that are unused are kept to each process.
pub fn connections<B>(idle_max: usize) -> Connections<B>
where
    B: Body + Send,
    B::Data: Send,
{
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    connector.set_connect_timeout(Some(CONNECT_TIMEOUT));
    Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE_TIMEOUT)
        .pool_max_idle_per_host(idle_max)
        .build(connector)
}

/// The reason behind an error's reasons.
pub fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.last().map_or_else(String::new, ToString::to_string)
}
