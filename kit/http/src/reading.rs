//! What a refused text did wrong, out of what the parser says of it: the place, and the words.

use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use serde_json::error::Category;
use serde_path_to_error::Segment;

use crate::fault::{below, field_at};
use crate::objects::Objects;
use crate::words::{of_parser, of_syntax};
use crate::{Fault, Problem};

/// Why a body was not read: 400 for what is no JSON, 422 for JSON of a wrong shape.
pub(crate) fn refused<T: DeserializeOwned>(body: &[u8], error: &serde_json::Error) -> Problem {
    let said = plain(error);
    let by_shape = error.classify() == Category::Data || OF_A_WORD.contains(&said.as_str());
    // a parser that does not like a shape has not seen what comes after it
    match serde_json::from_slice::<IgnoredAny>(body) {
        Err(broken) => no_json(&broken),
        Ok(_) if by_shape => Problem::fault(first_fault::<T>(body, error)),
        // a text that is skipped is not looked at as closely as one that is read
        Ok(_) => no_json(error),
    }
}

fn no_json(error: &serde_json::Error) -> Problem {
    let (line, column, said) = (error.line(), error.column(), of_syntax(&plain(error)));
    Problem::bad_request(format!("the body is not JSON: line {line}, column {column}: {said}"))
}

/// What `serde_json` says of a number or a list where one of several words is wanted, as if it were no JSON.
const OF_A_WORD: [&str; 2] = ["expected value", "expected ident"];

/// The fault that a parser stopped at.
fn first_fault<T: DeserializeOwned>(body: &[u8], error: &serde_json::Error) -> Fault {
    let mut json = serde_json::Deserializer::from_slice(body);
    let located = serde_path_to_error::deserialize::<_, T>(Objects(&mut json)).err();
    let steps = located.iter().flat_map(|located| located.path().iter());
    let mut pointer = steps.fold(String::new(), |pointer, step| match step {
        Segment::Seq { index } => format!("{pointer}/{index}"),
        Segment::Map { key } => below(&pointer, key),
        Segment::Enum { .. } | Segment::Unknown => pointer,
    });
    let said = plain(error);
    // a parser that keeps a value for later says the place in words
    let (inner, said) = match said.split_once(": ") {
        Some((name, rest)) if !name.contains(' ') => (Some(name), rest),
        _ => (named_by(&said), said.as_str()),
    };
    if let Some(name) = inner
        && pointer.rsplit('/').next() != Some(name)
    {
        pointer = below(&pointer, name);
    }
    let whole: Option<Value> = serde_json::from_slice(body).ok();
    let actual = whole.as_ref().and_then(|whole| whole.pointer(&pointer));
    let (code, detail) = of_parser(&field_at(&pointer), said, actual);
    Fault::in_body(pointer, code, detail)
}

/// What is wrong, without the place.
fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&place).unwrap_or(&text).to_owned()
}

/// The field that a parser names in its message, where the path ends at the object around it.
fn named_by(message: &str) -> Option<&str> {
    let name = ["missing field `", "duplicate field `", "unknown field `"]
        .iter()
        .find_map(|prefix| message.strip_prefix(prefix))?;
    name.split_once('`').map(|(name, _)| name)
}

/// Why a query string was not read.
pub(crate) fn query_refused(query: &str, said: &str) -> Problem {
    let located = said.split_once(": ").filter(|(field, _)| !field.contains(' '));
    let (field, said) = match located {
        Some((field, said)) => (field, said),
        None => match named_by(said) {
            Some(field) => (field, said),
            None => return Problem::unprocessable(format!("query: {said}")),
        },
    };
    let actual = query.split('&').filter_map(|pair| pair.split_once('='));
    let actual = actual.filter(|(name, _)| *name == field).map(|(_, value)| value).next_back();
    let actual = actual.map(|value| {
        let value = value.replace('+', " ");
        Value::from(percent_encoding::percent_decode_str(&value).decode_utf8_lossy())
    });
    let (code, detail) = of_parser(field, said, actual.as_ref());
    Problem::fault(Fault::in_parameter(field, code, detail))
}
