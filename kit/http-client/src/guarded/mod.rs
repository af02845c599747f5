//! Requests to addresses that others chose, such as those of webhooks: never to a place inside.
//!
//! A name is resolved once, all of its addresses are checked, and the connection is made to one of those: the owner of
//! the name cannot give another address in between. Nothing is followed, kept open or read for long.

mod addresses;
mod allowed;
mod resolver;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use http::uri::Scheme;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, Uri};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::time::{Instant, timeout, timeout_at};

use crate::authorities::{TrustedAuthorities, certificate_fault};
use crate::connections::innermost;
pub use allowed::{AllowedPlace, AllowedPlaces, InvalidPlace};
use resolver::{GuardedResolver, literal};

/// How long a connection may take to be made, to all addresses of a name together.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Longest head of an answer, in bytes.
const ANSWER_HEAD_MAX: usize = 32 << 10;

type Connector = HttpConnector<GuardedResolver>;

/// Sends requests to addresses that are not trusted.
pub struct GuardedClient {
    allowed: Arc<AllowedPlaces>,
    plain: Client<Connector, Full<Bytes>>,
    tls: Client<HttpsConnector<Connector>, Full<Bytes>>,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct GuardedAnswer {
    /// Its status; a redirection is an answer like any other.
    pub status: u16,
    headers: HeaderMap,
    /// The first bytes of its body.
    pub beginning: Bytes,
}

impl GuardedAnswer {
    /// One of its headers, where that is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// There is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GuardedError {
    /// The address is not to be reached; nobody was asked.
    #[error("{0}")]
    Refused(String),
    /// It was tried to reach it.
    #[error("{0}")]
    Unanswered(String),
}

impl GuardedClient {
    /// A client that reaches public addresses by HTTPS, and what is allowed beside them. Those certificates hold that the
    /// machine trusts; fails where they cannot be read.
    pub fn new(allowed: AllowedPlaces) -> io::Result<Self> {
        Self::trusting(allowed, &TrustedAuthorities::default())
    }

    /// The same, with authorities that are trusted beside those of the machine.
    pub fn trusting(allowed: AllowedPlaces, authorities: &TrustedAuthorities) -> io::Result<Self> {
        let allowed = Arc::new(allowed);
        let connector = |is_plain| {
            let resolver = GuardedResolver { allowed: Arc::clone(&allowed), is_plain };
            let mut http = HttpConnector::new_with_resolver(resolver);
            http.set_nodelay(true);
            http.set_connect_timeout(Some(CONNECT_TIMEOUT));
            http.enforce_http(is_plain);
            http
        };
        let mut builder = Client::builder(TokioExecutor::new());
        // each request is checked anew, so each has a connection of its own
        let builder = builder
            .pool_timer(TokioTimer::new())
            .pool_max_idle_per_host(0)
            .http1_max_buf_size(ANSWER_HEAD_MAX);
        Ok(Self {
            tls: builder.build(
                HttpsConnectorBuilder::new()
                    .with_tls_config(authorities.client_config()?)
                    .https_only()
                    .enable_http1()
                    .wrap_connector(connector(false)),
            ),
            plain: builder.build(connector(true)),
            allowed,
        })
    }

    /// Whether an address has a form that may be reached, as far as that can be told without asking for its name.
    pub fn check(&self, url: &str) -> Result<Uri, GuardedError> {
        let uri: Uri = url
            .parse()
            .map_err(|error| GuardedError::Refused(format!("{url:?} is no address: {error}")))?;
        let host = uri.host().filter(|host| !host.is_empty());
        let host =
            host.ok_or_else(|| GuardedError::Refused(format!("{url:?} names no host")))?.to_owned();
        let is_plain = match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTP => true,
            Some(scheme) if *scheme == Scheme::HTTPS => false,
            _ => return Err(GuardedError::Refused(format!("{url:?} is not https"))),
        };
        let refused = match literal(&host) {
            Some(address) => self.allowed.check(&host, &[address], is_plain),
            None => self.allowed.check_name(&host, is_plain),
        };
        refused.map_err(GuardedError::Refused)?;
        Ok(uri)
    }

    /// Posts a body with headers, whose names are in small letters, and waits so long for the head of the answer and the first bytes of its body.
    pub async fn post(
        &self,
        url: &str,
        headers: Vec<(&'static str, String)>,
        body: Bytes,
        limits: AnswerLimits,
    ) -> Result<GuardedAnswer, GuardedError> {
        let uri = self.check(url)?;
        let is_plain = uri.scheme() == Some(&Scheme::HTTP);
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = uri;
        for (name, value) in headers {
            let value = HeaderValue::try_from(value).map_err(|error| {
                GuardedError::Refused(format!("the header {name} cannot be sent: {error}"))
            })?;
            request.headers_mut().insert(HeaderName::from_static(name), value);
        }
        let deadline = Instant::now() + limits.time;
        let answered = timeout(limits.time, self.send(request, is_plain)).await;
        let answer = answered.unwrap_or_else(|_| {
            let millis = limits.time.as_millis();
            Err(GuardedError::Unanswered(format!("no answer within {millis} ms")))
        })?;
        let (head, body) = answer.into_parts();
        let beginning = beginning(body, limits.body_bytes, deadline).await;
        Ok(GuardedAnswer { status: head.status.as_u16(), headers: head.headers, beginning })
    }

    async fn send(
        &self,
        request: Request<Full<Bytes>>,
        is_plain: bool,
    ) -> Result<Response<Incoming>, GuardedError> {
        let answered = if is_plain {
            self.plain.request(request).await
        } else {
            self.tls.request(request).await
        };
        answered.map_err(|error| {
            if let Some(refused) = resolver::refusal(&error) {
                return GuardedError::Refused(refused);
            }
            GuardedError::Unanswered(certificate_fault(&error).unwrap_or_else(|| innermost(&error)))
        })
    }
}

/// How much of an answer is waited for.
#[derive(Clone, Copy, Debug)]
pub struct AnswerLimits {
    /// Time for all of it.
    pub time: Duration,
    /// Bytes of its body that are read.
    pub body_bytes: usize,
}

/// The first bytes of a body: as many as are wanted, or as came in time. The rest is never read.
async fn beginning(mut body: Incoming, wanted: usize, deadline: Instant) -> Bytes {
    let mut read = Vec::new();
    while read.len() < wanted {
        let Ok(Some(Ok(frame))) = timeout_at(deadline, body.frame()).await else { break };
        if let Some(data) = frame.data_ref() {
            let room = wanted - read.len();
            read.extend_from_slice(&data[..data.len().min(room)]);
        }
    }
    read.into()
}
