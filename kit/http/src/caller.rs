//! The caller of a command, from the headers of the request.

use std::borrow::Cow;
use std::fmt::Display;

use axum::extract::FromRequestParts;
use http::request::Parts;
use kit_core::{Caller, Idempotency, Scope};
use serde::Serialize;

use crate::{IdempotencyKey, Problem, RequestContext};

/// What a key from a header begins with, to tell it from a key of a body's own.
const FROM_HEADER: &str = "key";

/// The caller of a request, before its body is known. Method, path and body name the command.
///
/// A key is kept as its kind and its text, `key:order-17`, and the key of a line of a body as `key:order-17:3`. A colon in
/// the caller's text is doubled, so that no text can look like the key of a line.
#[derive(Clone, Debug)]
pub struct CallerHeaders {
    context: RequestContext,
    operation: Cow<'static, str>,
    key: Option<Box<str>>,
}

impl<S: Sync> FromRequestParts<S> for CallerHeaders {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let context = RequestContext::from_request_parts(parts, state).await?;
        let operation = format!("{} {}", parts.method, parts.uri.path()).into();
        let IdempotencyKey(key) = IdempotencyKey::from_request_parts(parts, state).await?;
        let key = key.map(|key| own_key(FROM_HEADER, &*key));
        Ok(Self { context, operation, key })
    }
}

impl CallerHeaders {
    /// What it may see and change.
    pub const fn scope(&self) -> &Scope {
        &self.context.scope
    }

    /// Names the command by an operation instead of method and path: the lines of a body have one path, but are of several
    /// operations.
    #[must_use]
    pub fn operation(self, name: &'static str) -> Self {
        Self { operation: name.into(), ..self }
    }

    /// The caller of one line of the body: a key is that of the request with the line's number.
    #[must_use]
    pub fn line(&self, number: usize) -> Self {
        let key = self.key.as_ref().map(|key| format!("{key}:{number}").into());
        Self { key, ..self.clone() }
    }

    /// Where the headers have no key, an id that the caller chose in the body is the key. `kind` says what it is an id of,
    /// and is not `key`.
    #[must_use]
    pub fn or_id(self, kind: &str, id: Option<impl Display>) -> Self {
        let key = self.key.or_else(|| id.map(|id| own_key(kind, id)));
        Self { key, ..self }
    }

    /// The caller, with an idempotency key that is bound to the command's name and this body.
    pub fn caller(self, body: &impl Serialize) -> Caller {
        let Self { context, operation, key } = self;
        let idempotency = |key| {
            let fingerprint = IdempotencyKey::fingerprint(&operation, body);
            Idempotency { key, fingerprint }
        };
        Caller {
            actor: context.actor,
            correlation_id: context.correlation_id,
            idempotency: key.map(idempotency),
            scope: context.scope,
        }
    }
}

/// A key of a kind; colons in its text are doubled, so that a single one is a separator of ours.
fn own_key(kind: &str, text: impl Display) -> Box<str> {
    format!("{kind}:{}", text.to_string().replace(':', "::")).into()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::time::Duration;

    use kit_core::{RandomIds, SystemClock};

    use super::*;

    fn headers(key: Option<&str>) -> CallerHeaders {
        let anonymous = kit_core::Actor::system("api");
        let empty = http::HeaderMap::new();
        let (context, _) = RequestContext::read(
            &empty,
            &anonymous,
            &RandomIds,
            &SystemClock,
            Duration::from_secs(1),
        );
        let key = key.map(|key| own_key(FROM_HEADER, key));
        CallerHeaders { context, operation: "POST /".into(), key }
    }

    fn key(headers: CallerHeaders) -> Option<Box<str>> {
        headers.caller(&()).idempotency.map(|idempotency| idempotency.key)
    }

    #[test]
    fn a_line_has_the_key_of_the_request_and_its_number() {
        let request = headers(Some("order-17"));
        assert_eq!(key(request.line(3)).as_deref(), Some("key:order-17:3"));
        assert_eq!(key(request).as_deref(), Some("key:order-17"));
        assert_eq!(key(headers(None).line(3)), None);
    }

    #[test]
    fn no_key_of_a_caller_is_that_of_a_line_or_of_an_id() {
        let texts = ["K", "K:", "K::", ":K", "K:1", "K::1", "K:1:2", "K:12", ":1", "1", "key:K"];
        let mut seen = HashSet::new();
        for text in texts {
            let request = headers(Some(text));
            for number in [1, 2, 12] {
                assert!(seen.insert(key(request.line(number))), "line {number} of {text}");
            }
            assert!(seen.insert(key(headers(None).or_id("reservation", Some(text)))), "id {text}");
            assert!(seen.insert(key(request)), "{text}");
        }
    }

    #[test]
    fn an_id_of_the_body_is_the_key_where_the_headers_have_none() {
        let with = |key| headers(key).or_id("reservation", Some(7));
        assert_eq!(key(with(None)).as_deref(), Some("reservation:7"));
        assert_eq!(key(with(Some("a"))).as_deref(), Some("key:a"));
        assert_eq!(key(headers(None).or_id("reservation", None::<u8>)), None);
    }

    #[test]
    fn a_named_operation_replaces_method_and_path() {
        let fingerprint =
            |headers: CallerHeaders| headers.caller(&7).idempotency.unwrap().fingerprint;
        let named = headers(Some("a")).operation("reserve");
        assert_eq!(fingerprint(named), IdempotencyKey::fingerprint("reserve", &7));
        let unnamed = headers(Some("a"));
        assert_eq!(fingerprint(unnamed), IdempotencyKey::fingerprint("POST /", &7));
    }
}
