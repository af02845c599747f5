//! The caller of a command: actor, correlation id and idempotency key.

use uuid::Uuid;

use crate::{Actor, Scope};

/// The sender of a command, as it is recorded with the command's events.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The person, service or job.
    pub actor: Actor,
    /// Correlation id of the request or job that the command is part of.
    pub correlation_id: Uuid,
    /// Set when the command may be sent again; the repetition is then answered as the first sending was.
    pub idempotency: Option<Idempotency>,
    /// What the sender may change; the rest does not exist for it.
    pub scope: Scope,
}

/// The name of a command that may be sent more than once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idempotency {
    /// The caller's key.
    pub key: Box<str>,
    /// Hash of the command, to tell a repetition from another command under the same key.
    pub fingerprint: Box<str>,
}
