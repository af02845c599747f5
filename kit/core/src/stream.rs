//! Stream names, stream versions and log positions.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};
use std::sync::{Arc, LazyLock};

use serde::{Deserialize, Serialize};

/// The name of a stream: the events of one aggregate, such as `inventory-{product}-{store}`.
///
/// 1 to [`StreamId::LENGTH_MAX`] characters of `a-z A-Z 0-9 - _ .`, not beginning with a dot, so that it is safe as a
/// file name. Cheap to clone, and to look up in a map: the name is hashed once, when it is made, under a seed of this
/// process, so that a caller cannot choose names that collide.
#[derive(Clone)]
pub struct StreamId {
    name: Arc<str>,
    hash: u64,
}

static HASHES: LazyLock<RandomState> = LazyLock::new(RandomState::default);

/// The characters of names.
const ALLOWED: [bool; 256] = {
    let mut allowed = [false; 256];
    let names = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    let mut place = 0;
    while place < names.len() {
        allowed[names[place] as usize] = true;
        place += 1;
    }
    allowed
};

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
        let usable = !name.is_empty()
            && name.len() <= Self::LENGTH_MAX
            && !name.starts_with('.')
            && name.bytes().all(|byte| ALLOWED[usize::from(byte)]);
        if !usable {
            return Err(InvalidStreamId { name: name.to_string() });
        }
        let hash = HASHES.hash_one(&*name);
        Ok(Self { name, hash })
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.name
    }
}

impl PartialEq for StreamId {
    fn eq(&self, other: &Self) -> bool {
        self.hash == other.hash && (Arc::ptr_eq(&self.name, &other.name) || self.name == other.name)
    }
}

impl Eq for StreamId {}

impl Hash for StreamId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

impl PartialOrd for StreamId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for StreamId {
    fn cmp(&self, other: &Self) -> Ordering {
        self.name.cmp(&other.name)
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl fmt::Debug for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StreamId({})", self.name)
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

counter! {
    /// Which holder of a singleton's lease it is: each holder has a greater one than all before it (a fencing token).
    ///
    /// Zero where there are no leases, because only one process can write.
    Epoch
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
