//! Closed lists of words, such as a store's kinds, with one spelling everywhere.

/// The text is not one of the words of a closed list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} {text:?} must be one of {}", choices.join(", "))]
pub struct UnknownWord {
    pub(crate) what: &'static str,
    pub(crate) text: String,
    pub(crate) choices: &'static [&'static str],
}

/// Declares a closed list of words with its text forms, so that log, API and contracts spell them alike.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident is $what:literal { $($(#[$word_doc:meta])* $word:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$word_doc])* $word,)+
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$word),+];

            /// The word in text.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$word => $text,)+
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::UnknownWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($text => Ok(Self::$word),)+
                    _ => Err($crate::UnknownWord {
                        what: $what,
                        text: text.chars().take(40).collect(),
                        choices: &[$($text),+],
                    }),
                }
            }
        }
    };
}

pub(crate) use words;

#[cfg(test)]
mod tests {
    use crate::{ProductStatus, StoreKind, StoreStatus};

    #[test]
    fn every_word_reads_back() {
        for kind in StoreKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(*kind));
        }
        for status in StoreStatus::ALL {
            assert_eq!(status.as_str().parse(), Ok(*status));
        }
        for status in ProductStatus::ALL {
            assert_eq!(status.as_str().parse(), Ok(*status));
        }
    }

    #[test]
    fn another_word_is_told_the_choices() {
        let error = "warehouse".parse::<StoreKind>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "store kind \"warehouse\" must be one of shop, distribution-centre, hub, cross-docking, pick-up-point, dark-store"
        );
    }
}
