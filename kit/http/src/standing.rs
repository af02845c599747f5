//! Whether a caller whose answer goes on for long may still have it.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, MatchedPath};
use http::request::Parts;
use kit_core::Actor;

use crate::guard::LetInBy;
use crate::{Admitted, RequestContext};

/// A caller that was let in, with what it showed, so that it can be asked about again. Where nobody is asked who they are, it holds
/// for ever.
pub struct Standing(Option<LetIn>);

struct LetIn {
    by: LetInBy,
    route: String,
    /// The request, without what belongs to its connection.
    head: Parts,
    admitted: Admitted,
}

impl Standing {
    /// Who it is, where callers must say so.
    pub fn caller(&self) -> Option<&Actor> {
        self.0.as_ref().map(|let_in| &let_in.admitted.actor)
    }

    /// Whether the same credential would be let in now, as the same caller and for the same stores. No when that cannot be said:
    /// the caller asks anew, and hears why.
    pub async fn holds(&self) -> bool {
        let Some(LetIn { by, route, head, admitted }) = &self.0 else { return true };
        let now = by.0.admit(route, head).await;
        now.is_ok_and(|now| now.as_ref() == Some(admitted))
    }
}

impl<S: Sync> FromRequestParts<S> for Standing {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let found = &parts.extensions;
        let let_in = found.get().zip(found.get()).zip(found.get::<MatchedPath>());
        Ok(Self(let_in.map(|((by, admitted), route): ((&LetInBy, &Admitted), _)| LetIn {
            by: LetInBy::clone(by),
            admitted: admitted.clone(),
            route: route.as_str().to_owned(),
            head: head_of(parts),
        })))
    }
}

/// What a guard looks at: method, address, headers, where the request came from, and its context.
fn head_of(parts: &Parts) -> Parts {
    let (mut head, ()) = http::Request::new(()).into_parts();
    head.method = parts.method.clone();
    head.uri = parts.uri.clone();
    head.headers = parts.headers.clone();
    let found = &parts.extensions;
    if let Some(peer) = found.get::<crate::PeerAddress>() {
        head.extensions.insert(*peer);
    }
    if let Some(context) = found.get::<RequestContext>() {
        head.extensions.insert(context.clone());
    }
    head
}
