//! Short text for people: names, labels, addresses.

use std::fmt;

/// Text for people: 1 to `LENGTH_MAX` printable characters, without space at either end.
///
/// Refused are control characters, line breaks, and the marks that reorder or hide text on a screen.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Text<const LENGTH_MAX: usize>(Box<str>);

/// The name of a store or product.
pub type Name = Text<200>;
/// A word or two to group by: region, city, category, brand.
pub type Label = Text<100>;
/// Street and number, on one line.
pub type Address = Text<300>;
/// A postal code of any country.
pub type PostalCode = Text<16>;
/// Why an entry has its status, on one line.
pub type StatusReason = Text<200>;
/// What is to be said about a product, on one line.
pub type Description = Text<2000>;
/// What the chain's people should know of a supplier, on one line.
pub type Note = Text<2000>;

/// The text is empty, too long, or has characters that cannot be printed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("text must be 1 to {max} printable characters, got {length}: {start:?}")]
pub struct InvalidText {
    max: usize,
    length: usize,
    start: String,
}

impl<const LENGTH_MAX: usize> Text<LENGTH_MAX> {
    /// How many characters of a refused text its error repeats.
    const SHOWN_MAX: usize = 40;

    /// Trims and checks a text.
    pub fn new(text: &str) -> Result<Self, InvalidText> {
        let trimmed = text.trim();
        let length = trimmed.chars().count();
        if (1..=LENGTH_MAX).contains(&length) && trimmed.chars().all(is_printable) {
            return Ok(Self(trimmed.into()));
        }
        let start = trimmed.chars().take(Self::SHOWN_MAX).collect();
        Err(InvalidText { max: LENGTH_MAX, length, start })
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a character shows as itself, rather than breaking, reordering or hiding its neighbours.
fn is_printable(character: char) -> bool {
    !character.is_control()
        && !matches!(
            character,
            '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{FEFF}'
                | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
        )
}

impl<const LENGTH_MAX: usize> fmt::Display for Text<LENGTH_MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<const LENGTH_MAX: usize> fmt::Debug for Text<LENGTH_MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({:?})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_of_real_catalogues_are_accepted() {
        let real = [
            "CENTRAL CITY LIQUOR, INC.",
            "CLYDE MAYS SPECIAL RESERVE STRAIGHT BOURBON - USE CODE 17543",
            "JIM BEAM BLACK W/2 GLASSES",
            "Pão de queijo 5 °C, ‘São João’",
            "日本酒",
        ];
        for name in real {
            assert_eq!(Name::new(name).unwrap().as_str(), name);
        }
    }

    #[test]
    fn length_counts_characters_after_trimming() {
        let longest = "ü".repeat(200);
        assert_eq!(Name::new(&format!("  {longest}\t")).unwrap().as_str(), longest);
        assert!(Name::new(&"ü".repeat(201)).is_err());
        assert!(Name::new(" \t ").is_err());
    }

    #[test]
    fn what_does_not_show_as_itself_is_refused() {
        for bad in
            ["a\0b", "a\nb", "a\u{202E}b", "a\u{2066}b", "a\u{200B}b", "a\u{FEFF}b", "a\u{2028}b"]
        {
            assert!(Name::new(bad).is_err(), "{bad:?} must be refused");
        }
    }

    #[test]
    fn a_refusal_repeats_only_the_start() {
        let error = Name::new(&"x".repeat(1_000_000)).unwrap_err().to_string();
        assert!(error.contains("1 to 200") && error.contains("got 1000000"), "{error}");
        assert!(error.len() < 200, "{error}");
    }

    proptest! {
        #[test]
        fn an_accepted_text_is_accepted_again_unchanged(text in "\\PC{0,40}") {
            if let Ok(name) = Name::new(&text) {
                prop_assert_eq!(Name::new(name.as_str()), Ok(name));
            }
        }
    }
}
