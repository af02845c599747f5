//! The body of a request, kept until its answer is there: a refused one is looked through for all its faults.

use std::sync::{Arc, OnceLock};

use axum::body::Bytes;

use crate::Contract;

/// Where a JSON body is left when it is read; a share of the same memory, no copy.
#[derive(Clone, Debug)]
pub(crate) struct KeptBody(Arc<Kept>);

#[derive(Debug)]
struct Kept {
    contract: Arc<Contract>,
    body: OnceLock<Bytes>,
}

impl KeptBody {
    /// A place for the body of a request that is held against a contract if it is refused.
    pub(crate) fn new(contract: Arc<Contract>) -> Self {
        Self(Arc::new(Kept { contract, body: OnceLock::new() }))
    }

    /// Keeps a body. Only the first is.
    pub(crate) fn keep(&self, body: &Bytes) {
        // a second body of one request there is not
        let _kept = self.0.body.set(body.clone());
    }

    /// The body, if it was read.
    pub(crate) fn get(&self) -> Option<&[u8]> {
        self.0.body.get().map(AsRef::as_ref)
    }

    /// What the request is held against.
    pub(crate) fn contract(&self) -> &Contract {
        &self.0.contract
    }
}
