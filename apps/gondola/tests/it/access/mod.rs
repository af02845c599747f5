//! Who may do what: every route of the served document, for every role, in its own store and in another.

mod chain;
mod issuer;
mod limits;
mod matrix;
mod quotas;
mod repetitions;
mod sample;
mod separate;

use chain::Chain;
pub(crate) use chain::{Answer, key};
