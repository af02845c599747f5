//! The identifiers that people use: store codes, SKUs, category codes and supplier codes.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// Printable ASCII that means something in a URL, a list or quoted text, and so would need escaping there.
const SPECIAL: &[u8] = br#"\"'`?#%&,;<>"#;

/// What stands between the parts of a store code or SKU; percent-encoded in a path, it is part of its segment.
const BETWEEN_PARTS: [u8; 2] = *b" /";

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
        "{what} {text:?} must be letters, digits and punctuation without {special}{also}",
        special = String::from_utf8_lossy(SPECIAL)
    )]
    Character {
        /// `store code`, `sku`, `category code` or `supplier code`.
        what: &'static str,
        /// The refused text.
        text: String,
        /// What it may do with spaces and slashes.
        also: &'static str,
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
    ($($(#[$doc:meta])* $name:ident is $what:literal, parted: $parted:literal;)+) => {$(
        $(#[$doc])*
        ///
        /// 1 to [`Self::LENGTH_MAX`] printable ASCII characters, kept as they are typed; `A1` and `a1` are two spellings of one
        /// code. Never a UUID, because paths accept either.
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Box<str>);

        impl $name {
            /// Longest code, in characters.
            pub const LENGTH_MAX: usize = 64;

            /// Checks and wraps a code as it is; nothing is trimmed or folded.
            pub fn new(text: &str) -> Result<Self, InvalidCode> {
                check($what, text, Self::LENGTH_MAX, $parted)?;
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
    /// The code a chain calls a store by, such as `2106`, `SP-014` or `A/B 12`.
    StoreCode is "store code", parted: true;
    /// The code a chain calls a product by, such as `100015` or `A/B 12`.
    Sku is "sku", parted: true;
    /// The code a chain calls a category by, such as `SPIRITS`.
    CategoryCode is "category code", parted: false;
    /// The code a chain calls a supplier by, such as `ACME`.
    SupplierCode is "supplier code", parted: false;
}

fn check(what: &'static str, text: &str, max: usize, is_parted: bool) -> Result<(), InvalidCode> {
    if text.is_empty() || text.len() > max {
        return Err(InvalidCode::Length { what, max, length: text.len() });
    }
    let plain = |part: &[u8]| {
        let good = |byte: &u8| byte.is_ascii_graphic() && *byte != b'/' && !SPECIAL.contains(byte);
        !part.is_empty() && part.iter().all(good)
    };
    // nothing at the ends that a reader would trim, and no two that one would take for one
    let mut parts = text.as_bytes().split(|byte| BETWEEN_PARTS.contains(byte));
    let is_plain = if is_parted { parts.all(plain) } else { plain(text.as_bytes()) };
    if !is_plain {
        let also = if is_parted {
            "; spaces and slashes stand between two others"
        } else {
            ", spaces or slashes"
        };
        return Err(InvalidCode::Character { what, text: text.to_owned(), also });
    }
    let is_step = text.split('/').any(|step| matches!(step, "." | ".."));
    if is_step || Uuid::try_parse(text).is_ok() {
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
    fn spaces_and_slashes_stand_between_the_parts_of_a_store_code_or_sku() {
        for good in ["A/B 12", "a b", "1/2", "x y z", "a/.b", "a/..."] {
            assert_eq!(StoreCode::new(good).unwrap().as_str(), good);
            assert_eq!(Sku::new(good).unwrap().folded(), good.to_ascii_lowercase());
            assert!(CategoryCode::new(good).is_err() && SupplierCode::new(good).is_err(), "{good}");
        }
        for bad in
            [" ", "/", " a", "a ", "/a", "a/", "a  b", "a//b", "a/ b", "a/../b", "./a", "a\tb"]
        {
            assert!(Sku::new(bad).is_err(), "{bad:?} must be refused");
        }
    }

    #[test]
    fn what_a_path_or_list_could_misread_is_refused() {
        let long = "x".repeat(Sku::LENGTH_MAX + 1);
        let bad = [
            "", &long, " a", "a\\b", "a\"", "a'", "a?", "a#", "a%20", "a&b", "a,b", "a;b", "<a>",
            "é", "a\0", "a\n", ".", "..",
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
        let error = Sku::new("a, b").unwrap_err().to_string();
        assert!(error.starts_with("sku \"a, b\" must be"), "{error}");
        assert!(error.ends_with("spaces and slashes stand between two others"), "{error}");
        let error = SupplierCode::new("a b").unwrap_err().to_string();
        assert!(error.ends_with(", spaces or slashes"), "{error}");
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
