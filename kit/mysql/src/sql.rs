//! Statements as text: ids and numbers need no quotes, text is escaped by the driver.
//!
//! Several statements are sent at once, which prepared ones cannot be.

use kit_core::{StreamId, Timestamp};
use kit_event_store::ClaimKey;
use kit_event_store::shared_log::stream_key;
use mysql_async::Value;
use uuid::Uuid;

/// Text in quotes. Sessions have an SQL mode in which a backslash escapes.
pub(crate) fn text(value: &str) -> String {
    Value::from(value).as_sql(false)
}

/// Text that may be missing.
pub(crate) fn optional_text(value: Option<&str>) -> String {
    value.map_or_else(|| "NULL".to_owned(), text)
}

/// A time that may be missing.
pub(crate) fn optional_time(value: Option<Timestamp>) -> String {
    value.map_or_else(|| "NULL".to_owned(), |time| time.as_millis().to_string())
}

/// Bytes, such as a key that is compared byte by byte.
pub(crate) fn bytes(value: &[u8]) -> String {
    format!("x'{}'", hex(value))
}

/// An id.
pub(crate) fn id(value: Uuid) -> String {
    format!("x'{}'", value.simple())
}

/// The key of a stream.
pub(crate) fn stream(value: &StreamId) -> String {
    id(stream_key(value))
}

/// The keys of streams as a JSON list, for `JSON_TABLE`.
pub(crate) fn stream_list<'a>(streams: impl IntoIterator<Item = &'a StreamId>) -> String {
    let keys = streams.into_iter().map(|stream| format!("\"{}\"", stream_key(stream).simple()));
    format!("'[{}]'", keys.collect::<Vec<_>>().join(","))
}

/// Namespaces and names of claims as a JSON list of pairs, for `JSON_TABLE`.
pub(crate) fn key_list<'a>(keys: impl IntoIterator<Item = &'a ClaimKey>) -> String {
    let pair = |key: &ClaimKey| {
        format!("[\"{}\",\"{}\"]", hex(key.namespace.as_bytes()), hex(key.key.as_bytes()))
    };
    format!("'[{}]'", keys.into_iter().map(pair).collect::<Vec<_>>().join(","))
}

fn hex(value: &[u8]) -> String {
    let mut text = String::with_capacity(2 * value.len());
    for byte in value {
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from_digit(digit.into(), 16).unwrap_or_default());
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_hex_and_text_is_escaped() {
        assert_eq!(bytes(&[0, 0x1f, 0xa0, 255]), "x'001fa0ff'");
        assert_eq!(text("it's a \\ \0"), r"'it\'s a \\ \0'");
        assert_eq!(optional_text(None), "NULL");
        let keys = [ClaimKey::new("a", "b"), ClaimKey::new("c", "'")];
        assert_eq!(key_list(&keys), r#"'[["61","62"],["63","27"]]'"#);
    }
}
