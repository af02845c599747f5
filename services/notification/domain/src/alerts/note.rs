//! What people say when they acknowledge or resolve an alert.

/// Text for people: 1 to [`Note::LENGTH_MAX`] characters without control characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note(Box<str>);

/// The text is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a note must have 1 to {max} characters and no control characters, got {length}", max = Note::LENGTH_MAX)]
pub struct InvalidNote {
    length: usize,
}

impl Note {
    /// Most characters.
    pub const LENGTH_MAX: usize = 500;

    /// Trims and checks a text.
    pub fn new(text: &str) -> Result<Self, InvalidNote> {
        let text = text.trim();
        let length = text.chars().count();
        if (1..=Self::LENGTH_MAX).contains(&length) && !text.chars().any(char::is_control) {
            return Ok(Self(text.into()));
        }
        Err(InvalidNote { length })
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_has_a_line_of_text() {
        assert_eq!(
            Note::new("  ordered \u{e0} Lisbonne ").unwrap().as_str(),
            "ordered \u{e0} Lisbonne"
        );
        for bad in ["", "   ", "a\nb", &"x".repeat(501)] {
            let told = Note::new(bad).unwrap_err().to_string();
            assert!(told.contains("1 to 500"), "{told}");
        }
    }
}
