//! Where a request enters: with a body that must keep arriving, and past the limit of connections for health checks only.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::Route;
use http::Request;
use hyper::body::Incoming;
use hyper::service::Service;
use tower::Service as _;
use tower::layer::layer_fn;
use tower::service_fn;

use crate::arriving::Arriving;
use crate::in_flight::{Answering, InFlight, Leaving};
use crate::patience::Patience;
use crate::{Problem, health};

/// When a client that found no place may try again.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Who is at the other end of the connection of a request, among its extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerAddress(pub IpAddr);

/// All routes as the protocol of one connection calls them.
#[derive(Clone)]
pub(crate) struct Door {
    /// Bound to its state once, so that no request has to.
    router: Router,
    patience: Arc<Patience>,
    in_flight: InFlight,
    peer: Option<PeerAddress>,
}

impl Door {
    pub(crate) fn new(router: Router, patience: Arc<Patience>) -> Self {
        Self { router: router.with_state(()), patience, in_flight: InFlight::default(), peer: None }
    }

    /// The same door for another connection, which has this in flight.
    pub(crate) fn for_connection(self, in_flight: InFlight, peer: IpAddr) -> Self {
        Self { in_flight, peer: Some(PeerAddress(peer)), ..self }
    }
}

impl Service<Request<Incoming>> for Door {
    type Response = Response<Leaving>;
    type Error = Infallible;
    type Future = Answering;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let mut request = request.map(|body| Arriving::new(body, Arc::clone(&self.patience)));
        if let Some(peer) = self.peer {
            request.extensions_mut().insert(peer);
        }
        let part = Some(self.in_flight.begin());
        Answering { answer: self.router.clone().call(request), part }
    }
}

/// The routes of health; every other answers that there are too many connections.
pub(crate) fn only_health(router: Router, connections_max: usize) -> Router {
    router.layer(layer_fn(move |mut route: Route| {
        service_fn(move |request: axum::extract::Request| {
            let answer = if health::is_health(request.uri().path()) {
                Ok(route.call(request))
            } else {
                Err(no_place(connections_max))
            };
            async move {
                match answer {
                    Ok(answer) => answer.await,
                    Err(problem) => Ok(problem.into_response()),
                }
            }
        })
    }))
}

fn no_place(connections_max: usize) -> Problem {
    let detail = format!("all {connections_max} connections of this server are in use");
    Problem::unavailable(detail, RETRY_AFTER)
}
