//! The vocabulary that every crate shares: ids, time, places, barcodes, stream positions and the event envelope.
//!
//! Nothing here knows about retail, does input or output, or is asynchronous. Time and randomness are
//! traits ([`Clock`], [`IdSource`]), so that the whole system can run in a seeded simulation.

mod actor;
mod calendar;
mod caller;
mod event;
mod gtin;
mod id;
mod location;
mod scope;
mod stream;
mod time;

pub use actor::{Actor, InvalidActor};
pub use calendar::{CalendarDay, InvalidDay, TimeZone, UnknownTimeZone};
pub use caller::{Caller, Idempotency};
pub use event::{EncodedEvent, Metadata, RecordedEvent};
pub use gtin::{Gtin, GtinNumber, InvalidGtin};
pub use id::{IdSource, RandomIds};
pub use location::{InvalidLocation, Location};
pub use scope::Scope;
pub use stream::{Epoch, InvalidStreamId, Position, StreamId, Version};
pub use time::{Clock, InvalidTimestamp, SystemClock, Timestamp};

/// Declares UUID newtypes: one list per crate, so that a store's id can never be passed as a product's.
///
/// Each type has `from_uuid`, `as_uuid`, `Display`, `FromStr` (any form the `uuid` crate parses) and
/// serde as the hyphenated text.
#[macro_export]
macro_rules! uuid_ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(::uuid::Uuid);

        impl $name {
            /// Wraps a UUID.
            #[must_use]
            pub const fn from_uuid(id: ::uuid::Uuid) -> Self {
                Self(id)
            }

            /// The UUID inside.
            #[must_use]
            pub const fn as_uuid(&self) -> ::uuid::Uuid {
                self.0
            }
        }

        impl ::std::convert::From<::uuid::Uuid> for $name {
            fn from(id: ::uuid::Uuid) -> Self {
                Self(id)
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                ::uuid::Uuid::parse_str(text).map(Self)
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                ::serde::Serialize::serialize(&self.0, to)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                ::serde::Deserialize::deserialize(from).map(Self)
            }
        }
    )+};
}
