//! What people say a webhook is for.

/// Text for people: 1 to [`Description::LENGTH_MAX`] characters without control characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description(Box<str>);

/// The text is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a description must have 1 to {max} characters and no control characters, got {length}", max = Description::LENGTH_MAX)]
pub struct InvalidDescription {
    length: usize,
}

impl Description {
    /// Most characters.
    pub const LENGTH_MAX: usize = 200;

    /// Trims and checks a text.
    pub fn new(text: &str) -> Result<Self, InvalidDescription> {
        let text = text.trim();
        let length = text.chars().count();
        if (1..=Self::LENGTH_MAX).contains(&length) && !text.chars().any(char::is_control) {
            return Ok(Self(text.into()));
        }
        Err(InvalidDescription { length })
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
