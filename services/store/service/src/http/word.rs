//! Closed lists of words in bodies and queries, such as a store's kinds.

/// Declares a closed list of words of the API after the domain's.
macro_rules! word_list {
    ($(#[$doc:meta])* $name:ident as $schema:ident of $domain:ident { $($(#[$word_doc:meta])* $word:ident,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[derive(::serde::Deserialize, ::serde::Serialize, ::utoipa::ToSchema)]
        #[serde(rename_all = "kebab-case")]
        #[schema(as = $schema)]
        pub(super) enum $name {
            $($(#[$word_doc])* $word,)+
        }

        impl $name {
            pub(super) const fn domain(self) -> $domain {
                match self {
                    $(Self::$word => $domain::$word,)+
                }
            }

            pub(super) const fn of(domain: $domain) -> Self {
                match domain {
                    $($domain::$word => Self::$word,)+
                }
            }
        }
    };
}

pub(super) use word_list;
