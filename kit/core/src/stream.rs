//! Names and numbers of places in the event log.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The name of a stream: the events of one aggregate, such as `inventory-{product}-{store}`.
///
/// 1 to [`StreamId::LENGTH_MAX`] characters of `a-z A-Z 0-9 - _ .`, not beginning with a dot, so that it is
/// safe as a file name. Cheap to clone.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StreamId(Arc<str>);

/// The text is not usable as a stream name.
#[derive(Debug, thiserror::Error)]
#[error(
    "stream name {name:?} must be 1 to {max} characters of a-z, A-Z, 0-9, '-', '_' and '.', not beginning with '.'",
    max = StreamId::LENGTH_MAX
)]
pub struct InvalidStreamId {
    name: String,
}

impl StreamId {
    /// Longest name, in bytes.
    pub const LENGTH_MAX: usize = 200;

    /// Checks and wraps a name.
    pub fn new(name: impl Into<Arc<str>>) -> Result<Self, InvalidStreamId> {
        let name = name.into();
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let usable = !name.is_empty()
            && name.len() <= Self::LENGTH_MAX
            && !name.starts_with('.')
            && name.bytes().all(allowed);
        if usable { Ok(Self(name)) } else { Err(InvalidStreamId { name: name.to_string() }) }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StreamId({})", self.0)
    }
}

macro_rules! counter {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(u64);

        impl $name {
            /// Before the first.
            pub const ZERO: Self = Self(0);

            /// Wraps a number.
            #[must_use]
            pub const fn new(number: u64) -> Self {
                Self(number)
            }

            /// The number.
            #[must_use]
            pub const fn get(self) -> u64 {
                self.0
            }

            /// The next one.
            #[must_use]
            pub const fn next(self) -> Self {
                Self(self.0 + 1)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

counter! {
    /// How many events a stream has; the first event of a stream makes version 1, an absent stream has 0.
    Version
}

counter! {
    /// An event's place in the global order of the log; the first event has 1, an empty log ends at 0.
    ///
    /// Strictly increasing in commit order. Clients use it as a consistency token.
    Position
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stream_names_are_safe_file_names() {
        assert!(StreamId::new("inventory-1-2").is_ok());
        let long = "x".repeat(StreamId::LENGTH_MAX + 1);
        for bad in ["", "..", ".hidden", "a/b", "a\\b", "a\0b", "a b", "ü", &long] {
            assert!(StreamId::new(bad).is_err(), "{bad:?} must be refused");
        }
    }
}
