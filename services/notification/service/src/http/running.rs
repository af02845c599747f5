//! Whether this process runs the context, which handlers ask before anything else.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::extract::{FromRef, FromRequestParts};
use http::request::Parts;
use kit_http::Problem;

use super::Context;

/// When to ask again where another process runs it: about as long as a lease takes to change hands.
const RETRY_AFTER: Duration = Duration::from_secs(5);

/// The context in this process, or why it does not run here; clones are the same.
#[derive(Clone)]
pub(crate) struct Running(Arc<RwLock<Result<Context, String>>>);

impl Running {
    /// It runs.
    pub(crate) fn with(context: Context) -> Self {
        Self(Arc::new(RwLock::new(Ok(context))))
    }

    /// It does not, for a reason that people are told.
    pub(crate) fn not_yet(why: &str) -> Self {
        Self(Arc::new(RwLock::new(Err(why.to_owned()))))
    }

    /// From now on it runs, or does not.
    pub(crate) fn set(&self, now: Result<Context, String>) {
        let mut present = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *present, now);
        // its last owner closes files, for which nobody is to wait
        drop(present);
        drop(before);
    }

    /// What callers work with, or why they cannot.
    pub(crate) fn context(&self) -> Result<Context, String> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A part of the context, while it runs here; else 503.
pub(crate) struct Here<T>(pub(crate) T);

impl<T: FromRef<Context>> FromRequestParts<Running> for Here<T> {
    type Rejection = Problem;

    async fn from_request_parts(_: &mut Parts, running: &Running) -> Result<Self, Problem> {
        let unavailable = |why| Problem::unavailable(why, RETRY_AFTER);
        running.context().map(|context| Self(T::from_ref(&context))).map_err(unavailable)
    }
}
