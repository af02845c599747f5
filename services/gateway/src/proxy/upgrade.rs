//! WebSockets on their way through: two connections that are upgraded, and joined.

use axum::body::Body;
use axum::response::Response;
use http::header::{CONNECTION, HeaderMap, HeaderValue, UPGRADE};
use http::{Request, StatusCode};
use hyper::body::Incoming;
use hyper::upgrade::{OnUpgrade, on};
use kit_http::wants_websocket;
use kit_http_client::tunnel;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

const WEBSOCKET: HeaderValue = HeaderValue::from_static("websocket");
const UPGRADES: HeaderValue = HeaderValue::from_static("upgrade");

/// Where tunnels run, and until when.
pub(super) struct Tunnels {
    pub(super) tasks: TaskTracker,
    pub(super) stop: CancellationToken,
}

/// The caller's side of a connection that is to go on as a WebSocket.
pub(super) struct Upgrading(OnUpgrade);

impl Upgrading {
    /// If a request wants it.
    pub(super) fn of(request: &mut Request<Body>) -> Option<Self> {
        wants_websocket(request.headers()).then(|| Self(on(request)))
    }

    /// Says so in the headers as they are passed on.
    pub(super) fn ask(headers: &mut HeaderMap) {
        add(headers);
    }
}

impl Tunnels {
    /// The answer of a process, and the tunnel that it begins if the process agrees.
    pub(super) fn begin(&self, upgrading: Upgrading, mut answer: Response<Incoming>) -> Response {
        let agreed = answer.status() == StatusCode::SWITCHING_PROTOCOLS;
        let process = agreed.then(|| on(&mut answer));
        let (mut head, body) = answer.into_parts();
        super::headers::end_to_end(&mut head.headers);
        let Some(process) = process else { return Response::from_parts(head, Body::new(body)) };
        add(&mut head.headers);
        let joined = async move {
            let (caller, process) = (upgrading.0.await?, process.await?);
            // either may break off at any time
            let _ = tunnel(caller, process).await;
            Ok::<_, hyper::Error>(())
        };
        self.tasks.spawn(self.stop.clone().run_until_cancelled_owned(joined));
        Response::from_parts(head, Body::empty())
    }
}

fn add(headers: &mut HeaderMap) {
    headers.insert(CONNECTION, UPGRADES);
    headers.insert(UPGRADE, WEBSOCKET);
}
