//! Short texts from outside: why something happened and what it belongs to.

use std::fmt;
use std::sync::Arc;

/// A text that a value object does not allow; it names the text, but of a customer only its length.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidText {
    /// Nothing but white space.
    #[error("{what} is blank: give 1 to {length_max} printable characters")]
    Blank {
        /// Which value it was to become.
        what: &'static str,
        /// Most characters allowed.
        length_max: usize,
    },
    /// More characters than allowed.
    #[error("{subject} is too long with {length} characters: give at most {length_max}")]
    TooLong {
        /// The value and the beginning of the text, or only its length.
        subject: String,
        /// Length of the text, in characters.
        length: usize,
        /// Most characters allowed.
        length_max: usize,
    },
    /// A control character, a line separator or a character that changes the direction of writing.
    #[error(
        "{subject} has a character that cannot be printed in a line: remove control characters"
    )]
    Unprintable {
        /// The value and the beginning of the text, or only its length.
        subject: String,
    },
}

/// What a kind of text allows and whether an error may show it.
struct Rule {
    what: &'static str,
    length_max: usize,
    personal: bool,
}

impl Rule {
    fn check(&self, text: &str) -> Result<Arc<str>, InvalidText> {
        let length = text.chars().count();
        if length > self.length_max {
            let (subject, length_max) = (self.subject(text, length), self.length_max);
            return Err(InvalidText::TooLong { subject, length, length_max });
        }
        if text.trim().is_empty() {
            return Err(InvalidText::Blank { what: self.what, length_max: self.length_max });
        }
        if text.chars().any(is_unprintable) {
            return Err(InvalidText::Unprintable { subject: self.subject(text, length) });
        }
        Ok(text.into())
    }

    fn subject(&self, text: &str, length: usize) -> String {
        /// Enough to recognise a text in an error.
        const CHARS_SHOWN: usize = 40;
        if self.personal {
            return format!("{} of {length} characters (not shown)", self.what);
        }
        let shown: String = text.chars().take(CHARS_SHOWN).collect();
        let rest = if length > CHARS_SHOWN { "..." } else { "" };
        format!("{} {shown:?}{rest}", self.what)
    }
}

/// Characters that could forge or garble a line of a log or a report.
fn is_unprintable(character: char) -> bool {
    let separates_lines = matches!(character, '\u{2028}' | '\u{2029}');
    let turns_direction = matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    character.is_control() || separates_lines || turns_direction
}

macro_rules! text_values {
    ($($(#[$doc:meta])* $name:ident = $what:literal, $length_max:literal, personal: $personal:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Greatest length, in characters.
            pub const LENGTH_MAX: usize = $length_max;

            /// Checks and wraps a text, which is kept as it is.
            pub fn new(text: &str) -> Result<Self, InvalidText> {
                let rule = Rule { what: $what, length_max: $length_max, personal: $personal };
                rule.check(text).map(Self)
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    )+};
}

text_values! {
    /// The reason why stock was moved, reserved or released, as free text: 1 to 200 printable characters.
    Reason = "reason", 200, personal: false;
    /// A document or process that a movement belongs to, such as a delivery note: 1 to 200 printable characters.
    Reference = "reference", 200, personal: false;
    /// The order that a reservation is for: 1 to 100 printable characters.
    OrderRef = "order reference", 100, personal: false;
    /// The sale that a commit belongs to: 1 to 100 printable characters.
    TransactionRef = "transaction reference", 100, personal: false;
    /// A till of a store, by the name that the store gives it: 1 to 64 printable characters.
    TillId = "till", 64, personal: false;
    /// A line of a batch of a till, by the name that the till gives it: 1 to 64 printable characters.
    PosLineId = "line id", 64, personal: false;
    /// A part of a store that is counted by itself, such as an aisle or the back room: 1 to 64 printable characters.
    Zone = "zone", 64, personal: false;
    /// The customer of a reservation: 1 to 100 printable characters of personal data.
    ///
    /// It never reaches a log: `Debug` hides it, errors give only its length, and there is no `Display`.
    ///
    /// ```
    /// let customer = gondola_inventory_domain::CustomerRef::new("maria")?;
    /// assert_eq!(format!("{customer:?}"), "CustomerRef(hidden)");
    /// # Ok::<(), gondola_inventory_domain::InvalidText>(())
    /// ```
    ///
    /// ```compile_fail
    /// let customer = gondola_inventory_domain::CustomerRef::new("maria")?;
    /// println!("{customer}");
    /// # Ok::<(), gondola_inventory_domain::InvalidText>(())
    /// ```
    CustomerRef = "customer reference", 100, personal: true;
}

impl fmt::Debug for CustomerRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CustomerRef(hidden)")
    }
}

macro_rules! shown_in_logs {
    ($($name:ident)+) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({:?})"), self.as_str())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )+};
}

shown_in_logs! { Reason Reference OrderRef TransactionRef TillId PosLineId Zone }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_kept_as_they_are() {
        for text in ["x", "devolução do cliente", " padded ", "👨‍👩‍👧 família", &"ü".repeat(200)]
        {
            assert_eq!(Reason::new(text).unwrap().as_str(), text);
        }
        assert_eq!(Reason::new("stocktake").unwrap().to_string(), "stocktake");
        assert_eq!(format!("{:?}", OrderRef::new("4711").unwrap()), "OrderRef(\"4711\")");
    }

    #[test]
    fn blank_long_and_unprintable_texts_are_refused() {
        for bad in ["", "  \u{a0}", &"x".repeat(201), "a\nb", "a\0", "a\u{202e}b", "a\u{2028}b"] {
            assert!(Reason::new(bad).is_err(), "{bad:?} must be refused");
            assert!(Reference::new(bad).is_err(), "{bad:?} must be refused");
            assert!(OrderRef::new(bad).is_err(), "{bad:?} must be refused");
            assert!(TransactionRef::new(bad).is_err(), "{bad:?} must be refused");
            assert!(CustomerRef::new(bad).is_err(), "{bad:?} must be refused");
        }
        assert!(OrderRef::new(&"x".repeat(100)).is_ok());
        assert!(OrderRef::new(&"x".repeat(101)).is_err());
        assert!(TransactionRef::new(&"x".repeat(101)).is_err());
        assert!(CustomerRef::new(&"x".repeat(101)).is_err());
    }

    #[test]
    fn an_error_shows_the_beginning_of_the_text_in_one_line() {
        let error = Reason::new("line\nbreak").unwrap_err().to_string();
        assert!(error.starts_with("reason \"line\\nbreak\" has a character"), "{error}");
        let error = Reason::new(&"x".repeat(5_000)).unwrap_err().to_string();
        assert!(error.len() < 150 && error.contains("5000"), "{error}");
        assert!(error.ends_with("give at most 200"), "{error}");
    }

    #[test]
    fn a_customer_is_never_shown() {
        let customer = CustomerRef::new("maria@example.com").unwrap();
        assert!(!format!("{customer:?}").contains("maria"));
        for bad in ["maria\n".to_owned(), "maria ".repeat(40)] {
            let error = CustomerRef::new(&bad).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("maria"));
            assert!(error.to_string().contains(&bad.chars().count().to_string()));
        }
    }
}
