//! The body of a request, kept until its answer is there: a refused one is looked through for all its faults.

use std::sync::{Arc, OnceLock};

use axum::body::Bytes;

/// Where a JSON body is left when it is read; a share of the same memory, no copy.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeptBody(Arc<OnceLock<Bytes>>);

impl KeptBody {
    /// Keeps a body. Only the first is.
    pub(crate) fn keep(&self, body: &Bytes) {
        // a second body of one request there is not
        let _kept = self.0.set(body.clone());
    }

    /// The body, if it was read.
    pub(crate) fn get(&self) -> Option<&[u8]> {
        self.0.get().map(AsRef::as_ref)
    }
}
