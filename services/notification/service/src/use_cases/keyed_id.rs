//! The id of what is registered under an idempotency key: it follows from the key, so that a repetition finds what the first
//! request has made. Nothing is kept of the key beside it.

use aws_lc_rs::digest::{SHA256, digest};
use kit_core::Caller;
use uuid::{Builder, Uuid};

/// An id of which one half says who has sent which key, and the other half what for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KeyedId(Uuid);

/// Something registered under this key, and for another request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "this Idempotency-Key has made {0}, by a request with another body: send that body again, or take a new key"
)]
pub struct KeyReused(pub Uuid);

impl KeyedId {
    /// The id for a caller with a key.
    pub(crate) fn of(caller: &Caller) -> Option<Self> {
        let idempotency = caller.idempotency.as_ref()?;
        let sent = digest(&SHA256, format!("{}\n{}", caller.actor, idempotency.key).as_bytes());
        // with the key, so that no body can be guessed by its id
        let wanted = format!(
            "{}
{}",
            idempotency.key, idempotency.fingerprint
        );
        let wanted = digest(&SHA256, wanted.as_bytes());
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&sent.as_ref()[..8]);
        bytes[8..].copy_from_slice(&wanted.as_ref()[..8]);
        Some(Self(Builder::from_custom_bytes(bytes).into_uuid()))
    }

    /// The id.
    pub(crate) const fn id(self) -> Uuid {
        self.0
    }

    /// An id before all that are of this key, in the order of ids.
    pub(crate) fn before_all(self) -> Uuid {
        let mut bytes = self.0.into_bytes();
        bytes[8..].fill(0);
        Uuid::from_bytes(bytes)
    }

    /// Whether something was registered by a repeated request; an error where it was by another one under the same key.
    pub(crate) fn is_repeated(self, registered: Option<Uuid>) -> Result<bool, KeyReused> {
        match registered.filter(|id| id.as_bytes()[..8] == self.0.as_bytes()[..8]) {
            None => Ok(false),
            Some(id) if id == self.0 => Ok(true),
            Some(id) => Err(KeyReused(id)),
        }
    }
}

#[cfg(test)]
mod tests {
    use kit_core::{Actor, Idempotency, Scope};

    use super::*;

    fn of(actor: &str, key: &str, fingerprint: &str) -> KeyedId {
        let idempotency = Idempotency { key: key.into(), fingerprint: fingerprint.into() };
        let actor = Actor::new(actor).unwrap();
        let correlation_id = Uuid::nil();
        let scope = Scope::All;
        KeyedId::of(&Caller { actor, correlation_id, idempotency: Some(idempotency), scope })
            .unwrap()
    }

    #[test]
    fn a_repetition_finds_what_it_has_made_and_another_request_is_told() {
        let first = of("ana", "k", "a");
        assert_eq!(first, of("ana", "k", "a"));
        assert_eq!(first.is_repeated(None), Ok(false));
        assert_eq!(first.is_repeated(Some(first.id())), Ok(true));
        let other = of("ana", "k", "b");
        assert_eq!(other.is_repeated(Some(first.id())), Err(KeyReused(first.id())));
        for of_others in [of("bia", "k", "a"), of("ana", "l", "a")] {
            assert_eq!(of_others.is_repeated(Some(first.id())), Ok(false));
        }
    }

    #[test]
    fn all_ids_of_a_key_follow_the_one_before_them() {
        let before = of("ana", "k", "a").before_all();
        for fingerprint in ["a", "b", "c", "d", "e"] {
            let id = of("ana", "k", fingerprint);
            assert!(before < id.id() && id.before_all() == before);
        }
    }
}
