//! What the events of a stock level say: a reading of the stored JSON that shares nothing with the product's codec.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};
use uuid::Uuid;

use super::entry::{Broken, Entry, Invariant};

/// The only version of the shapes so far.
const SCHEMA_VERSION: u16 = 1;

/// Prefix of the streams of stock levels.
const PREFIX: &str = "inventory-";

/// Length of an id in a stream's name.
const ID_LENGTH: usize = 36;

/// An event of a stock level. Units are as stored: not checked yet.
pub(super) enum Payload<'a> {
    Added(Added<'a>),
    Reserved(Reserved<'a>),
    Committed(Committed<'a>),
    Released(Released),
    Extended(Extended),
    Adjusted(Adjusted),
    PolicyChanged(PolicyChanged),
    TransferredOut(TransferredOut),
    TransferredIn(TransferredIn),
}

impl Payload<'_> {
    /// Whether it sells or gives back a part of what a reservation holds, and leaves the rest held.
    pub(super) const fn is_part(&self) -> bool {
        match self {
            Self::Committed(committed) => committed.kept > 0,
            Self::Released(released) => released.kept > 0,
            _ => false,
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Added<'a> {
    pub(super) quantity: i64,
    #[serde(borrow, default)]
    pub(super) reference: Option<Cow<'a, str>>,
    #[serde(default)]
    pub(super) effect: Option<Effect>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Reserved<'a> {
    pub(super) reservation_id: Uuid,
    pub(super) quantity: i64,
    pub(super) created_at: Millis,
    pub(super) expires_at: Millis,
    #[serde(borrow, default)]
    pub(super) order_id: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Committed<'a> {
    pub(super) reservation_id: Uuid,
    pub(super) quantity: i64,
    pub(super) returned: i64,
    #[serde(default)]
    pub(super) kept: i64,
    #[serde(borrow)]
    pub(super) transaction_id: Cow<'a, str>,
    #[serde(default)]
    pub(super) effect: Option<Effect>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Released {
    pub(super) reservation_id: Uuid,
    pub(super) quantity: i64,
    #[serde(default)]
    pub(super) kept: i64,
    pub(super) cause: Cause,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Cause {
    Cancelled,
    Expired,
    PartialCommit,
    Shortage,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Extended {
    pub(super) reservation_id: Uuid,
    pub(super) expires_at: Millis,
}

#[derive(Deserialize)]
pub(super) struct Adjusted {
    pub(super) delta: i64,
    #[serde(default)]
    pub(super) counted: Option<i64>,
    #[serde(default)]
    pub(super) effect: Option<Effect>,
}

/// What a physical fact changed, where the event says so: it was told late, or does not do what it says.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Effect {
    pub(super) on_hand: i64,
    #[serde(default)]
    pub(super) shortfall: i64,
    #[serde(default)]
    pub(super) included_in_count_of: Option<Millis>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PolicyChanged {
    pub(super) safety_stock: i64,
    pub(super) reorder_point: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TransferredOut {
    pub(super) transfer_id: Uuid,
    pub(super) reservation_id: Uuid,
    pub(super) quantity: i64,
    pub(super) to_store_id: Uuid,
    #[serde(default)]
    pub(super) effect: Option<Effect>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TransferredIn {
    pub(super) transfer_id: Uuid,
    pub(super) quantity: i64,
    pub(super) from_store_id: Uuid,
    #[serde(default)]
    pub(super) effect: Option<Effect>,
}

/// Reads what an event says.
pub(super) fn parse<'a>(entry: &Entry<'a>) -> Result<Payload<'a>, Broken> {
    let unreadable = |why: String| Broken {
        invariant: Invariant::I5,
        message: format!("{} cannot be read: {why}", entry.event_type),
    };
    if entry.schema_version != SCHEMA_VERSION {
        let found = entry.schema_version;
        return Err(unreadable(format!(
            "its shape has version {found}, this program knows {SCHEMA_VERSION}: use a newer one"
        )));
    }
    let data = entry.data;
    let parsed = match entry.event_type {
        "StockAddedEvent" => serde_json::from_str(data).map(Payload::Added),
        "StockReservedEvent" => serde_json::from_str(data).map(Payload::Reserved),
        "StockCommittedEvent" => serde_json::from_str(data).map(Payload::Committed),
        "StockReleasedEvent" => serde_json::from_str(data).map(Payload::Released),
        "ReservationExtendedEvent" => serde_json::from_str(data).map(Payload::Extended),
        "StockAdjustedEvent" => serde_json::from_str(data).map(Payload::Adjusted),
        "StockPolicyChangedEvent" => serde_json::from_str(data).map(Payload::PolicyChanged),
        "StockTransferredOutEvent" => serde_json::from_str(data).map(Payload::TransferredOut),
        "StockTransferredInEvent" => serde_json::from_str(data).map(Payload::TransferredIn),
        _ => return Err(unreadable("a stock level has no such event".to_owned())),
    };
    parsed.map_err(|error| unreadable(error.to_string()))
}

/// The product and the store of a stock level's stream; `None` for streams of other things.
pub(super) fn parse_stream(name: &str) -> Result<Option<(Uuid, Uuid)>, Broken> {
    let Some(ids) = name.strip_prefix(PREFIX) else { return Ok(None) };
    let separated = ids.as_bytes().get(ID_LENGTH) == Some(&b'-');
    let product = ids.get(..ID_LENGTH).and_then(lower_case_id).filter(|_| separated);
    let store = ids.get(ID_LENGTH + 1..).and_then(lower_case_id);
    match (product, store) {
        (Some(product), Some(store)) => Ok(Some((product, store))),
        _ => Err(Broken {
            invariant: Invariant::I5,
            message: format!("the stream is not named {PREFIX}(product id)-(store id)"),
        }),
    }
}

/// The name of a stock level's stream.
pub(super) fn stream_name(product: Uuid, store: Uuid) -> String {
    format!("{PREFIX}{product}-{store}")
}

fn lower_case_id(text: &str) -> Option<Uuid> {
    let lower = text.len() == ID_LENGTH && !text.bytes().any(|byte| byte.is_ascii_uppercase());
    if lower { Uuid::try_parse(text).ok() } else { None }
}

/// Milliseconds since 1970, written like `2026-11-27T00:00:00.000Z` and in no other way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Millis(pub(super) i64);

impl<'de> Deserialize<'de> for Millis {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Millis;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time like 2026-11-27T00:00:00.000Z")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Millis, E> {
                let millis = parse_millis(text.as_bytes()).map(Millis);
                millis.ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
            }
        }
        from.deserialize_str(Text)
    }
}

fn parse_millis(text: &[u8]) -> Option<i64> {
    const SHAPE: &[u8; 24] = b"0000-00-00T00:00:00.000Z";
    let text: &[u8; 24] = text.try_into().ok()?;
    let fits = |(byte, shape): (&u8, &u8)| match shape {
        b'0' => byte.is_ascii_digit(),
        mark => byte == mark,
    };
    if !text.iter().zip(SHAPE).all(fits) {
        return None;
    }
    let number =
        |digits: &[u8]| digits.iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'));
    let (year, month, day) = (number(&text[..4]), number(&text[5..7]), number(&text[8..10]));
    let (hour, minute, second) =
        (number(&text[11..13]), number(&text[14..16]), number(&text[17..19]));
    let in_range = (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    let seconds = ((days_since_1970(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
    in_range.then(|| seconds * 1_000 + number(&text[20..23]))
}

/// Days from 1970-01-01 in the Gregorian calendar; years begin in March, so that a leap day is the last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (century, year_of_400) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_400 = year_of_400 * 365 + year_of_400 / 4 - year_of_400 / 100 + day_of_year;
    century * 146_097 + day_of_400 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_they_are_written() {
        let moments =
            [0, 1, -1, 951_782_399_999, 951_782_400_000, 1_764_201_600_123, 4_107_542_400_000];
        for millis in moments.into_iter().chain([-62_167_219_200_000, 253_402_207_199_999]) {
            let text = format!("{:.3}", jiff::Timestamp::from_millisecond(millis).unwrap());
            assert_eq!(parse_millis(text.as_bytes()), Some(millis), "{text}");
        }
        for text in ["", "2026-11-27", "2026-13-01T00:00:00.000Z", "2026-11-27T00:00:00.000+"] {
            assert_eq!(parse_millis(text.as_bytes()), None, "{text} must be refused");
        }
    }

    #[test]
    fn stream_names_have_one_spelling() {
        let (product, store) = (Uuid::from_u128(0xA), Uuid::from_u128(0xB));
        let name = stream_name(product, store);
        assert_eq!(parse_stream(&name).unwrap(), Some((product, store)));
        assert_eq!(parse_stream("store-1").unwrap(), None);
        for bad in [&name[..name.len() - 1], &name.replace('a', "A"), "inventory-", "inventory-ä"]
        {
            assert!(parse_stream(bad).is_err(), "{bad} must be refused");
        }
    }
}
