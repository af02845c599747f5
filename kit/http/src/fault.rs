//! A fault of a request: where it is, of which kind, and what is wrong in people's words.

use std::fmt::Write;

use serde::Serialize;

/// One thing that is wrong with a request. A problem lists all of them as `errors`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    #[serde(flatten)]
    at: At,
    code: &'static str,
    detail: String,
}

/// Where a fault is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
enum At {
    /// In the body: a JSON pointer (RFC 6901), such as `/lines/2/quantity`.
    Pointer(String),
    /// In the path or the query: the name of the parameter.
    Parameter(String),
}

/// The kind of a fault, for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultCode {
    /// It is needed and not there.
    Missing,
    /// Nothing of this name is known here.
    Unknown,
    /// It stands there twice.
    Duplicate,
    /// It is a text where a number is wanted, say.
    WrongType,
    /// It is less or more than is allowed.
    OutOfRange,
    /// It has too few or too many characters or items.
    WrongLength,
    /// It is not written as it must be, as an id or a moment.
    WrongFormat,
    /// It is none of the words that are allowed.
    NotAllowed,
    /// It is not acceptable for another reason, which `detail` says.
    Invalid,
}

impl From<FaultCode> for &'static str {
    fn from(code: FaultCode) -> Self {
        match code {
            FaultCode::Missing => "missing",
            FaultCode::Unknown => "unknown",
            FaultCode::Duplicate => "duplicate",
            FaultCode::WrongType => "wrong-type",
            FaultCode::OutOfRange => "out-of-range",
            FaultCode::WrongLength => "wrong-length",
            FaultCode::WrongFormat => "wrong-format",
            FaultCode::NotAllowed => "not-allowed",
            FaultCode::Invalid => "invalid",
        }
    }
}

impl Fault {
    /// A fault in the body, at a JSON pointer. The code is a [`FaultCode`], or that of a problem.
    pub fn in_body(
        pointer: impl Into<String>,
        code: impl Into<&'static str>,
        detail: impl Into<String>,
    ) -> Self {
        Self { at: At::Pointer(pointer.into()), code: code.into(), detail: detail.into() }
    }

    /// A fault of a parameter of the path or the query. The code is a [`FaultCode`], or that of a problem.
    pub fn in_parameter(
        name: impl Into<String>,
        code: impl Into<&'static str>,
        detail: impl Into<String>,
    ) -> Self {
        Self { at: At::Parameter(name.into()), code: code.into(), detail: detail.into() }
    }

    /// The JSON pointer, of a fault in the body.
    pub fn pointer(&self) -> Option<&str> {
        match &self.at {
            At::Pointer(pointer) => Some(pointer),
            At::Parameter(_) => None,
        }
    }

    /// The field as people write it, such as `lines[2].quantity`; empty for the body as a whole.
    pub fn field(&self) -> String {
        match &self.at {
            At::Pointer(pointer) => field_at(pointer),
            At::Parameter(name) => name.clone(),
        }
    }

    /// What is wrong, in people's words.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// Whether both are about the same place.
    pub(crate) fn is_where(&self, other: &Self) -> bool {
        self.at == other.at
    }
}

/// A pointer with one more step.
pub(crate) fn below(pointer: &str, step: &str) -> String {
    format!("{pointer}/{}", step.replace('~', "~0").replace('/', "~1"))
}

/// A field such as `lines[2].quantity` as a JSON pointer.
pub(crate) fn pointer_to(field: &str) -> String {
    let steps = field.split(['.', '[', ']']).filter(|step| !step.is_empty());
    steps.fold(String::new(), |pointer, step| below(&pointer, step))
}

/// A JSON pointer as people write it.
pub(crate) fn field_at(pointer: &str) -> String {
    let steps = pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~"));
    steps.fold(String::new(), |mut field, step| {
        let written = match step.parse::<usize>() {
            Ok(index) => write!(field, "[{index}]"),
            Err(_) if field.is_empty() => write!(field, "{step}"),
            Err(_) => write!(field, ".{step}"),
        };
        written.map(|()| field).unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_and_fields_are_two_ways_to_write_one_place() {
        for (field, pointer) in [
            ("", ""),
            ("quantity", "/quantity"),
            ("lines[2].quantity", "/lines/2/quantity"),
            ("lines[0][1]", "/lines/0/1"),
        ] {
            assert_eq!(pointer_to(field), pointer);
            assert_eq!(field_at(pointer), field);
        }
        assert_eq!(below("/a", "b/c~d"), "/a/b~1c~0d");
        assert_eq!(field_at("/a/b~1c~0d"), "a.b/c~d");
    }

    #[test]
    fn a_fault_says_where_it_is_in_the_body_or_in_which_parameter() {
        let told = |fault: Fault| serde_json::to_value(fault).unwrap();
        let one = told(Fault::in_body("/a", FaultCode::OutOfRange, "a must be 1"));
        assert_eq!(
            one,
            serde_json::json!({ "pointer": "/a", "code": "out-of-range", "detail": "a must be 1" })
        );
        let one = told(Fault::in_parameter("limit", FaultCode::Missing, "x"));
        assert_eq!(one["parameter"], "limit");
        assert!(one.get("pointer").is_none());
    }
}
