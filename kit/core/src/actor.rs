//! The cause of a change: a short, validated label kept with every event.

use std::fmt;
use std::sync::Arc;

/// The person, service or job that caused a change, such as `till:4711/3`, `user:maria` or `system:sweeper`.
///
/// 1 to [`Actor::LENGTH_MAX`] printable characters without control characters. It is an opaque
/// reference for the audit trail, not a person's data: put names and addresses elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Actor(Arc<str>);

/// The text is not usable as an actor.
#[derive(Debug, thiserror::Error)]
#[error("an actor must be 1 to {max} printable characters, got {length}", max = Actor::LENGTH_MAX)]
pub struct InvalidActor {
    length: usize,
}

impl Actor {
    /// Longest actor, in bytes.
    pub const LENGTH_MAX: usize = 100;

    /// Checks and wraps a label.
    pub fn new(text: &str) -> Result<Self, InvalidActor> {
        let usable = !text.is_empty()
            && text.len() <= Self::LENGTH_MAX
            && !text.chars().any(char::is_control);
        if usable { Ok(Self(text.into())) } else { Err(InvalidActor { length: text.len() }) }
    }

    /// Wraps a label written in our own source, such as `system:sweeper`.
    ///
    /// # Panics
    /// When the label breaks the rules of [`Actor::new`], which is a programming error.
    #[must_use]
    pub fn system(label: &'static str) -> Self {
        Self::new(label).expect("a system actor's label is valid")
    }

    /// The label.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
