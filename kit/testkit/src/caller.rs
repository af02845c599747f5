//! Ids and callers of commands.

use kit_core::{
    Actor, Caller, Clock as _, IdSource as _, Idempotency, RandomIds, Scope, SystemClock,
};
use uuid::Uuid;

/// An id that nothing else has.
#[must_use]
pub fn new_id() -> Uuid {
    RandomIds.next_id(SystemClock.now())
}

/// A caller of the test, with an idempotency key if the command may be sent again; all commands under one key count as
/// the same.
#[must_use]
pub fn caller(key: Option<&str>) -> Caller {
    let idempotency = key.map(|key| Idempotency { key: key.into(), fingerprint: "same".into() });
    Caller {
        actor: Actor::system("test"),
        correlation_id: new_id(),
        idempotency,
        scope: Scope::All,
    }
}
