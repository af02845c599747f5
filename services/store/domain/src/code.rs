//! The identifiers that people use: store codes, SKUs, category codes and supplier codes.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// Printable ASCII that means something in a URL, a list or quoted text, and so would need escaping there.
const SPECIAL: &[u8] = br#"/\"'`?#%&,;<>"#;

/// The text is not usable as a code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCode {
    /// Too long or empty.
    #[error("a {what} must be 1 to {max} characters, got {length}")]
    Length {
        /// `store code`, `sku`, `category code` or `supplier code`.
        what: &'static str,
        /// The longest allowed, in characters.
        max: usize,
        /// What it has, in bytes.
        length: usize,
    },
    /// A character that a code must not have.
    #[error(
        "{what} {text:?} must be letters, digits and punctuation without spaces or {special}",
        special = String::from_utf8_lossy(SPECIAL)
    )]
    Character {
        /// `store code`, `sku`, `category code` or `supplier code`.
        what: &'static str,
        /// The refused text.
        text: String,
    },
    /// A UUID, or a path step such as `..`: it would be ambiguous in a URL path.
    #[error(
        "{what} {text:?} must not look like a UUID, '.' or '..', because paths accept ids and codes alike"
    )]
    Ambiguous {
        /// `store code`, `sku`, `category code` or `supplier code`.
        what: &'static str,
        /// The refused text.
        text: String,
    },
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident is $what:literal;)+) => {$(
        $(#[$doc])*
        ///
        /// 1 to [`Self::LENGTH_MAX`] printable ASCII characters, none of which needs escaping in a URL path. Kept as it is
        /// typed; `A1` and `a1` are two spellings of one code. Never a UUID, because paths accept either.
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Box<str>);

        impl $name {
            /// Longest code, in characters.
            pub const LENGTH_MAX: usize = 64;

            /// Checks and wraps a code as it is; nothing is trimmed or folded.
            pub fn new(text: &str) -> Result<Self, InvalidCode> {
                check($what, text, Self::LENGTH_MAX)?;
                Ok(Self(text.into()))
            }

            /// The spelling that all spellings of the code share.
            pub fn folded(&self) -> String {
                self.0.to_ascii_lowercase()
            }

            /// The code.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidCode;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::new(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    )+};
}

codes! {
    /// The code a chain calls a store by, such as `2106` or `SP-014`.
    StoreCode is "store code";
    /// The code a chain calls a product by, such as `100015`.
    Sku is "sku";
    /// The code a chain calls a category by, such as `SPIRITS`.
    CategoryCode is "category code";
    /// The code a chain calls a supplier by, such as `ACME`.
    SupplierCode is "supplier code";
}

fn check(what: &'static str, text: &str, max: usize) -> Result<(), InvalidCode> {
    if text.is_empty() || text.len() > max {
        return Err(InvalidCode::Length { what, max, length: text.len() });
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic() && !SPECIAL.contains(&byte)) {
        return Err(InvalidCode::Character { what, text: text.to_owned() });
    }
    if matches!(text, "." | "..") || Uuid::try_parse(text).is_ok() {
        return Err(InvalidCode::Ambiguous { what, text: text.to_owned() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn codes_of_real_chains_are_accepted_as_they_are() {
        for good in
            ["2106", "10004", "gift_0001_50", "DCGS0066P", "SP-014", "a.b", "...", "(x)*+:@"]
        {
            assert_eq!(StoreCode::new(good).unwrap().as_str(), good);
            assert_eq!(Sku::new(good).unwrap().to_string(), good);
        }
        assert!(Sku::new(&"x".repeat(Sku::LENGTH_MAX)).is_ok());
        let (lower, upper) = (Sku::new("a1").unwrap(), Sku::new("A1").unwrap());
        assert_ne!(lower, upper);
        assert_eq!(lower.folded(), upper.folded());
    }

    #[test]
    fn what_a_path_or_list_could_misread_is_refused() {
        let long = "x".repeat(Sku::LENGTH_MAX + 1);
        let bad = [
            "", &long, "a b", " a", "a/b", "a\\b", "a\"", "a'", "a?", "a#", "a%20", "a&b", "a,b",
            "a;b", "<a>", "é", "a\0", "a\n", ".", "..",
        ];
        for text in bad {
            assert!(Sku::new(text).is_err(), "{text:?} must be refused");
        }
    }

    #[test]
    fn every_spelling_of_a_uuid_is_refused() {
        let id = Uuid::from_u128(0x018f_3c2a_7b1e_7000_8000_0000_0000_0001);
        let upper = id.to_string().to_uppercase();
        let spellings = [
            id.to_string(),
            upper,
            id.simple().to_string(),
            id.urn().to_string(),
            id.braced().to_string(),
        ];
        for text in spellings {
            let error = StoreCode::new(&text).unwrap_err();
            assert!(matches!(error, InvalidCode::Ambiguous { .. }), "{error}");
        }
    }

    #[test]
    fn refusals_name_the_kind_and_the_value() {
        let error = Sku::new("a b").unwrap_err().to_string();
        assert!(error.starts_with("sku \"a b\" must be"), "{error}");
    }

    proptest! {
        #[test]
        fn an_accepted_code_never_parses_as_an_id(text in "\\PC{0,80}|[0-9a-f-]{30,40}") {
            if let Ok(sku) = Sku::new(&text) {
                prop_assert!(Uuid::parse_str(sku.as_str()).is_err());
                prop_assert_eq!(sku.as_str(), text);
            }
        }
    }
}
