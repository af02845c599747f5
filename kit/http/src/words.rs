//! What a parser or a schema wants and gets, in people's words.

use serde_json::Value;

use crate::FaultCode;

/// Longest text that is repeated to its sender, in characters.
const TEXT_SHOWN_MAX: usize = 40;

pub(crate) const A_UUID: &str = "an id such as \"11111111-1111-1111-1111-111111111111\"";
pub(crate) const A_MOMENT: &str = "a moment such as \"2026-11-27T10:15:30Z\"";
pub(crate) const A_TEXT: &str = "a text";
pub(crate) const A_LIST: &str = "a list";
pub(crate) const AN_OBJECT: &str = "an object";
pub(crate) const TRUE_OR_FALSE: &str = "true or false";
pub(crate) const A_NUMBER: &str = "a number";
pub(crate) const A_WHOLE_NUMBER: &str = "a whole number";

/// A value as its sender sees it.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => format!("the number {number}"),
        Value::String(text) => format!("the text {:?}", short(text)),
        Value::Array(_) => A_LIST.to_owned(),
        Value::Object(_) => AN_OBJECT.to_owned(),
    }
}

/// The beginning of a text.
pub(crate) fn short(text: &str) -> String {
    match text.char_indices().nth(TEXT_SHOWN_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The name of what is wrong; the whole body has none.
pub(crate) fn named(field: &str) -> &str {
    if field.is_empty() { "the body" } else { field }
}

/// Words to choose from.
pub(crate) fn choice<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    words.into_iter().collect::<Vec<_>>().join(", ")
}

/// What a parser says, which speaks to programmers, for the one who sent the value; `actual` is what was sent.
pub(crate) fn of_parser(field: &str, message: &str, actual: Option<&Value>) -> (FaultCode, String) {
    let name = named(field);
    let but = actual.map(|value| format!(", but it is {}", shown(value))).unwrap_or_default();
    if message.starts_with("missing field ") {
        return (FaultCode::Missing, format!("{name} is missing"));
    }
    if message.starts_with("duplicate field ") {
        return (FaultCode::Duplicate, format!("{name} stands there twice: leave one out"));
    }
    if message.starts_with("unknown field ") {
        let known = match quoted(message).split_first() {
            Some((_, known)) if !known.is_empty() => choice(known.iter().copied()),
            _ => "none".to_owned(),
        };
        return (FaultCode::Unknown, format!("{name} is not known here; known are: {known}"));
    }
    if message.starts_with("unknown variant ") {
        let known = choice(quoted(message).into_iter().skip(1));
        return (FaultCode::NotAllowed, format!("{name} must be one of {known}{but}"));
    }
    let kinds = [
        ("invalid type: ", FaultCode::WrongType),
        ("invalid value: ", FaultCode::OutOfRange),
        ("invalid length ", FaultCode::WrongLength),
    ];
    for (beginning, code) in kinds {
        let said = message.strip_prefix(beginning).and_then(|said| said.rsplit_once("expected "));
        if let Some((_, wanted)) = said {
            return (code, format!("{name} must be {}{but}", kind(wanted)));
        }
    }
    if message.starts_with("UUID parsing failed") {
        return (FaultCode::WrongFormat, format!("{name} must be {A_UUID}{but}"));
    }
    if ["expected value", "expected ident"].contains(&message) {
        return (FaultCode::WrongType, format!("{name} must be {A_TEXT}{but}"));
    }
    if NO_NUMBER.contains(&message) {
        return (FaultCode::WrongType, format!("{name} must be {A_WHOLE_NUMBER}{but}"));
    }
    if message.starts_with("provided string was not `true` or `false`") {
        return (FaultCode::WrongType, format!("{name} must be {TRUE_OR_FALSE}{but}"));
    }
    (FaultCode::Invalid, format!("{name}: {message}"))
}

/// What a parser says of a text that is no JSON, for the one who wrote it.
pub(crate) fn of_syntax(message: &str) -> String {
    let said = match message {
        "" => "it cannot be read",
        "recursion limit exceeded" => "it is nested deeper than 128 levels",
        "key must be a string" => "the name of a member must be a text in double quotes",
        "trailing comma" => "there is a comma too many",
        "trailing characters" => "something follows after its end",
        "expected `:`" => "a colon is missing",
        "expected value" | "expected ident" => "a value is missing or misspelt",
        said if said.starts_with("EOF") => "it ends too early",
        said if said.starts_with("expected `,`") => "a comma or the closing bracket is missing",
        said if said.contains("number") => "a number is not written as JSON wants it",
        _ => "a text in it is not written as JSON wants it",
    };
    said.to_owned()
}

/// What the standard library says of a text that is no number, or none that fits.
const NO_NUMBER: [&str; 5] = [
    "invalid digit found in string",
    "cannot parse integer from empty string",
    "number too large to fit in target type",
    "number too small to fit in target type",
    "invalid float literal",
];

/// The words between backticks.
fn quoted(message: &str) -> Vec<&str> {
    message.split('`').skip(1).step_by(2).collect()
}

/// What a type is called by those who do not program in Rust.
fn kind(wanted: &str) -> String {
    let up_to = |most: &str| format!("a whole number from 0 to {most}");
    match wanted {
        "u8" => up_to("255"),
        "u16" => up_to("65535"),
        "u32" => up_to("4294967295"),
        "u64" | "u128" | "usize" => "a whole number, 0 or more".to_owned(),
        "i32" => "a whole number from -2147483648 to 2147483647".to_owned(),
        "i8" | "i16" | "i64" | "i128" | "isize" => A_WHOLE_NUMBER.to_owned(),
        "f32" | "f64" => A_NUMBER.to_owned(),
        "a boolean" => TRUE_OR_FALSE.to_owned(),
        "a string" | "a borrowed string" | "a character" => A_TEXT.to_owned(),
        "a sequence" => A_LIST.to_owned(),
        "a map" => AN_OBJECT.to_owned(),
        wanted if wanted.contains("UUID") => A_UUID.to_owned(),
        wanted if wanted.starts_with("struct ") => AN_OBJECT.to_owned(),
        wanted if wanted.starts_with("a tuple") || wanted.starts_with("an array") => {
            A_LIST.to_owned()
        }
        wanted if wanted.starts_with("enum ") || wanted.starts_with("string or map") => {
            A_TEXT.to_owned()
        }
        wanted => wanted.replace('`', "\""),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn text_that_is_no_json_is_told_so_in_words() {
        for (text, words) in [
            ("{", "ends too early"),
            ("[1", "ends too early"),
            ("[1 2]", "comma or the closing bracket"),
            ("[1,]", "comma too many"),
            ("{a:1}", "double quotes"),
            ("{\"a\" 1}", "colon"),
            ("[nul]", "missing or misspelt"),
            ("[x]", "missing or misspelt"),
            ("[01]", "number"),
            ("[1e999]", "number"),
            ("1 1", "after its end"),
            ("[\"\\x\"]", "a text in it"),
        ] {
            let error = serde_json::from_str::<Value>(text).unwrap_err().to_string();
            let said = of_syntax(error.split(" at line").next().unwrap());
            assert!(said.contains(words), "{text}: {error}: {said}");
        }
    }

    #[test]
    fn no_word_of_a_parser_is_left() {
        let said = |message: &str, actual: Value| of_parser("quantity", message, Some(&actual)).1;
        assert_eq!(
            said("invalid type: string \"five\", expected i64", json!("five")),
            "quantity must be a whole number, but it is the text \"five\""
        );
        assert_eq!(
            said("invalid value: integer `-1`, expected u32", json!(-1)),
            "quantity must be a whole number from 0 to 4294967295, but it is the number -1"
        );
        assert_eq!(
            said("unknown variant `b`, expected `x` or `y`", json!("b")),
            "quantity must be one of x, y, but it is the text \"b\""
        );
        assert_eq!(
            said("invalid type: map, expected a string", json!({})),
            "quantity must be a text, but it is an object"
        );
        assert_eq!(
            said("invalid digit found in string", json!("ten")),
            "quantity must be a whole number, but it is the text \"ten\""
        );
        let (_, unknown) = of_parser("colour", "unknown field `colour`, expected `a` or `b`", None);
        assert_eq!(unknown, "colour is not known here; known are: a, b");
        let (code, own) = of_parser("limit", "a page limit must be 1 to 200, got 201", None);
        assert_eq!(
            (code, own.as_str()),
            (FaultCode::Invalid, "limit: a page limit must be 1 to 200, got 201")
        );
    }
}
